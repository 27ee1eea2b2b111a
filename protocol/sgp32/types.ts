/** Every type of the room that stands for itself, by its name in the ASN.1. */
export {
  AddInitialEimRequest,
  AddInitialEimResponse,
  EimConfigurationData,
  GetEimConfigurationDataRequest,
  GetEimConfigurationDataResponse,
} from './eim-configuration.ts'
export {
  EimAcknowledgements,
  IpaEuiccDataRequest,
  IpaEuiccDataResponse,
  ProfileDownloadTriggerRequest,
  ProfileDownloadTriggerResult,
} from './eim-packages.ts'
export {
  ConfigureImmediateProfileEnablingRequest,
  ConfigureImmediateProfileEnablingResponse,
  DisableEmergencyProfileRequest,
  DisableEmergencyProfileResponse,
  EnableEmergencyProfileRequest,
  EnableEmergencyProfileResponse,
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  ExecuteFallbackMechanismRequest,
  ExecuteFallbackMechanismResponse,
  GetCertsRequest,
  GetCertsResponse,
  GetConnectivityParametersRequest,
  GetConnectivityParametersResponse,
  ImmediateEnableRequest,
  ImmediateEnableResponse,
  IpaeActivationRequest,
  IpaeActivationResponse,
  ProfileRollbackRequest,
  ProfileRollbackResponse,
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
  ReturnFromFallbackRequest,
  ReturnFromFallbackResponse,
} from './es10b.ts'
export {
  EsipaMessageFromEimToIpa,
  EsipaMessageFromIpaToEim,
  GetEimPackageRequest,
  GetEimPackageResponse,
  HandleNotificationEsipa,
  ProvideEimPackageResult,
  ProvideEimPackageResultResponse,
  TransferEimPackageRequest,
  TransferEimPackageResponse,
} from './esipa.ts'
export {
  AuthenticateClientRequestEsipa,
  AuthenticateClientResponseEsipa,
  CancelSessionRequestEsipa,
  CancelSessionResponseEsipa,
  GetBoundProfilePackageRequestEsipa,
  GetBoundProfilePackageResponseEsipa,
  InitiateAuthenticationRequestEsipa,
  InitiateAuthenticationResponseEsipa,
} from './esipa-sessions.ts'
export {
  Eco,
  EuiccPackageErrorDataSigned,
  EuiccPackageRequest,
  EuiccPackageResult,
  EuiccPackageResultDataSigned,
  EuiccPackageSigned,
  EuiccResultData,
  Psmo,
  SetDefaultDpAddressRequest,
  SetDefaultDpAddressResponse,
} from './packages.ts'
export {
  EUICCInfo2,
  ISDRProprietaryApplicationTemplateIoT,
  ProfileInfo,
  ProfileInfoListResponse,
  StoreMetadataRequest,
} from './profiles.ts'
export {
  AuthenticateServerResponse,
  CancelSessionResponse,
  EuiccSigned1,
  PendingNotification,
  PrepareDownloadResponse,
} from './sessions.ts'
