/** Devices only, polling eIMs that are not ours. */
import { certificateToPem, type Pki } from '../../certs/index.ts'
import { createCard, systemEntropy } from '../euicc/index.ts'
import { createIpa, type Ipa, type IpaSettings, type PollingOutcome } from '../ipa/index.ts'
import { createHttpClient, type HttpClient, type Time, type Trace } from '../ports/index.ts'
import { systemRandom, systemTime } from './clock-system.ts'
import { createFactory, type Factory } from './factory.ts'
import { eidOf } from './owners.ts'

export interface FleetOptions {
  /** AddInitialEimRequest, as every card gets it. */
  readonly eimConfiguration: Uint8Array
  readonly devices: number
  /** This process has the devices whose number modulo `of` is `index`, from 0. */
  readonly shard: { readonly index: number; readonly of: number }
  readonly seed: string
  readonly pki?: Pki
  readonly pollIntervalMs: number
  /** A device stops after so many polls, or packages. By default never. */
  readonly polls?: number
  readonly packages?: number
  /** PEM of trust anchors beside the CIs of the cards. */
  readonly ca: readonly string[]
  readonly trustAnyServer: boolean
  readonly timeoutMs: number
  readonly ipa: Partial<IpaSettings>
  readonly time?: Time
  /** Told of each device before the first poll. */
  readonly onDevice: (device: FleetDevice) => void
}

/** What an eIM has to know of a device. */
export interface FleetDevice {
  readonly eid: string
  /** DER. */
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
  /** As the card gave it, where it was asked to. */
  readonly associationToken?: number
}

export interface FleetSummary {
  readonly devices: number
  readonly polls: number
  readonly packages: number
  /** Devices whose last poll failed. */
  readonly failing: number
  /** How often what went wrong. */
  readonly failures: Readonly<Record<string, number>>
}

export interface Fleet {
  summary(): FleetSummary
  /** When every device has stopped of its own accord. */
  readonly done: Promise<void>
  stop(): void
}

/** Rejects when a card does not take the configuration. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { devices, shard, seed, pki, ca, trustAnyServer, timeoutMs, time = systemTime } = options
  const factory = await createFactory({ seed, now: time.now(), ...(pki && { pki }) })
  const anchors = [factory.pki.nist, factory.pki.brainpool].map(({ ci }) => certificateToPem(ci.certificate))
  const http = createHttpClient({ ca: [...anchors, ...ca], insecure: trustAnyServer, timeoutMs })
  const numbers = Array.from({ length: devices }, (_, i) => i).filter((i) => i % shard.of === shard.index)
  const tally = createTally(numbers.length)
  const agents: Ipa[] = []
  for (const number of numbers)
    agents.push(await makeDevice(eidOf('acme', number + 1), { options, factory, http, time }))
  let isStopped = false
  const lives = agents.map((ipa, i) => {
    const offsetMs = (options.pollIntervalMs * i) / agents.length
    return live(ipa, { ...options, time, offsetMs, isStopped: () => isStopped, tell: (poll) => tally.count(i, poll) })
  })
  return {
    summary: tally.summary,
    done: Promise.all(lives).then(() => undefined),
    stop() {
      isStopped = true
    },
  }
}

interface Maker {
  readonly options: FleetOptions
  readonly factory: Factory
  readonly http: HttpClient
  readonly time: Time
}

const silent: Trace = { record() {} }

async function makeDevice(eid: string, { options, factory, http, time }: Maker): Promise<Ipa> {
  const card = createCard({ state: factory.card(eid), entropy: systemEntropy })
  const ipa = createIpa({ card, http, delay: time.delay, random: systemRandom, trace: silent, settings: options.ipa })
  const answer = await ipa.addInitialEim(options.eimConfiguration)
  if (answer.kind === 'failure') throw new Error(`${eid} does not take the eIM configuration: ${answer.detail}`)
  if (answer.value.kind !== 'addInitialEimOk')
    throw new Error(`${eid} refuses the eIM configuration: ${answer.value.value}`)
  const token = answer.value.value.find(({ kind }) => kind === 'associationToken')
  options.onDevice({
    eid,
    ...factory.certificates(eid),
    ...(token?.kind === 'associationToken' && { associationToken: token.value }),
  })
  return ipa
}

interface Life extends Pick<FleetOptions, 'pollIntervalMs' | 'polls' | 'packages'> {
  readonly time: Time
  /** Devices do not come all at once. */
  readonly offsetMs: number
  readonly isStopped: () => boolean
  readonly tell: (outcome: PollingOutcome) => void
}

async function live(ipa: Ipa, { time, offsetMs, isStopped, tell, pollIntervalMs, ...limits }: Life): Promise<void> {
  const { polls = Number.POSITIVE_INFINITY, packages = Number.POSITIVE_INFINITY } = limits
  await time.delay(offsetMs)
  for (let polled = 0, processed = 0; !isStopped(); ) {
    const outcome = await ipa.poll()
    tell(outcome)
    polled += 1
    processed += outcome.packagesProcessed
    if (polled >= polls || processed >= packages) return
    await time.delay(pollIntervalMs)
  }
}

function createTally(devices: number) {
  let polls = 0
  let packages = 0
  const failing = new Set<number>()
  const failures = new Map<string, number>()
  return {
    count(device: number, outcome: PollingOutcome) {
      polls += 1
      packages += outcome.packagesProcessed
      failing[outcome.failures.length > 0 ? 'add' : 'delete'](device)
      for (const { hop, reason, detail } of outcome.failures) {
        const what = `${hop} ${reason}: ${detail}`
        failures.set(what, (failures.get(what) ?? 0) + 1)
      }
    },
    summary: (): FleetSummary => ({
      devices,
      polls,
      packages,
      failing: failing.size,
      failures: Object.fromEntries(failures),
    }),
  }
}
