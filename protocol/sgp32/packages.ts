import {
  type ChoiceValue,
  captured,
  choice,
  enumeration,
  explicit,
  flag,
  integer,
  named,
  octetString,
  oid,
  optional,
  retag,
  type Schema,
  sequence,
  sequenceOf,
  type TaggedSchema,
  utf8String,
  type ValueOf,
} from '../ber/index.ts'
import {
  EidValue,
  Iccid,
  ProfileInfoListRequest,
  RulesAuthorisationTable,
  Signature,
  TransactionId,
} from '../sgp22/index.ts'
import { EimConfigurationData, EimId, EimIdType } from './eim-configuration.ts'
import { ProfileInfoListResponse } from './profiles.ts'

/** eUICC Packages: SGP.32 v1.2, 2.11, carried by ES10b.LoadEuiccPackage, 5.9.1. What a signature covers is captured. */

export const EimTransactionId = retag(0x82, TransactionId)

/** SetDefaultDpAddressRequest, of ES10b and as PSMO: 5.9.25. */
export const SetDefaultDpAddressRequest = named(
  'SetDefaultDpAddressRequest',
  sequence(0xbf65, { defaultDpAddress: utf8String(0x80) }),
)
export type SetDefaultDpAddressRequest = ValueOf<typeof SetDefaultDpAddressRequest>

/** SetDefaultDpAddressResponse: 5.9.25. */
export const SetDefaultDpAddressResponse = named(
  'SetDefaultDpAddressResponse',
  sequence(0xbf65, { setDefaultDpAddressResult: enumeration(0x80, { ok: 0, undefinedError: 127 }) }),
)
export type SetDefaultDpAddressResponse = ValueOf<typeof SetDefaultDpAddressResponse>

/** Of every version; v1.0.1 calls the last configureAutoEnable. */
export const psmos = {
  enable: sequence(0xa3, { iccid: Iccid, rollbackFlag: optional(flag()) }),
  disable: sequence(0xa4, { iccid: Iccid }),
  delete: sequence(0xa5, { iccid: Iccid }),
  listProfileInfo: ProfileInfoListRequest,
  getRAT: sequence(0xa6, {}),
  configureImmediateEnable: sequence(0xa7, {
    immediateEnableFlag: optional(flag(0x80)),
    defaultSmdpOid: optional(oid(0x81)),
    defaultSmdpAddress: optional(utf8String(0x82)),
  }),
}

/** Psmo: 2.11.1.1.3. One profile state management operation. */
export const Psmo = choice('Psmo', {
  ...psmos,
  setFallbackAttribute: sequence(0xa8, { iccid: Iccid }),
  unsetFallbackAttribute: sequence(0xa9, {}),
  setDefaultDpAddress: SetDefaultDpAddressRequest,
})
export type Psmo = ValueOf<typeof Psmo>

/** Eco: 2.11.1.1.2. One eIM configuration operation. */
export const Eco = choice('Eco', {
  addEim: retag(0xa8, EimConfigurationData),
  deleteEim: sequence(0xa9, { eimId: utf8String(0x80) }),
  updateEim: retag(0xaa, EimConfigurationData),
  listEim: sequence(0xab, {}),
})
export type Eco = ValueOf<typeof Eco>

/** EuiccPackage. */
export const EuiccPackage = choice('EuiccPackage', { psmoList: sequenceOf(0xa0, Psmo), ecoList: sequenceOf(0xa1, Eco) })
export type EuiccPackage = ValueOf<typeof EuiccPackage>

/** EuiccPackageSigned. */
const euiccPackageSigned = named(
  'EuiccPackageSigned',
  sequence(0x30, {
    eimId: EimId,
    eidValue: EidValue,
    counterValue: integer(0x81),
    eimTransactionId: optional(EimTransactionId),
    euiccPackage: EuiccPackage,
  }),
)
export interface EuiccPackageSigned extends ValueOf<typeof euiccPackageSigned> {}
export const EuiccPackageSigned: TaggedSchema<EuiccPackageSigned> = euiccPackageSigned

