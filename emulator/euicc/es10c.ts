/** What the functions of ES10c have in common: SGP.22 v2.5, 3.2 and 5.7.16 to 5.7.18. */
import { equalOctets } from '../../protocol/ber/index.ts'
import type { DeleteProfileRequest } from '../../protocol/sgp22/index.ts'
import type { Effect } from './commands/command.ts'
import type { Entropy } from './entropy.ts'
import { causedBy } from './events.ts'
import { notifyReceivers } from './notifications.ts'
import type { Transition } from './profiles.ts'
import { type EuiccState, holding, type Profile, profileWith } from './state.ts'

export interface ProfileFacts {
  readonly state: EuiccState
  /** The one that is meant. */
  readonly profile: Profile | undefined
  readonly enabled: Profile | undefined
}

/** `identifier`: as in every request, an ICCID or the AID of an ISD-P. */
export function profileFacts(state: EuiccState, { kind, value }: DeleteProfileRequest): ProfileFacts {
  const { memory } = state
  const profile =
    kind === 'iccid' ? profileWith(memory, value) : memory.profiles.find(({ isdpAid }) => equalOctets(isdpAid, value))
  return { state, profile, enabled: profileWith(memory, memory.enabled) }
}

export const profileExists = { id: 'profile-exists', holds: ({ profile }: ProfileFacts) => profile !== undefined }

interface Telling {
  readonly cause: string
  readonly entropy: Entropy
}

/** The state after a transition, with its events and notifications. */
export function tell(
  state: EuiccState,
  { memory, happened, due }: Transition,
  { cause, entropy }: Telling,
): Omit<Effect<never>, 'answer'> {
  const notified = notifyReceivers(holding(state, memory), due, { entropy, cause })
  return { state: notified.state, events: [...happened.map((event) => causedBy(cause, event)), ...notified.events] }
}
