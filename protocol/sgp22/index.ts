/** Messages of SGP.22 v2.5 (RSPDefinitions), one file per interface. Schema and TypeScript type of a message have the same name, the one in the ASN.1. */

export {
  Certificate,
  DpProprietaryData,
  EidValue,
  Iccid,
  IconType,
  IsdpAid,
  NotificationConfigurationInformation,
  NotificationEvent,
  Octet16,
  Octet32,
  OneTimePublicKey,
  OperatorId,
  PprIds,
  ProfileClass,
  ProfileState,
  Signature,
  SubjectKeyIdentifier,
  TransactionId,
  VendorSpecificExtension,
  VersionType,
} from './basics.ts'
export { smdpSignInput, storeMetadataFields } from './es8plus.ts'
export {
  AuthenticateResponseError,
  CancelSessionReason,
  CancelSessionResponseOk,
  CtxParams1,
  cancelSessionResponseError,
  PrepareDownloadResponseError,
  PrepareDownloadResponseOk,
} from './es10b.ts'
export { profileInfoFields, RulesAuthorisationTable } from './es10c.ts'
export { DeviceInfo, euiccInfo2Fields, RspCapability, UICCCapability } from './euicc-info.ts'
export { ErrorResult } from './notifications.ts'
export * from './types.ts'
export * as sgp22Types from './types.ts'
