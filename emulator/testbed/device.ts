import { type CardEvent, type Entropy, type EuiccState, type ProfileView, profilesOf } from '../euicc/index.ts'
import type { Ipa } from '../ipa/index.ts'
import type { Clock } from '../ports/index.ts'
import type { Owner } from './owners.ts'
import { createRecordedCard, type RecordedCard } from './recorded-card.ts'
import type { Origin } from './recording.ts'

/** A card event with the time at which the testbed saw it. */
export type TimedCardEvent = CardEvent & { readonly at: string }

export interface DeviceView {
  readonly eid: string
  readonly owner: Owner
  readonly reachable: boolean
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
  setReachable(reachable: boolean): void
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
  /** The IPA of this device, over its card; asks `isReachable` before each message to a server. */
  readonly ipaOver: (card: RecordedCard, isReachable: () => boolean) => Ipa
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
  let reachable = true
  const onEvents = (happened: readonly CardEvent[]) => {
    const at = new Date(clock.now()).toISOString()
    for (const event of happened) {
      const timed = { ...event, at }
      events.push(timed)
      onEvent(timed)
    }
  }
  const card = createRecordedCard({ state: options.state, entropy: options.entropy, onEvents }, clock.now)
  const ipa = options.ipaOver(card, () => reachable)
  const poll = async () => ({ packagesProcessed: reachable ? (await ipa.poll()).packagesProcessed : 0 })
  const pollAlone = () => void poll().catch(options.onError)
  const stopPolling = options.schedule(pollAlone)
  return {
    eid,
    owner,
    card,
    ipa,
    view: () => ({ eid, owner, reachable, sequence: card.state.sequence, profiles: profilesOf(card.state) }),
    eventsAfter: (sequence) => events.filter((event) => event.sequence > sequence),
    setReachable(value) {
      const returns = value && !reachable
      reachable = value
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
