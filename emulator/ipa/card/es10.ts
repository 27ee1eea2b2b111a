import {
  type AnySchema,
  captured,
  choice,
  encode,
  enumeration,
  explicit,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  slice,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import { isSuccess, statusWords } from '../../../protocol/codes/index.ts'
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  CancelSessionRequest,
  CancelSessionResponse,
  EUICCInfo1,
  EuiccConfiguredAddressesRequest,
  EuiccConfiguredAddressesResponse,
  GetEuiccChallengeRequest,
  GetEuiccChallengeResponse,
  GetEuiccDataRequest,
  GetEuiccDataResponse,
  GetEuiccInfo1Request,
  GetEuiccInfo2Request,
  GetRatRequest,
  GetRatResponse,
  NotificationSentRequest,
  NotificationSentResponse,
  PendingNotification,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
  ProfileInfoListRequest,
  ProfileInstallationResult,
} from '../../../protocol/sgp22/index.ts'
import {
  AddInitialEimRequest,
  AddInitialEimResponse,
  ConfigureImmediateProfileEnablingRequest,
  ConfigureImmediateProfileEnablingResponse,
  DisableEmergencyProfileRequest,
  DisableEmergencyProfileResponse,
  EnableEmergencyProfileRequest,
  EnableEmergencyProfileResponse,
  EUICCInfo2,
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  EuiccPackageRequest,
  EuiccPackageResult,
  ExecuteFallbackMechanismRequest,
  ExecuteFallbackMechanismResponse,
  GetCertsRequest,
  GetCertsResponse,
  GetEimConfigurationDataRequest,
  GetEimConfigurationDataResponse,
  ImmediateEnableRequest,
  ImmediateEnableResponse,
  ProfileInfoListResponse,
  ProfileRollbackRequest,
  RetrieveNotificationsListRequest,
  ReturnFromFallbackRequest,
  ReturnFromFallbackResponse,
} from '../../../protocol/sgp32/index.ts'
import type { Trace } from '../../ports/index.ts'
import { type Answer, type Failure, failure, read } from '../answer.ts'
import type { ApduAnswer } from './apdu.ts'
import { type IsdrChannel, storeData } from './store-data.ts'

const notificationList = sequenceOf(0xa0, slice(PendingNotification))
const packageResultList = (tag: number) => sequenceOf(tag, slice(EuiccPackageResult))

/**
 * RetrieveNotificationsListResponse with its elements as octets: they are passed on as the card wrote them. The last alternative is one of SGP.32
 * v1.0.1 only.
 */
const RetrieveNotificationsListResponse = explicit(
  0xbf2b,
  choice('RetrieveNotificationsListResponse', {
    notificationList,
    notificationsListResultError: enumeration(0x81, { undefinedError: 127 }),
    euiccPackageResultList: packageResultList(0xa2),
    notificationAndEprList: sequence(0xa3, { notificationList, euiccPackageResultList: packageResultList(0xa1) }),
  }),
)

/** ProfileRollbackResponse with the result as octets. */
const ProfileRollbackResponse = sequence(0xbf58, {
  cmdResult: enumeration(0x02, { ok: 0, rollbackNotAllowed: 1, catBusy: 5, commandError: 7, undefinedError: 127 }),
  eUICCPackageResult: optional(captured(EuiccPackageResult)),
})

interface Row {
  readonly request: AnySchema
  readonly response: AnySchema
}

