import {
  choice,
  enumeration,
  exactly,
  explicit,
  flag,
  named,
  octetString,
  optional,
  sequence,
  type ValueOf,
} from '../ber/index.ts'
import { EidValue, TransactionId } from '../sgp22/index.ts'
import {
  EimAcknowledgements,
  EprAndNotifications,
  IpaEuiccDataRequest,
  IpaEuiccDataResponse,
  ProfileDownloadTriggerRequest,
  ProfileDownloadTriggerResult,
} from './eim-packages.ts'
import {
  AuthenticateClientRequestEsipa,
  AuthenticateClientResponseEsipa,
  CancelSessionRequestEsipa,
  CancelSessionResponseEsipa,
  GetBoundProfilePackageRequestEsipa,
  GetBoundProfilePackageResponseEsipa,
  InitiateAuthenticationRequestEsipa,
  InitiateAuthenticationResponseEsipa,
} from './esipa-sessions.ts'
import { EuiccPackageRequest, EuiccPackageResult } from './packages.ts'
import { PendingNotification } from './sessions.ts'

/** ESipa, ASN.1 binding: SGP.32 v1.2, 5.14 and 6.3. */

/** GetEimPackageRequest: 5.14.5. stateChangeCause comes with notifyStateChange only. rPLMN is coded as in 3GPP TS 24.008. */
export const GetEimPackageRequest = named(
  'GetEimPackageRequest',
  sequence(0xbf4f, {
    eidValue: EidValue,
    notifyStateChange: optional(flag(0x80)),
    stateChangeCause: optional(
      enumeration(0x81, {
        otherEim: 0,
        fallback: 1,
        emergencyProfile: 2,
        local: 3,
        reset: 4,
        immediateEnableProfile: 5,
        deviceChange: 6,
        undefined: 127,
      }),
    ),
    rPLMN: optional(octetString(0x82, exactly(3))),
  }),
)
export type GetEimPackageRequest = ValueOf<typeof GetEimPackageRequest>

/** GetEimPackageResponse: 5.14.5. */
export const GetEimPackageResponse = explicit(
  0xbf4f,
  choice('GetEimPackageResponse', {
    euiccPackageRequest: EuiccPackageRequest,
    ipaEuiccDataRequest: IpaEuiccDataRequest,
    profileDownloadTriggerRequest: ProfileDownloadTriggerRequest,
    eimPackageError: enumeration(0x02, {
      noEimPackageAvailable: 1,
      eidNotFound: 2,
      invalidEid: 3,
      missingEid: 4,
      undefinedError: 127,
    }),
  }),
)
export type GetEimPackageResponse = ValueOf<typeof GetEimPackageResponse>

/** ProvideEimPackageResult: 5.14.6. Without eidValue it is also the form of SGP.32 v1.0. */
export const ProvideEimPackageResult = named(
  'ProvideEimPackageResult',
  sequence(0xbf50, {
    eidValue: optional(EidValue),
    eimPackageResult: choice('EimPackageResult', {
      euiccPackageResult: EuiccPackageResult,
      ePRAndNotifications: EprAndNotifications,
      ipaEuiccDataResponse: IpaEuiccDataResponse,
      profileDownloadTriggerResult: ProfileDownloadTriggerResult,
      eimPackageResultResponseError: sequence(0xa0, {
        eimTransactionId: optional(TransactionId),
        eimPackageResultErrorCode: enumeration(0x02, {
          invalidPackageFormat: 1,
          unknownPackage: 2,
          undefinedError: 127,
        }),
      }),
    }),
  }),
)
export type ProvideEimPackageResult = ValueOf<typeof ProvideEimPackageResult>

/** ProvideEimPackageResultResponse: 5.14.6. */
export const ProvideEimPackageResultResponse = explicit(
  0xbf50,
  choice('ProvideEimPackageResultResponse', {
    eimAcknowledgements: EimAcknowledgements,
    emptyResponse: sequence(0x30, {}),
    provideEimPackageResultError: enumeration(0x02, {
      eidNotFound: 2,
      invalidEid: 3,
      missingEid: 4,
      undefinedError: 127,
    }),
  }),
)
export type ProvideEimPackageResultResponse = ValueOf<typeof ProvideEimPackageResultResponse>

/** TransferEimPackageRequest. */
export const TransferEimPackageRequest = explicit(
  0xbf4e,
  choice('TransferEimPackageRequest', {
    euiccPackageRequest: EuiccPackageRequest,
    ipaEuiccDataRequest: IpaEuiccDataRequest,
    eimAcknowledgements: EimAcknowledgements,
    profileDownloadTriggerRequest: ProfileDownloadTriggerRequest,
  }),
)
export type TransferEimPackageRequest = ValueOf<typeof TransferEimPackageRequest>

/** TransferEimPackageResponse. */
export const TransferEimPackageResponse = explicit(
  0xbf4e,
  choice('TransferEimPackageResponse', {
    euiccPackageResult: EuiccPackageResult,
    ePRAndNotifications: EprAndNotifications,
    ipaEuiccDataResponse: IpaEuiccDataResponse,
    eimPackageReceived: flag(),
    eimPackageError: enumeration(0x02, { invalidPackageFormat: 1, unknownPackage: 2, undefinedError: 127 }),
  }),
)
export type TransferEimPackageResponse = ValueOf<typeof TransferEimPackageResponse>

/** HandleNotificationEsipa. It has no answer. */
export const HandleNotificationEsipa = explicit(
  0xbf3d,
  choice('HandleNotificationEsipa', {
    pendingNotification: explicit(0xa0, PendingNotification),
    provideEimPackageResult: ProvideEimPackageResult,
  }),
)
export type HandleNotificationEsipa = ValueOf<typeof HandleNotificationEsipa>

/** Functions of an RSP session, which all versions have in common. */
export const sessionRequests = {
  initiateAuthenticationRequestEsipa: InitiateAuthenticationRequestEsipa,
  authenticateClientRequestEsipa: AuthenticateClientRequestEsipa,
  getBoundProfilePackageRequestEsipa: GetBoundProfilePackageRequestEsipa,
  cancelSessionRequestEsipa: CancelSessionRequestEsipa,
}

export const sessionResponses = {
  initiateAuthenticationResponseEsipa: InitiateAuthenticationResponseEsipa,
  authenticateClientResponseEsipa: AuthenticateClientResponseEsipa,
  getBoundProfilePackageResponseEsipa: GetBoundProfilePackageResponseEsipa,
  cancelSessionResponseEsipa: CancelSessionResponseEsipa,
}

/** EsipaMessageFromIpaToEim. */
export const EsipaMessageFromIpaToEim = choice('EsipaMessageFromIpaToEim', {
  ...sessionRequests,
  handleNotificationEsipa: HandleNotificationEsipa,
  transferEimPackageResponse: TransferEimPackageResponse,
  getEimPackageRequest: GetEimPackageRequest,
  provideEimPackageResult: ProvideEimPackageResult,
})
export type EsipaMessageFromIpaToEim = ValueOf<typeof EsipaMessageFromIpaToEim>

/** EsipaMessageFromEimToIpa. */
export const EsipaMessageFromEimToIpa = choice('EsipaMessageFromEimToIpa', {
  ...sessionResponses,
  transferEimPackageRequest: TransferEimPackageRequest,
  getEimPackageResponse: GetEimPackageResponse,
  provideEimPackageResultResponse: ProvideEimPackageResultResponse,
})
export type EsipaMessageFromEimToIpa = ValueOf<typeof EsipaMessageFromEimToIpa>
