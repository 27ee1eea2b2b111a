/** The resources of the northbound door: docs/eim-northbound.md. Names of operations, results and errors are those of the ASN.1. */
import type { EimConfigurationData, IpaCapabilities, Sgp32Version } from '../../protocol/sgp32/index.ts'

export interface Profile {
  readonly iccid: string
  readonly state: 'enabled' | 'disabled'
  readonly fallbackAttribute: boolean
  readonly fallbackAllowed: boolean
  /** Hexadecimal. */
  readonly isdpAid?: string
  readonly serviceProviderName?: string
  readonly profileName?: string
  readonly profileClass?: string
}

/** An IPA that takes TransferEimPackage. */
export interface Inject {
  /** Behind it stand the paths of the bindings. */
  readonly url: string
  readonly binding: 'asn1' | 'json'
}

export interface Euicc {
  readonly eid: string
  /** Version of SGP.32 that it was onboarded with. */
  readonly specification?: Sgp32Version
  readonly inject?: Inject
  /** Of the package signed last. */
  readonly counterValue: number
  readonly associationToken?: number
  readonly lastContactAt?: string
  /** When the eUICC last said what `profiles` says. */
  readonly inventoryAt?: string
  readonly waitingPackages: number
  readonly profiles: readonly Profile[]
}

/** A profile as listProfileInfo told it. Octets are hexadecimal. */
export interface ListedProfile {
  readonly iccid?: string
  readonly isdpAid?: string
  readonly profileState?: string
  readonly profileNickname?: string
  readonly serviceProviderName?: string
  readonly profileName?: string
  readonly iconType?: string
  readonly icon?: string
  readonly profileClass?: string
  readonly fallbackAttribute: boolean
  readonly fallbackAllowed: boolean
}

/** A row of the Rules Authorisation Table. Octets are hexadecimal. */
export interface AuthorisationRule {
  readonly pprIds: readonly string[]
  readonly allowedOperators: readonly { readonly mccMnc: string; readonly gid1?: string; readonly gid2?: string }[]
  readonly consentRequired: boolean
}

interface OnProfile {
  readonly iccid: string
}

/** What each Psmo of SGP.32 v1.2, 2.11.1.1.3 is told. */
export interface PsmoParameters {
  readonly enable: OnProfile & { readonly rollback?: boolean }
  readonly disable: OnProfile
  readonly delete: OnProfile
  readonly listProfileInfo: {
    /** isdpAid is hexadecimal. */
    readonly searchCriteria?: OneOf<{
      readonly isdpAid: string
      readonly iccid: string
      readonly profileClass: 'test' | 'provisioning' | 'operational'
    }>
    /** Tags one behind the other, hexadecimal. */
    readonly tagList?: string
  }
  readonly getRAT: Readonly<Record<string, never>>
  readonly configureImmediateEnable: {
    readonly immediateEnableFlag?: boolean
    readonly defaultSmdpOid?: string
    readonly defaultSmdpAddress?: string
  }
  readonly setFallbackAttribute: OnProfile
  readonly unsetFallbackAttribute: Readonly<Record<string, never>>
  readonly setDefaultDpAddress: { readonly defaultDpAddress: string }
}

/** EimConfigurationData: SGP.32 v1.2, 2.11.1.1.1. Keys and certificates are base64 of their DER, euiccCiPKId is hexadecimal. */
export interface EimConfiguration
  extends Omit<
    EimConfigurationData,
    'eimPublicKeyData' | 'trustedPublicKeyDataTls' | 'euiccCiPKId' | 'indirectProfileDownload'
  > {
  readonly eimPublicKeyData?: { readonly eimPublicKey: string } | { readonly eimCertificate: string }
  readonly trustedPublicKeyDataTls?: { readonly trustedEimPkTls: string } | { readonly trustedCertificateTls: string }
  readonly euiccCiPKId?: string
  readonly indirectProfileDownload?: boolean
}

/** What each Eco of SGP.32 v1.2, 2.11.1.1.2 is told. */
export interface EcoParameters {
  readonly addEim: EimConfiguration
  readonly deleteEim: { readonly eimId: string }
  readonly updateEim: EimConfiguration
  readonly listEim: Readonly<Record<string, never>>
}

/** One member, which names the alternative. */
type OneOf<Alternatives> = {
  [Name in keyof Alternatives]: { readonly [K in Name]: Alternatives[Name] }
}[keyof Alternatives]

export type PsmoName = keyof PsmoParameters
export type EcoName = keyof EcoParameters
export type PsmoOrder = OneOf<PsmoParameters>
export type EcoOrder = OneOf<EcoParameters>

