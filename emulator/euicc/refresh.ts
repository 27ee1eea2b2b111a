/**
 * Switches of profiles, and REFRESH, for which some of them wait: SGP.22 v2.5, 3.2.1, 5.7.16; ETSI TS 102 223, 6.4.7, 8.6. A switch that waits
 * takes effect when the terminal reports success or resets the card.
 */
import type { Effect } from './commands/command.ts'
import type { Entropy } from './entropy.ts'
import { tell } from './es10c.ts'
import { causedBy, type EventDraft } from './events.ts'
import { kept, notifyReceivers } from './notifications.ts'
import { disable, enable, type Transition } from './profiles.ts'
import {
  changedMemory,
  type EuiccState,
  holding,
  type Memory,
  profileWith,
  type Refresh,
  type Switch,
  withMemory,
  withoutRollback,
  withVolatile,
} from './state.ts'

/** What FETCH gives: number 01, type 01, the mode; from the UICC to the terminal. */
const refreshCommand = (mode: number): Uint8Array =>
  Uint8Array.of(0xd0, 0x09, 0x81, 0x03, 0x01, 0x01, mode, 0x82, 0x02, 0x81, 0x82)

const modes = { uiccReset: 0x04, profileStateChange: 0x09 } as const

export const isToolkitBusy = ({ product, volatile }: EuiccState): boolean =>
  product.policy.toolkit === 'busy' || volatile.refresh !== undefined || volatile.isSettling === true

/** ICCID of the profile that a switch under way is to enable. */
export const markedProfile = ({ volatile }: EuiccState): string | undefined => volatile.refresh?.switch.to

export const toolkitIdle = {
  id: 'toolkit-idle',
  holds: ({ state }: { readonly state: EuiccState }) => !isToolkitBusy(state),
}

type Outcome = Omit<Effect<never>, 'answer'>

/** Makes the switch, or asks for REFRESH first. */
export function switchProfile(
  state: EuiccState,
  change: Switch,
  { refreshFlag, entropy }: { readonly refreshFlag: boolean; readonly entropy: Entropy },
): Outcome {
  const transition = switched(state.memory, change)
  const { cause } = change
  if (!refreshFlag || state.product.policy.refresh === 'atOnce') return tell(state, transition, { cause, entropy })
  const { memory } = notifyReceivers(state, transition.due, { entropy, cause }).state
  const { lastSeqNumber } = state.memory
  const refresh: Refresh = {
    command: refreshCommand(modes[state.product.policy.refreshMode]),
    isFetched: false,
    switch: change,
    notifications: memory.notifications.filter(({ metadata }) => metadata.seqNumber > lastSeqNumber),
  }
  const next = withMemory(state, { lastSeqNumber: memory.lastSeqNumber })
  return { state: withVolatile(next, { refresh }) }
}

function switched(before: Memory, { to, remembers, isSilent, endsRollback }: Switch): Transition {
  const target = profileWith(before, to)
  const { memory, happened, due } = target ? enable(before, target) : disable(before)
  const next = changedMemory(memory, { beforeFallback: undefined, beforeEmergency: undefined, ...remembers })
  return { memory: endsRollback ? withoutRollback(next) : next, happened, due: isSilent ? [] : due }
}

/** The terminal has refreshed. Nothing happens when the profile has been deleted meanwhile. */
export function commitRefresh(state: EuiccState): Outcome {
  const { refresh } = state.volatile
  if (!refresh) return { state }
  const { cause, to } = refresh.switch
  if (to !== undefined && profileWith(state.memory, to) === undefined) return { state: withoutRefresh(state) }
  const { memory, happened } = switched(state.memory, refresh.switch)
  const all = [...memory.notifications, ...refresh.notifications]
  const notifications = kept(
    state,
    all.toSorted((a, b) => a.metadata.seqNumber - b.metadata.seqNumber),
  )
  const stored = refresh.notifications.map(
    ({ metadata: { seqNumber, iccid } }): EventDraft => ({
      type: 'notification-stored',
      cause,
      seqNumber,
      ...(iccid !== undefined && { iccid }),
    }),
  )
  return {
    state: withoutRefresh(holding(state, changedMemory(memory, { notifications }))),
    events: [...happened.map((event) => causedBy(cause, event)), ...stored],
  }
}

/** The terminal could not: everything stays as it is. */
export const withoutRefresh = (state: EuiccState): EuiccState => withVolatile(state, { refresh: undefined })