/** EuiccPackageRequest: 2.11.1.1. The signature also covers the association token, which is not sent. */
const euiccPackageRequest = named(
  'EuiccPackageRequest',
  sequence(0xbf51, { euiccPackageSigned: captured(EuiccPackageSigned), eimSignature: Signature }),
)
export interface EuiccPackageRequest extends ValueOf<typeof euiccPackageRequest> {}
export const EuiccPackageRequest: TaggedSchema<EuiccPackageRequest> = euiccPackageRequest

/** AddEimResult. The token is the one that the eUICC made when it was asked to. */
const AddEimResult = choice('AddEimResult', {
  associationToken: integer(0x84),
  addEimResultCode: enumeration(0x02, {
    ok: 0,
    insufficientMemory: 1,
    associatedEimAlreadyExists: 2,
    ciPKUnknown: 3,
    invalidAssociationToken: 5,
    counterValueOutOfRange: 6,
    commandError: 7,
    undefinedError: 127,
  }),
})

/** ListEimResult. eimIdType is present for identifiers that are an OID or an FQDN; its tag is not that of every version. */
export const listEimResult = (eimIdType: 0x82 | 0x84) =>
  explicit(
    0xab,
    choice('ListEimResult', {
      eimIdList: sequenceOf(
        0xa0,
        named('EimIdInfo', sequence(0x30, { eimId: EimId, eimIdType: optional(retag(eimIdType, EimIdType)) })),
      ),
      listEimError: enumeration(0x81, { undefinedError: 127 }),
    }),
  )

export const euiccResults = {
  enableResult: enumeration(0x83, {
    ok: 0,
    iccidOrAidNotFound: 1,
    profileNotInDisabledState: 2,
    disallowedByPolicy: 3,
    catBusy: 5,
    rollbackNotAvailable: 20,
    undefinedError: 127,
  }),
  disableResult: enumeration(0x84, {
    ok: 0,
    iccidOrAidNotFound: 1,
    profileNotInEnabledState: 2,
    disallowedByPolicy: 3,
    catBusy: 5,
    undefinedError: 127,
  }),
  deleteResult: enumeration(0x85, {
    ok: 0,
    iccidOrAidNotFound: 1,
    profileNotInDisabledState: 2,
    disallowedByPolicy: 3,
    rollbackNotAvailable: 20,
    returnFallbackProfile: 21,
    undefinedError: 127,
  }),
  listProfileInfoResult: ProfileInfoListResponse,
  getRATResult: retag(0xa6, RulesAuthorisationTable),
  configureImmediateEnableResult: enumeration(0x87, {
    ok: 0,
    insufficientMemory: 1,
    commandError: 7,
    undefinedError: 127,
  }),
  addEimResult: explicit(0xa8, AddEimResult),
  deleteEimResult: enumeration(0x89, {
    ok: 0,
    eimNotFound: 1,
    lastEimDeleted: 2,
    commandError: 7,
    undefinedError: 127,
  }),
  updateEimResult: enumeration(0x8a, {
    ok: 0,
    eimNotFound: 1,
    ciPKUnknown: 3,
    counterValueOutOfRange: 6,
    commandError: 7,
    undefinedError: 127,
  }),
  listEimResult: listEimResult(0x82),
  rollbackResult: enumeration(0x8c, { ok: 0, undefinedError: 127 }),
  setFallbackAttributeResult: enumeration(0x8d, {
    ok: 0,
    iccidOrAidNotFound: 1,
    fallbackNotAllowed: 2,
    fallbackProfileEnabled: 3,
    undefinedError: 127,
  }),
  unsetFallbackAttributeResult: enumeration(0x8e, {
    ok: 0,
    noFallbackAttribute: 2,
    fallbackProfileEnabled: 3,
    commandError: 7,
    undefinedError: 127,
  }),
  processingTerminated: enumeration(0x02, {
    resultSizeOverflow: 1,
    unknownOrDamagedCommand: 2,
    interruption: 3,
    undefinedError: 127,
  }),
  setDefaultDpAddressResult: SetDefaultDpAddressResponse,
}

