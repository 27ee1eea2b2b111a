/** A card that keeps its state: one command at a time, in the order in which they arrive. */
import type { CardChannel } from '../../ports/index.ts'
import type { Entropy } from '../entropy.ts'
import type { CardEvent } from '../events.ts'
import type { EuiccProduct } from '../product.ts'
import type { EuiccState } from '../state.ts'
import { restart, transmit } from './transmit.ts'

export interface CardOptions {
  readonly state: EuiccState
  readonly entropy: Entropy
  /** Called after a command that something came of, before its response is delivered. */
  readonly onEvents?: (events: readonly CardEvent[], state: EuiccState) => void
  /** What the card is like during one command, when that is not what it was made as. */
  readonly productNow?: (product: EuiccProduct) => EuiccProduct
}

export interface EmulatedCard extends CardChannel {
  /** As it is now. */
  readonly state: EuiccState
}

/** The core is synchronous, so commands cannot overlap: a promise is only the shape of the port. */
export function createCard({ state: initial, entropy, onEvents, productNow = same }: CardOptions): EmulatedCard {
  let state = initial
  return {
    get state() {
      return state
    },
    async transmit(command) {
      const { product } = state
      const step = transmit(as(state, productNow(product)), command, entropy)
      state = as(step.state, product)
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

const same = (product: EuiccProduct): EuiccProduct => product

const as = (state: EuiccState, product: EuiccProduct): EuiccState =>
  state.product === product ? state : { ...state, product }
