/** A card that keeps its state: one command at a time, in the order in which they arrive. */
import type { CardChannel } from '../../ports/index.ts'
import type { Entropy } from '../entropy.ts'
import type { CardEvent } from '../events.ts'
import type { EuiccState } from '../state.ts'
import { restart, transmit } from './transmit.ts'

export interface CardOptions {
  readonly state: EuiccState
  readonly entropy: Entropy
  /** Called after a command that something came of, before its response is delivered. */
  readonly onEvents?: (events: readonly CardEvent[], state: EuiccState) => void
}

export interface EmulatedCard extends CardChannel {
  /** As it is now. */
  readonly state: EuiccState
}

/** The core is synchronous, so commands cannot overlap: a promise is only the shape of the port. */
export function createCard({ state: initial, entropy, onEvents }: CardOptions): EmulatedCard {
  let state = initial
  return {
    get state() {
      return state
    },
    async transmit(command) {
      const step = transmit(state, command, entropy)
      state = step.state
      if (step.events.length > 0) onEvents?.(step.events, state)
      return step.response
    },
    async reset() {
      const step = restart(state)
      state = step.state
      if (step.events.length > 0) onEvents?.(step.events, state)
    },
  }
}