/** EuiccResultData: 2.11.2.1. The outcome of one Psmo or Eco. */
export type EuiccResultData = ChoiceValue<typeof euiccResults>
export const EuiccResultData: Schema<EuiccResultData> = choice('EuiccResultData', euiccResults)

/** EuiccPackageResultDataSigned, with the results that a version has. */
const resultDataSigned = (results: Schema<EuiccResultData>) =>
  named(
    'EuiccPackageResultDataSigned',
    sequence(0x30, {
      eimId: EimId,
      counterValue: integer(0x81),
      eimTransactionId: optional(EimTransactionId),
      seqNumber: integer(0x83),
      euiccResult: sequenceOf(0x30, results),
    }),
  )

export interface EuiccPackageResultDataSigned extends ValueOf<ReturnType<typeof resultDataSigned>> {}
export const euiccPackageResultDataSigned: (
  results: Schema<EuiccResultData>,
) => TaggedSchema<EuiccPackageResultDataSigned> = resultDataSigned

export const EuiccPackageResultDataSigned = euiccPackageResultDataSigned(EuiccResultData)

/** EuiccPackageErrorDataSigned. */
const euiccPackageErrorDataSigned = named(
  'EuiccPackageErrorDataSigned',
  sequence(0x30, {
    eimId: EimId,
    counterValue: integer(0x81),
    eimTransactionId: optional(EimTransactionId),
    euiccPackageErrorCode: enumeration(0x02, {
      invalidEid: 3,
      replayError: 4,
      counterValueOutOfRange: 6,
      sizeOverflow: 15,
      ecallActive: 104,
      undefinedError: 127,
    }),
  }),
)
export interface EuiccPackageErrorDataSigned extends ValueOf<typeof euiccPackageErrorDataSigned> {}
export const EuiccPackageErrorDataSigned: TaggedSchema<EuiccPackageErrorDataSigned> = euiccPackageErrorDataSigned

/** Deviation: cards also sign in the DER form of X9.62, of up to 72 octets, which is read; ours are 64. */
const EuiccPackageSignature = octetString(0x5f37, { max: 72 })

/**
 * EuiccPackageResult: 2.11.2.1, with the signed data that a version has. What both signatures cover besides is not sent: in v1.2 the association
 * token, in v1.0.1 the signature of the package.
 * Deviation: eimId may be empty in the unsigned error, which is what cards answer when they cannot read the one of the request.
 */
export const euiccPackageResult = (data: Schema<EuiccPackageResultDataSigned>): TaggedSchema<EuiccPackageResult> =>
  explicit(0xbf51, choice('EuiccPackageResult', packageResults(data)))

const packageResults = (data: Schema<EuiccPackageResultDataSigned>) => ({
  euiccPackageResultSigned: sequence(0xa0, {
    euiccPackageResultDataSigned: captured(data),
    euiccSignEPR: EuiccPackageSignature,
  }),
  euiccPackageErrorSigned: sequence(0xa1, {
    euiccPackageErrorDataSigned: captured(EuiccPackageErrorDataSigned),
    euiccSignEPE: EuiccPackageSignature,
  }),
  euiccPackageErrorUnsigned: sequence(0xa2, {
    eimId: utf8String(0x80, { max: 128 }),
    eimTransactionId: optional(EimTransactionId),
    associationToken: optional(integer(0x84)),
  }),
})
export type EuiccPackageResult = ChoiceValue<ReturnType<typeof packageResults>>

export const EuiccPackageResult = euiccPackageResult(EuiccPackageResultDataSigned)
