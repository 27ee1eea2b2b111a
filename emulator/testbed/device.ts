import {
  type CardEvent,
  type Entropy,
  type EuiccState,
  type Latency,
  type ProfileView,
  profilesOf,
  withLatency,
} from '../euicc/index.ts'
import type { Ipa } from '../ipa/index.ts'
import type { CardChannel, Clock } from '../ports/index.ts'
import { type Connectivity, createNetwork, type Network, type ProfileLink } from './connectivity.ts'
import type { Owner } from './owners.ts'
import { createRecordedCard, type RecordedCard } from './recorded-card.ts'
import type { Origin } from './recording.ts'

/** A card event with the time at which the testbed saw it. */
export type TimedCardEvent = CardEvent & { readonly at: string }

export interface DeviceView {
  readonly eid: string
  readonly owner: Owner
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
  setConnectivity(connectivity: Connectivity): void
  /** Polls now, or as soon as the cycle under way has ended; does nothing while the device is not reachable. */
  poll(): Promise<{ readonly packagesProcessed: number }>
  stopPolling(): void
  /** Newline-delimited JSON: what the card is, then step by step what it was sent and answered. */
  recording(): string
}

export interface DeviceOptions {
  readonly eid: string
  readonly owner: Owner
  readonly state: EuiccState
  readonly entropy: Entropy
  readonly clock: Clock
  readonly onEvent: (event: TimedCardEvent) => void
  /** The IPA of this device, over its card and its network. */
  readonly ipaOver: (card: CardChannel, network: Network) => Ipa
  readonly delay: (ms: number) => Promise<void>
  readonly latency: Latency
  /** Starts the timer of the polls. Returns what stops it. */
  readonly schedule: (poll: () => void) => () => void
  /** Told when a poll failed because of us. */
  readonly onError: (error: unknown) => void
  /** First line of the recording. */
  readonly origin: Origin
}

export function createDevice(options: DeviceOptions): Device {
  const { eid, owner, clock, onEvent } = options
  const events: TimedCardEvent[] = []
  const onEvents = (happened: readonly CardEvent[]) => {
    const at = new Date(clock.now()).toISOString()
    for (const event of happened) {
      const timed = { ...event, at }
      events.push(timed)
      onEvent(timed)
    }
  }
  const card = createRecordedCard({ state: options.state, entropy: options.entropy, onEvents }, clock.now)
  const enabledProfile = () => profilesOf(card.state).find(({ state }) => state === 'enabled')?.iccid
  const network = createNetwork({ delay: options.delay, enabledProfile })
  const ipa = options.ipaOver(withLatency(card, options), network)
  const isReachable = () => network.connectivity.reachable
  const poll = async () => ({ packagesProcessed: isReachable() ? (await ipa.poll()).packagesProcessed : 0 })
  const pollAlone = () => void poll().catch(options.onError)
  const stopPolling = options.schedule(pollAlone)
  return {
    eid,
    owner,
    card,
    ipa,
    view() {
      const { reachable, profiles: links = [] } = network.connectivity
      const { sequence } = card.state
      const connectivity = links.length > 0 ? { connectivity: links } : {}
      return { eid, owner, reachable, ...connectivity, sequence, profiles: profilesOf(card.state) }
    },
    eventsAfter: (sequence) => events.filter((event) => event.sequence > sequence),
    setConnectivity(connectivity) {
      const returns = connectivity.reachable && !isReachable()
      network.change(connectivity)
      if (returns) pollAlone()
    },
    poll,
    stopPolling,
    recording: () =>
      [options.origin, ...card.steps]
        .map((line) => JSON.stringify(line))
        .join('\n')
        .concat('\n'),
  }
}
