import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import {
  type CardEvent,
  type CardOptions,
  type Entropy,
  type EuiccState,
  type Latency,
  type ProfileView,
  profilesOf,
  withLatency,
} from '../../euicc/index.ts'
import type { Ipa } from '../../ipa/index.ts'
import type { CardChannel, Time } from '../../ports/index.ts'
import type { Owner } from '../owners.ts'
import { type Connectivity, createNetwork, type Network, type ProfileLink } from './connectivity.ts'
import { createExpectation } from './expectation.ts'
import { createKeptCard } from './kept-card.ts'
import { type Crash, createMortalIpa } from './mortal-ipa.ts'
import { createRecordedCard, type RecordedCard } from './recorded-card.ts'
import type { Origin } from './recording.ts'

/** A card event with the time at which the testbed saw it. */
export type TimedCardEvent = CardEvent & { readonly at: string }

export interface DeviceView {
  readonly eid: string
  readonly owner: Owner
  /** Version of SGP.32 of its card. */
  readonly specification: Sgp32Version
  readonly reachable: boolean
  /** Profiles whose connectivity is not good; absent: every one has it. */
  readonly connectivity?: readonly ProfileLink[]
  /** Number of the last event of the card. */
  readonly sequence: number
  readonly profiles: readonly ProfileView[]
}

export interface Device {
  readonly eid: string
  readonly owner: Owner
  readonly card: RecordedCard
  readonly ipa: Ipa
  view(): DeviceView
  eventsAfter(sequence: number): readonly TimedCardEvent[]
  /** The card after the command that had the event with this number; the channels and sessions of that moment are not kept. */
  stateAt(sequence: number): EuiccState | undefined
  /** The card after each of its changes, oldest first. */
  history(): readonly EuiccState[]
  setConnectivity(connectivity: Connectivity): void
  /** Polls now, or as soon as the cycle under way has ended; does nothing while the device is not reachable. */
  poll(): Promise<{ readonly packagesProcessed: number }>
  stopPolling(): void
  /** A package of its eIM waits for it, or does not any more. */
  expect(packageId: string, isOpen: boolean): void
  /** Newline-delimited JSON: what the card is, then step by step what it was sent and answered. */
  recording(): string
}

export interface DeviceOptions {
  readonly eid: string
  readonly owner: Owner
  readonly state: EuiccState
  readonly entropy: Entropy
  readonly time: Time
  readonly onEvent: (event: TimedCardEvent) => void
  readonly productNow: NonNullable<CardOptions['productNow']>
  /** The IPA of this device, over its card and its network. Made anew when the one before has crashed. */
  readonly ipaOver: (parts: { card: CardChannel; network: Network; crash: Crash }) => Ipa
  readonly latency: Latency
  readonly pollIntervalMs: number
  /** Told when a poll failed because of us. */
  readonly onError: (error: unknown) => void
  /** Steps of the recording, events, and states between them. */
  readonly kept: number
  /** First line of the recording. */
  readonly origin: Origin
  /** Keeps the card, where it outlives the process. */
  readonly keep?: ((state: EuiccState) => Promise<void>) | undefined
}

export function createDevice(options: DeviceOptions): Device {
  const { eid, owner, time, onEvent, productNow, kept } = options
  const events: TimedCardEvent[] = []
  const history: EuiccState[] = [options.state]
  const onEvents = (happened: readonly CardEvent[], state: EuiccState) => {
    pushOf(kept, history, { ...state, volatile: options.state.volatile })
    const at = new Date(time.now()).toISOString()
    for (const event of happened) {
      const timed = { ...event, at }
      pushOf(kept, events, timed)
      onEvent(timed)
    }
  }
  const { state, entropy } = options
  const recorded = createRecordedCard({ state, entropy, onEvents, productNow, keptSteps: kept }, time.now)
  const card = options.keep ? createKeptCard(recorded, options.keep) : recorded
  const enabledProfile = () => profilesOf(card.state).find((profile) => profile.state === 'enabled')?.iccid
  const network = createNetwork({ delay: time.delay, enabledProfile })
  const slowCard = withLatency(card, { latency: options.latency, delay: time.delay })
  const ipa = createMortalIpa(time, (crash) => options.ipaOver({ card: slowCard, network, crash }))
  const isReachable = () => network.connectivity.reachable
  const pollAlone = () => void poll().catch(options.onError)
  const expectation = createExpectation(time, time.every(options.pollIntervalMs, pollAlone), isReachable)
  async function poll() {
    if (!isReachable()) return { packagesProcessed: 0 }
    const { packagesProcessed, failures } = await ipa.poll()
    expectation.polled(failures.length > 0)
    return { packagesProcessed }
  }
  return {
    eid,
    owner,
    card,
    ipa,
    view() {
      const { reachable, profiles: links = [] } = network.connectivity
      const { sequence, product } = card.state
      const { specification } = product
      const connectivity = links.length > 0 ? { connectivity: links } : {}
      return { eid, owner, specification, reachable, ...connectivity, sequence, profiles: profilesOf(card.state) }
    },
    eventsAfter: (sequence) => events.filter((event) => event.sequence > sequence),
    stateAt: (sequence) =>
      sequence === card.state.sequence ? card.state : history.find((state) => state.sequence >= sequence),
    history: () => history,
    setConnectivity(connectivity) {
      const returns = connectivity.reachable && !isReachable()
      network.change(connectivity)
      if (returns) pollAlone()
    },
    poll,
    stopPolling: expectation.stop,
    expect: expectation.expect,
    recording: () =>
      [options.origin, ...card.steps]
        .map((line) => JSON.stringify(line))
        .join('\n')
        .concat('\n'),
  }
}

/** The latest so many. */
function pushOf<T>(kept: number, list: T[], item: T): void {
  list.push(item)
  if (list.length > kept) list.shift()
}
