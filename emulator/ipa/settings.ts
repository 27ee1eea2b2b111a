import { tacToOctets } from '../../protocol/identifiers/index.ts'
import type { DeviceInfo } from '../../protocol/sgp22/index.ts'
import type { IpaCapabilities, Sgp32Version } from '../../protocol/sgp32/index.ts'
import type { EsipaBindingName } from './servers/esipa-bindings.ts'
import { defaultRetryPolicy, type RetryPolicy } from './servers/retry.ts'

export type IpaFeature = IpaCapabilities['ipaFeatures'][number]

/** What an IPA may be able to do: IpaCapabilities of SGP.32 v1.2, 2.11.2.2. */
export const ipaFeatures = [
  'directRspServerCommunication',
  'indirectRspServerCommunication',
  'eimDownloadDataHandling',
  'eimCtxParams1Generation',
  'minimizeEsipaBytes',
] as const satisfies readonly IpaFeature[]

export interface IpaSettings {
  /** Version of SGP.32 that is spoken with eIMs. */
  readonly specification: Sgp32Version
  /** By eimId: another version for this eIM. */
  readonly specifications: Readonly<Record<string, Sgp32Version>>
  /** X-Admin-Protocol of ESipa. Several eIMs refuse any other than the default. */
  readonly esipaAdminProtocol: string
  /** By eimId, `*` for all others: how ESipa is spoken with this eIM. Default: the ASN.1 binding. */
  readonly esipaBindings: Readonly<Record<string, EsipaBindingName>>
  /** X-Admin-Protocol of ES9+. */
  readonly es9PlusAdminProtocol: string
  /** Octets of data in one STORE DATA, 1 to 255. */
  readonly blockSize: number
  readonly retry: RetryPolicy
  /** eIM Packages taken from one eIM in one polling cycle; the next ones wait for the next cycle. */
  readonly packageLimit: number
  /** The fallback mechanism is executed after so many polls in a row in which no server was there; 0: never. */
  readonly fallbackAfterFailedPolls: number
  /** Whether the eUICC is asked after each installation to enable the profile, as it may have been configured to. */
  readonly immediateEnabling: boolean
  /** Where notifications of profiles are delivered: to their SM-DP+, or to the eIM, which forwards them. */
  readonly notificationReceiver: 'smdp' | 'eim'
  readonly deviceInfo: DeviceInfo
  readonly ipaCapabilities: IpaCapabilities
}

export const defaultSettings: IpaSettings = {
  specification: '1.2',
  specifications: {},
  esipaAdminProtocol: 'gsma/rsp/v2.1.0',
  esipaBindings: {},
  es9PlusAdminProtocol: 'gsma/rsp/v2.5.0',
  blockSize: 255,
  retry: defaultRetryPolicy,
  packageLimit: 100,
  fallbackAfterFailedPolls: 3,
  immediateEnabling: true,
  notificationReceiver: 'smdp',
  deviceInfo: {
    tac: tacToOctets('35290611'),
    deviceCapabilities: { eutranEpcSupportedRelease: '15.0.0' },
  },
  ipaCapabilities: { ipaFeatures: ['directRspServerCommunication'], ipaSupportedProtocols: ['ipaRetrieveHttps'] },
}

/** What is spoken with this eIM. */
export const specificationFor = ({ specification, specifications }: IpaSettings, eimId: string): Sgp32Version =>
  specifications[eimId] ?? specification
