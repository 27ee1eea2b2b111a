/** What the cards of one make share: certificates, capabilities, limits. */
import type { Certificate, PrivateKey } from '../../protocol/crypto/index.ts'
import type { RulesAuthorisationTable } from '../../protocol/sgp22/index.ts'
import type { EUICCInfo2, Sgp32Version } from '../../protocol/sgp32/index.ts'
import { defaultPolicy, type Policy } from './policy.ts'
import type { Variant } from './variants.ts'

/** One certificate of a card with its chain. */
export interface Credential {
  readonly privateKey: PrivateKey
  /** CERT.EUICC.ECDSA and CERT.EUM.ECDSA in DER. */
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
}

/** Keys and certificates, made when a card first needs them. */
export interface Credentials {
  /** Subject key identifiers of the CIs that every card is certified under, preferred first. */
  readonly ciPkIds: readonly Uint8Array[]
  /** Always the same for the same card and CI, and fast the second time: nothing of it is kept in the state of the card. */
  of(eid: string, ciPkId: Uint8Array): Credential
}

/** The components of EUICCInfo2 that say what a product can do. The others are computed. */
export type Capabilities = Omit<
  EUICCInfo2,
  'extCardResource' | 'euiccCiPKIdListForVerification' | 'euiccCiPKIdListForSigning' | 'iotSpecificInfo'
>

export interface Limits {
  /** Octets for profiles. */
  readonly nonVolatileMemory: number
  readonly volatileMemory: number
  /** Octets of one eUICC package. */
  readonly packageSize: number
  readonly eims: number
  /** When a list is full, its oldest entry is dropped. */
  readonly packageResults: number
  readonly notifications: number
  /** Of downloads that were put off. */
  readonly oneTimeKeys: number
  /** Octets of serial numbers that CRLs revoke. */
  readonly crls: number
  /** Characters of an SM-DP+ address. */
  readonly address: number
}

/** What of a card is a choice of who makes it: plain data. */
export interface CardSettings {
  /** `consumer`: SGP.22 only. By default `iot`. */
  readonly personality?: Personality
  readonly policy?: Partial<Policy>
  /** How it differs on the wire. By default in nothing. */
  readonly variants?: readonly Variant[]
  readonly rootDsAddress?: string
  /** Version of SGP.32 of a card that is not a consumer card. By default 1.2. */
  readonly specification?: Sgp32Version
}

export interface ProductOptions extends CardSettings {
  readonly credentials: Credentials
  /** CERT.CI.ECDSA that chains of servers may lead to, preferred first. */
  readonly trustedCis: readonly Certificate[]
  readonly capabilities?: Partial<Capabilities>
  readonly limits?: Partial<Limits>
  readonly rulesAuthorisationTable?: RulesAuthorisationTable
  /** Whether a profile may be the one of eCall. By default it may. */
  readonly ecallSupported?: boolean
}

export type Personality = 'iot' | 'consumer'

export interface EuiccProduct {
  readonly credentials: Credentials
  readonly trustedCis: readonly Certificate[]
  readonly capabilities: Capabilities
  readonly limits: Limits
  readonly rulesAuthorisationTable: RulesAuthorisationTable
  readonly rootDsAddress: string
  readonly personality: Personality
  readonly specification: Sgp32Version
  readonly ecallSupported: boolean
  readonly policy: Policy
  readonly variants: readonly Variant[]
}

const defaultCapabilities: Capabilities = {
  profileVersion: '2.3.1',
  svn: '2.5.0',
  euiccFirmwareVer: '1.0.0',
  uiccCapability: [
    'usimSupport',
    'isimSupport',
    'akaMilenage',
    'akaTuak128',
    'akaTuak256',
    'usimTestAlgorithm',
    'javacard',
    'berTlvFileSupport',
    'getIdentity',
  ],
  ts102241Version: '9.2.0',
  globalplatformVersion: '2.3.0',
  rspCapability: ['additionalProfile', 'crlSupport', 'testProfileSupport'],
  euiccCategory: 'other',
  ppVersion: '1.0.0',
  sasAcreditationNumber: 'TEST-ONLY-NOT-ACCREDITED',
  additionalEuiccProfilePackageVersions: ['3.3.1'],
  ipaMode: 'ipad',
}

const defaultLimits: Limits = {
  nonVolatileMemory: 1_048_576,
  volatileMemory: 16_384,
  packageSize: 16_384,
  eims: 8,
  packageResults: 16,
  notifications: 64,
  oneTimeKeys: 8,
  crls: 4096,
  address: 128,
}

/** SGP.22 v2.5, 2.9.2.1: every operator may set PPR1 and PPR2. Each digit of the PLMN is a wildcard. */
const permissiveRules: RulesAuthorisationTable = [
  {
    pprIds: ['ppr1', 'ppr2'],
    allowedOperators: [{ mccMnc: Uint8Array.of(0xee, 0xee, 0xee) }],
    pprFlags: [],
  },
]

const hasEmergency = ({ personality, specification }: ProductOptions): boolean =>
  personality !== 'consumer' && specification !== '1.0.1'

export function createProduct(options: ProductOptions): EuiccProduct {
  const { credentials, trustedCis, capabilities, limits, policy } = options
  return {
    credentials,
    trustedCis,
    capabilities: capabilities ? { ...defaultCapabilities, ...capabilities } : defaultCapabilities,
    limits: limits ? { ...defaultLimits, ...limits } : defaultLimits,
    rulesAuthorisationTable: options.rulesAuthorisationTable ?? permissiveRules,
    rootDsAddress: options.rootDsAddress ?? 'testrootsmds.example.com',
    personality: options.personality ?? 'iot',
    specification: options.specification ?? '1.2',
    ecallSupported: (options.ecallSupported ?? true) && hasEmergency(options),
    variants: options.variants ?? [],
    policy: policy ? { ...defaultPolicy, ...policy } : defaultPolicy,
  }
}
