/** Wires the rooms together: testbed, authorization server, reference provider. */

import { loadPki, type Pki } from '../certs/index.ts'
import { type EimSettings, type KeptEim, openDatabaseStore } from '../emulator/eim/index.ts'
import { type CardSettings, type Policy, policyRows } from '../emulator/euicc/index.ts'
import type { IpaSettings } from '../emulator/ipa/index.ts'
import {
  createProcessTime,
  openTestbedStore,
  type ProcessTime,
  readScenario,
  type Scenario,
  startTestbed,
  type Testbed,
  type TestbedStore,
} from '../emulator/testbed/index.ts'
import { newSigningKey, openDatabase } from '../provider/index.ts'
import { attachedTo } from './attached.ts'
import { ConfigurationError, readMapping } from './config.ts'
import type { Config } from './config-schema.ts'
import type { Keys } from './judge.ts'
import { clientCertificates } from './pem.ts'
import { type OpenProvider, openProvider } from './provider-doors.ts'
import { doorLimits, planOf, storageOf } from './provider-plan.ts'
import { version } from './version.ts'

export interface World {
  /** URLs by the name of the door. */
  readonly doors: Readonly<Record<string, string>>
  readonly insertCard: Testbed['insertCard']
  close(): Promise<void>
}

/** Everything the configuration asks for, ready to be used; what had been started is closed again when something fails. `provide` may open the provider elsewhere. */
export async function startWorld(
  config: Config,
  keys: Keys = { signingKey: newSigningKey() },
  provide: OpenProvider = openProvider,
): Promise<World> {
  if (!isLoopback(config.host) && !config.control.token)
    throw new ConfigurationError(
      `control.token is mandatory when host is ${config.host}, which is not a loopback address.`,
    )
  if (config.euicc.personality === 'consumer')
    throw new ConfigurationError(
      'euicc.personality is for the command card: devices have an eIM, and a consumer eUICC knows none.',
    )
  if (config.time === 'virtual' && (config.provider.databaseUrl || config.eim.databaseUrl))
    throw new ConfigurationError(
      'time: virtual needs the embedded database: nobody can see when another process has nothing to do.',
    )
  const time = config.time === 'virtual' ? createProcessTime(Date.now()) : undefined
  const closers: (() => Promise<void>)[] = time ? [async () => time.end()] : []
  const close = async () => {
    for (const end of closers.reverse()) await end()
  }
  try {
    const shown = clientCertificates(config)
    const kept = await openEim(config.eim, closers)
    const store = await openDevices(config, closers)
    const options = testbedOptions(config)
    const eim = { ...options.eim, ...shown.eim, ...(kept && { kept }) }
    const smdp = { ...options.smdp, ...shown.smdp }
    const smds = { ...options.smds, ...shown.smds }
    const testbed = await startTestbed({ ...options, eim, smdp, smds, ...(store && { store }), ...(time && { time }) })
    closers.push(testbed.close)
    const open = time ? openProviderIn(time) : provide
    const provider = config.provider.enabled
      ? await open(planOf(config, { testbed, ...keys, shown: shown.provider }), { observe: testbed.record })
      : undefined
    if (provider) closers.push(provider.close)
    const doors = provider?.doors ?? {}
    testbed.announce(doors)
    const all = { ...testbed.doors, ...doors }
    if (config.provider.enabled) testbed.attach(attachedTo(config, { doors: all, keys }))
    for (const url of Object.values(all)) time?.owns(Number(new URL(url).port))
    return { doors: all, insertCard: testbed.insertCard, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Only in this process its timers are known to those who let the time pass. */
const openProviderIn =
  (time: ProcessTime): OpenProvider =>
  (plan, { observe }) =>
    openProvider(plan, {
      observe,
      clock: time,
      timers: { after: (ms, task, kind = 'wait') => time.after(ms, task, kind) },
    })

const testbedOptions = ({
  seed,
  host,
  name,
  certs,
  control,
  devices,
  ipa,
  euicc,
  eim,
  smdp,
  smds,
  scenario,
  doors,
}: Config) => ({
  limits: doorLimits(doors),
  version,
  seed,
  host,
  name,
  devices: devices.count,
  pollIntervalMs: devices.pollIntervalSeconds * 1000,
  kept: devices.kept,
  specification: devices.specification,
  devicesOf: devices.specifications,
  ipa: ipaSettings(ipa),
  ipaNetwork: { timeoutMs: ipa.timeoutSeconds * 1000, trustAnyServer: ipa.trustAnyServer },
  ...(devices.mode === 'inject' && {
    inject: { port: devices.injectPort, tls: devices.injectTls, binding: ipa.esipaBindings['*'] ?? 'asn1' },
  }),
  card: cardSettings(euicc),
  latency: euicc.latency,
  control,
  eim: { ...eim, settings: eimSettings(eim) },
  smdp,
  smds,
  ...(certs.folder && { pki: foreignPki(certs.folder) }),
  ...(scenario && { scenario: scenarioIn(scenario) }),
})

const eimSettings = (eim: Config['eim']): EimSettings => ({
  indirectProfileDownload: eim.indirectProfileDownload,
  retryAfterMs: eim.retryAfterSeconds * 1000,
  patience: {
    ...(eim.fetchTimeoutSeconds > 0 && { fetchMs: eim.fetchTimeoutSeconds * 1000 }),
    ...(eim.answerTimeoutSeconds > 0 && { answerMs: eim.answerTimeoutSeconds * 1000 }),
  },
  ...(eim.unverifiedEid && { unverifiedEid: eim.unverifiedEid }),
})

export const ipaSettings = (ipa: Config['ipa']): Partial<IpaSettings> => ({
  esipaBindings: ipa.esipaBindings,
  specifications: ipa.specifications,
  ipaCapabilities: { ipaFeatures: ipa.features, ipaSupportedProtocols: ['ipaRetrieveHttps'] },
  fallbackAfterFailedPolls: ipa.fallbackAfterFailedPolls,
  immediateEnabling: ipa.immediateEnabling,
  notificationReceiver: ipa.notificationReceiver,
  packageLimit: ipa.packageLimit,
  retry: { waitsMs: ipa.retryWaitsSeconds.map((wait) => wait * 1000), jitter: ipa.retryJitter },
})

/** Switches of the laboratory that are on, a line each: what they are for makes what is shown worth less. */
export function switchesOn({ eim, ipa }: Config): readonly string[] {
  const rows: readonly (readonly [boolean, string])[] = [
    [eim.unverifiedEid !== '', `eim.unverifiedEid: results of ${eim.unverifiedEid} count without a valid signature`],
    [eim.trustAnyServer, 'eim.trustAnyServer: the eIM accepts any TLS certificate of an SM-DP+'],
    [ipa.trustAnyServer, 'ipa.trustAnyServer: IPAs accept any TLS certificate'],
    [ipa.packageLimit === 1, 'ipa.packageLimit: IPAs take one package in a poll and stop'],
  ]
  return rows.flatMap(([isOn, line]) => (isOn ? [line] : []))
}

/** What differs from the card that the testbed makes unless told otherwise. */
export function cardSettings({ personality, specification, variants, policy }: Config['euicc']): CardSettings {
  const chosen = Object.entries(policy).filter(
    ([name, choice]) => choice !== policyRows[name as keyof Policy].choices[0],
  )
  return {
    ...(personality !== 'iot' && { personality }),
    ...(specification !== '1.2' && { specification }),
    ...(variants.length > 0 && { variants }),
    ...(chosen.length > 0 && { policy: Object.fromEntries(chosen) }),
  }
}

function scenarioIn(file: string): Scenario {
  const scenario = readScenario(readMapping(file, 'scenario'))
  if (typeof scenario === 'string') throw new ConfigurationError(`The scenario ${file} cannot be used: ${scenario}`)
  return scenario
}

function foreignPki(folder: string): Pki {
  try {
    return loadPki(folder)
  } catch (error) {
    throw new ConfigurationError(`The certificates in ${folder} cannot be used: ${(error as Error).message}`)
  }
}

/** Without a folder or a server it is in memory, which is the fastest. */
async function openEim(eim: Config['eim'], closers: World['close'][]): Promise<KeptEim | undefined> {
  if (!eim.databaseUrl && !eim.dataFolder) return undefined
  const database = await openDatabase(storageOf(eim))
  closers.push(database.close)
  const kept = await openDatabaseStore(database)
  closers.push(kept.close)
  return kept
}

async function openDevices({ devices, seed }: Config, closers: World['close'][]): Promise<TestbedStore | undefined> {
  if (!devices.dataFolder) return undefined
  const database = await openDatabase({ kind: 'embedded', folder: devices.dataFolder })
  closers.push(database.close)
  return openTestbedStore(database, seed)
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
