/** Takes steps on eUICCs: the store keeps what a step decided, then whom it concerns is told. */
import type { Package } from './model.ts'
import type { Effect, EuiccState, Turn } from './state.ts'
import type { EimStore } from './store.ts'

export type Step = EimStore['change']

export const createStep =
  (store: EimStore, tell: (eid: string, effect: Effect) => void): Step =>
  async (which, decide) => {
    const turn = await store.change(which, decide)
    for (const effect of turn.effects) tell(which.eid, effect)
    return turn
  }

type Decide<A> = (before: EuiccState, ordered: Package | undefined) => Turn<A>

/** A decision about a known eUICC; the answer is `undefined` for any other. */
export const ifKnown =
  <A>(decide: Decide<A>) =>
  (before: EuiccState | undefined, ordered: Package | undefined): Turn<A | undefined> =>
    before ? decide(before, ordered) : { effects: [], answer: undefined }
