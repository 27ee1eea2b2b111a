/** What a testbed is made of. */
import type { Pki } from '../../certs/index.ts'
import type { Sgp32Version } from '../../protocol/sgp32/index.ts'
import type { CardSettings, Latency } from '../euicc/index.ts'
import type { Scenario } from '../faults/index.ts'
import type { IpaSettings } from '../ipa/index.ts'
import type { ProcessTime, Time } from '../ports/index.ts'
import type { ServersOptions } from './servers.ts'
import type { TestbedStore } from './store-database.ts'

export interface TestbedOptions
  extends Pick<ServersOptions, 'host' | 'name' | 'eim' | 'smdp' | 'smds' | 'ipaNetwork' | 'inject' | 'limits'> {
  readonly version: string
  /** Keys, certificates and device secrets are derived from it. */
  readonly seed: string
  /** Certificates that are not ours; the name must be one that its TLS certificates are for. */
  readonly pki?: Pki
  /** Devices made at start. */
  readonly devices: number
  /** More devices made at start: how many whose card and IPA are of that version of SGP.32, whatever the others are of. */
  readonly devicesOf?: Readonly<Partial<Record<Sgp32Version, number>>>
  readonly pollIntervalMs: number
  /** Bound of what piles up: in the trace, of each card, at the eIM and at the SM-DP+. By default 20,000. */
  readonly kept?: number
  /** Version of SGP.32 that IPAs speak. By default 1.2. */
  readonly specification?: Sgp32Version
  /** What else differs from the IPA that the testbed makes unless told otherwise. */
  readonly ipa?: Partial<IpaSettings>
  /** Of every card that is made. */
  readonly card?: CardSettings
  /** How long cards take. By default no time. */
  readonly latency?: Latency
  /** An empty token: none is asked for. */
  readonly control: { readonly port: number; readonly token: string }
  /** Of every role. Default: the machine's. */
  readonly time?: Time | ProcessTime
  /** Faults that it starts with. */
  readonly scenario?: Scenario
  /** Where devices and orders outlive the process. By default they go with it. */
  readonly store?: TestbedStore
  /** Told of errors that are ours. */
  readonly onError?: (error: unknown) => void
}

/** Default of `kept`. */
export const KEPT = 20_000
