/** Devices only, polling eIMs that are not ours. */
import { certificateToPem, type Pki } from '../../../certs/index.ts'
import { createCard, type EuiccState, systemEntropy } from '../../euicc/index.ts'
import { createIpa, type IpaSettings, type PollingOutcome } from '../../ipa/index.ts'
import { createHttpClient, type HttpClient, type Time } from '../../ports/index.ts'
import { systemRandom, systemTime } from '../clock-system.ts'
import { createFactory, type Factory } from '../factory.ts'
import { eidOf } from '../owners.ts'
import { createRest, type DeviceParts } from './rest.ts'
import { createRounds } from './rounds.ts'

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
  /** The others keep no agent between two polls. */
  readonly awakeAtMost?: number
  /** Instead of the network. */
  readonly http?: HttpClient
  /** Told of each device before the first poll. Certificates take longer to make than anything else of a device. */
  readonly onDevice?: (device: FleetDevice) => void
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
  const { devices, shard, seed, pki, time = systemTime } = options
  const factory = await createFactory({ seed, now: time.now(), ...(pki && { pki }) })
  const http = options.http ?? networkOf(options, factory)
  const numbers = Array.from({ length: devices }, (_, i) => i).filter((i) => i % shard.of === shard.index)
  const eids = numbers.map((number) => eidOf('acme', number + 1))
  const { awakeAtMost } = options
  const parts = { http, delay: time.delay, settings: options.ipa, ...(awakeAtMost !== undefined && { awakeAtMost }) }
  const rest = createRest(await makeCards(eids, { options, factory, parts }), parts)
  const tally = createTally(eids.length)
  const counts = createLimits(options, eids.length)
  const rounds = createRounds({ devices: eids.length, intervalMs: options.pollIntervalMs, time }, async (device) => {
    const outcome = await rest.poll(device)
    tally.count(device, outcome)
    return counts.goesOn(device, outcome)
  })
  return { summary: tally.summary, done: rounds.done, stop: rounds.stop }
}

function networkOf({ ca, trustAnyServer, timeoutMs }: FleetOptions, { pki }: Factory): HttpClient {
  const anchors = [pki.nist, pki.brainpool].map(({ ci }) => certificateToPem(ci.certificate))
  return createHttpClient({ ca: [...anchors, ...ca], insecure: trustAnyServer, timeoutMs })
}

interface Maker {
  readonly options: FleetOptions
  readonly factory: Factory
  readonly parts: DeviceParts
}

/** A batch is personalised alike: what ES10b.AddInitialEim makes of the first card is put into the others as it is. */
async function makeCards(eids: readonly string[], { options, factory, parts }: Maker): Promise<EuiccState[]> {
  const [first = eidOf('acme', 1)] = eids
  const { state, associationToken } = await personalise(factory.card(first), options.eimConfiguration, parts)
  const { memory, sequence } = state
  return eids.map((eid) => {
    options.onDevice?.({
      eid,
      ...factory.certificates(eid),
      ...(associationToken !== undefined && { associationToken }),
    })
    return { ...factory.card(eid), memory, sequence }
  })
}

async function personalise(made: EuiccState, configuration: Uint8Array, parts: DeviceParts) {
  const { eid } = made
  const card = createCard({ state: made, entropy: systemEntropy })
  const ipa = createIpa({ ...parts, card, random: systemRandom })
  const answer = await ipa.addInitialEim(configuration)
  if (answer.kind === 'failure') throw new Error(`${eid} does not take the eIM configuration: ${answer.detail}`)
  if (answer.value.kind !== 'addInitialEimOk')
    throw new Error(`${eid} refuses the eIM configuration: ${answer.value.value}`)
  const token = answer.value.value.find(({ kind }) => kind === 'associationToken')
  return { state: card.state, associationToken: token?.kind === 'associationToken' ? token.value : undefined }
}

/** Counted only where there is a limit. */
function createLimits({ polls, packages }: Pick<FleetOptions, 'polls' | 'packages'>, devices: number) {
  const polled = polls === undefined ? undefined : new Uint32Array(devices)
  const processed = packages === undefined ? undefined : new Uint32Array(devices)
  const add = (counts: Uint32Array | undefined, device: number, more: number, limit = 0): boolean => {
    if (!counts) return true
    counts[device] = (counts[device] ?? 0) + more
    return (counts[device] ?? 0) < limit
  }
  return {
    goesOn(device: number, { packagesProcessed }: PollingOutcome): boolean {
      const mayPoll = add(polled, device, 1, polls)
      return add(processed, device, packagesProcessed, packages) && mayPoll
    },
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