/** ES10a, ES10b and ES10c functions that the IPA uses: SGP.22 v2.5, 5.7; SGP.32 v1.2, 5.9. */
const es10Functions = {
  GetEuiccConfiguredAddresses: { request: EuiccConfiguredAddressesRequest, response: EuiccConfiguredAddressesResponse },
  GetEUICCChallenge: { request: GetEuiccChallengeRequest, response: GetEuiccChallengeResponse },
  GetEUICCInfo1: { request: GetEuiccInfo1Request, response: EUICCInfo1 },
  GetEUICCInfo2: { request: GetEuiccInfo2Request, response: EUICCInfo2 },
  GetRAT: { request: GetRatRequest, response: GetRatResponse },
  AuthenticateServer: { request: AuthenticateServerRequest, response: AuthenticateServerResponse },
  PrepareDownload: { request: PrepareDownloadRequest, response: PrepareDownloadResponse },
  CancelSession: { request: CancelSessionRequest, response: CancelSessionResponse },
  RetrieveNotificationsList: { request: RetrieveNotificationsListRequest, response: RetrieveNotificationsListResponse },
  RemoveNotificationFromList: { request: NotificationSentRequest, response: NotificationSentResponse },
  GetEID: { request: GetEuiccDataRequest, response: GetEuiccDataResponse },
  GetProfilesInfo: { request: ProfileInfoListRequest, response: ProfileInfoListResponse },
  GetCerts: { request: GetCertsRequest, response: GetCertsResponse },
  GetEimConfigurationData: { request: GetEimConfigurationDataRequest, response: GetEimConfigurationDataResponse },
  AddInitialEim: { request: AddInitialEimRequest, response: AddInitialEimResponse },
  ProfileRollback: { request: ProfileRollbackRequest, response: ProfileRollbackResponse },
  ExecuteFallbackMechanism: { request: ExecuteFallbackMechanismRequest, response: ExecuteFallbackMechanismResponse },
  ImmediateEnable: { request: ImmediateEnableRequest, response: ImmediateEnableResponse },
  ConfigureImmediateProfileEnabling: {
    request: ConfigureImmediateProfileEnablingRequest,
    response: ConfigureImmediateProfileEnablingResponse,
  },
  EnableEmergencyProfile: { request: EnableEmergencyProfileRequest, response: EnableEmergencyProfileResponse },
  DisableEmergencyProfile: { request: DisableEmergencyProfileRequest, response: DisableEmergencyProfileResponse },
  EuiccMemoryReset: { request: EuiccMemoryResetRequest, response: EuiccMemoryResetResponse },
  ReturnFromFallback: { request: ReturnFromFallbackRequest, response: ReturnFromFallbackResponse },
  LoadEuiccPackage: { request: EuiccPackageRequest, response: EuiccPackageResult },
} as const satisfies Readonly<Record<string, Row>>

type Functions = typeof es10Functions
type FunctionName = keyof Functions

export interface Es10 {
  call<F extends FunctionName>(
    name: F,
    request: ValueOf<Functions[F]['request']>,
  ): Promise<Answer<ValueOf<Functions[F]['response']>>>
  /** The same with a request that somebody else has encoded: it reaches the card as it is. */
  pass<F extends FunctionName>(name: F, request: Uint8Array): Promise<Answer<ValueOf<Functions[F]['response']>>>
  /** LoadBoundProfilePackage: one segment. The value is undefined while the card waits for more. */
  loadSegment(segment: Uint8Array): Promise<Answer<ProfileInstallationResult | undefined>>
}

/** The functions of the ISD-R behind a logical channel. A status word other than success is a refusal. */
export function createEs10(isdr: IsdrChannel, trace: Trace | undefined): Es10 {
  const pass: Es10['pass'] = async (name, request) => {
    const answer = await perform({ isdr, trace, name, request })
    if ('kind' in answer) return answer
    return read(
      'ES10',
      es10Functions[name].response as unknown as Schema<ValueOf<Functions[typeof name]['response']>>,
      answer.data,
    )
  }
  return {
    pass,
    call: (name, request) =>
      pass(name, encode(es10Functions[name].request as unknown as Schema<typeof request>, request)),
    async loadSegment(segment) {
      const answer = await perform({ isdr, trace, name: 'LoadBoundProfilePackage', request: segment })
      if ('kind' in answer) return answer
      if (answer.data.length === 0) return { kind: 'answer', value: undefined, octets: answer.data }
      return read('ES10', ProfileInstallationResult, answer.data)
    },
  }
}

interface Command {
  readonly isdr: IsdrChannel
  readonly trace: Trace | undefined
  readonly name: string
  readonly request: Uint8Array
}

async function perform({ isdr, trace, name, request }: Command): Promise<{ data: Uint8Array } | Failure> {
  trace?.record({ interface: 'ES10', from: 'IPA', to: 'eUICC', operation: name, octets: request })
  const answer = await storeData(isdr, request)
  trace?.record({
    interface: 'ES10',
    from: 'eUICC',
    to: 'IPA',
    operation: name,
    status: answer.status,
    octets: answer.data,
  })
  return dataOf(answer)
}

/** The data of a command that was carried out. */
export function dataOf({ data, statusWord, status }: ApduAnswer): { data: Uint8Array } | Failure {
  if (statusWord === undefined || channelLost.has(statusWord)) return failure('ES10', 'unreachable', status)
  return isSuccess(statusWord) ? { data } : { ...failure('ES10', 'refused', status), statusWord }
}

/**
 * The card was reset behind our back: the channel is closed, or something else than the ISD-R is selected on it. Unverified: which of these a
 * card answers.
 */
const channelLost: ReadonlySet<number> = new Set([
  statusWords.logicalChannelNotSupported,
  statusWords.secureMessagingNotSupported,
  statusWords.conditionsNotSatisfied,
])
