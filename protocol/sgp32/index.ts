/**
 * Messages of SGP.32 v1.2 (SGP32Definitions), one file per interface; those of v1.0.1 that differ in one file. Schema and TypeScript type of a message have the same name, the one in the ASN.1.
 * Types that SGP.32 takes from SGP.22 unchanged are in ../sgp22; those that it extends are here under the same name.
 */

export { EimId, EimIdType, SubjectPublicKeyInfo } from './eim-configuration.ts'
export { EprAndNotifications, IpaCapabilities, IpaEuiccData } from './eim-packages.ts'
export {
  type EsipaFunction,
  esipaFailure,
  esipaFunctionNames,
  esipaRequestFromJson,
  esipaRequestToJson,
  esipaResponseFromJson,
  esipaResponseToJson,
} from './esipa-json.ts'
export {
  transferRequestFromJson,
  transferRequestToJson,
  transferResponseFromJson,
  transferResponseToJson,
} from './esipa-json-transfer.ts'
export { type Direction, type Identified, identify } from './identify.ts'
export { EimTransactionId, EuiccPackage } from './packages.ts'
export * from './types.ts'
export * as sgp32Types from './types.ts'
export {
  EuiccMemoryResetRequest as EuiccMemoryResetRequestV1_0_1,
  EuiccMemoryResetResponse as EuiccMemoryResetResponseV1_0_1,
  namesIn1_0_1,
  RetrieveNotificationsListResponse as RetrieveNotificationsListResponseV1_0_1,
  sgp32v1_0_1Types,
} from './v1-0-1.ts'
export {
  otherVersionOf,
  otherVersionText,
  type Sgp32Codec,
  type Sgp32Version,
  sgp32Codecs,
  sgp32VersionNames,
  sgp32Versions,
} from './versions.ts'
