import type { Tools } from './delivery.ts'
import type { Es9PlusClient } from './relay/es9plus-http.ts'
import type { RelaySessions } from './relay/sessions.ts'
import type { Step } from './step.ts'
import type { EimStore } from './store.ts'
import type { Disbelief } from './verification.ts'

/** What the functions of ESipa work on. */
export interface EsipaContext {
  readonly store: EimStore
  readonly step: Step
  readonly tools: () => Tools
  /** RSP sessions that are relayed, and the way to SM-DP+s where there is one. */
  readonly sessions: RelaySessions
  readonly es9plus?: Es9PlusClient | undefined
  /** An eUICC has answered: something else may wait for it. */
  readonly onAnswered?: ((eid: string) => void) | undefined
}

/** A message as it came, and the EID that its connection was last used for. */
export interface EsipaCall extends EsipaContext {
  readonly connectedEid?: string
}

/** What became of a message, for its sender and for the trace. */
export interface Handled {
  /** Absent: the function has no answer. */
  readonly octets?: Uint8Array
  readonly eid?: string
  readonly correlation?: Readonly<Record<string, string>>
  readonly disbelieved?: Disbelief
}