/** IpaEuiccDataRequest: SGP.32 v1.2, 2.11.1.2. euiccCiPKId is hexadecimal. One of `components` and `tagList` says what is asked for. */
export interface DataOrder {
  readonly components?: readonly EuiccDataComponent[]
  /** Tags one behind the other, hexadecimal, whether they name a component or not. */
  readonly tagList?: string
  readonly euiccCiPKId?: string
  readonly searchCriteriaNotification?: OneOf<{
    readonly seqNumber: number
    readonly profileManagementOperation: readonly string[]
  }>
  readonly searchCriteriaEuiccPackageResult?: { readonly seqNumber: number }
}

/** IpaEuiccData: SGP.32 v1.2, 2.11.2.2. Octets are base64 of their DER. */
export interface EuiccData {
  readonly notificationsList?: readonly string[]
  readonly defaultSmdpAddress?: string
  readonly euiccPackageResultList?: readonly string[]
  readonly euiccInfo1?: string
  readonly euiccInfo2?: string
  readonly rootSmdsAddress?: string
  readonly associationToken?: number
  readonly eumCertificate?: string
  readonly euiccCertificate?: string
  readonly ipaCapabilities?: IpaCapabilities
  readonly deviceInfo?: string
}
export type EuiccDataComponent = keyof EuiccData

/** ProfileDownloadTriggerRequest: SGP.32 v1.2, 2.11.1.3. One of the first three says where the profile waits. */
export interface DownloadOrder {
  readonly activationCode?: string
  readonly contactDefaultSmdp?: true
  /** Without an address: the root SM-DS of the eUICC. */
  readonly contactSmds?: { readonly smdsAddress?: string }
  /** The IPA is not told the activation code: this eIM carries the session and names the SM-DP+. */
  readonly indirect?: boolean
  /** The eIM answers for it in a session that it carries. */
  readonly confirmationCode?: string
}

export type PackageOrder =
  | { readonly psmo: readonly PsmoOrder[] }
  | { readonly eco: readonly EcoOrder[] }
  | { readonly download: DownloadOrder }
  | { readonly data: DataOrder }

export type PackageState = 'queued' | 'delivered' | 'done' | 'cancelled'

/** The result of one operation; `operation` is `processingTerminated` when the eUICC stopped there. */
export interface OperationResult {
  readonly operation: string
  readonly result: string
  /** Of addEim, when the eUICC made one. */
  readonly associationToken?: number
  /** Of listEim. */
  readonly eims?: readonly { readonly eimId: string; readonly eimIdType?: string }[]
  /** Of listProfileInfo. */
  readonly profiles?: readonly ListedProfile[]
  /** Of getRAT. */
  readonly rules?: readonly AuthorisationRule[]
}

/** `verified`: false only where the eIM was told to believe this eUICC without a signature. */
export type PackageResult =
  | {
      readonly kind: 'euiccPackageResult'
      readonly verified: boolean
      readonly sequenceNumber: number
      readonly results: readonly OperationResult[]
    }
  | { readonly kind: 'euiccPackageError'; readonly verified: boolean; readonly error: string }
  | {
      readonly kind: 'profileInstallationResult'
      readonly verified: boolean
      readonly outcome: 'success'
      readonly iccid: string
      readonly isdpAid: string
    }
  | {
      readonly kind: 'profileInstallationResult'
      readonly verified: boolean
      readonly outcome: 'error'
      readonly iccid?: string
      readonly bppCommandId: string
      readonly errorReason: string
    }
  | {
      readonly kind: 'profileDownloadError'
      readonly reason: string
      readonly subjectCode?: string
      readonly reasonCode?: string
      readonly detail?: string
    }
  | { readonly kind: 'ipaEuiccData'; readonly data: EuiccData }
  | { readonly kind: 'ipaEuiccDataError'; readonly error: string }
  | { readonly kind: 'packageError'; readonly error: string }

export interface Package {
  readonly packageId: string
  readonly eid: string
  readonly order: PackageOrder
  /** Upper-case hexadecimal. */
  readonly eimTransactionId: string
  /** Of the signed eUICC package; absent until it is signed and for downloads, which have none. */
  readonly counterValue?: number
  readonly state: PackageState
  readonly createdAt: string
  readonly deliveredAt?: string
  readonly completedAt?: string
  /** There if and only if the state is `done`. */
  readonly result?: PackageResult
  /** Answers to this package that were unsigned or wrongly signed. */
  readonly unverifiedResults?: number
}
