/** What the eIM makes of something it received: what the eUICC may forget, what was not believed. */
import type { Tools } from './delivery.ts'
import type { EuiccState, Exchange, Turn } from './state.ts'
import type { Disbelief } from './verification.ts'

export interface Reception {
  /** Sequence numbers that the eUICC may forget. */
  readonly acknowledged: readonly number[]
  readonly disbelieved?: Disbelief
}

/** Nothing changes. */
export const ignore = (disbelieved: Disbelief, acknowledged: readonly number[] = []): Turn<Reception> => ({
  effects: [],
  answer: { acknowledged, disbelieved },
})

/** Both steps as one. */
export function andThen(
  before: EuiccState,
  first: Turn<Reception>,
  second: (between: EuiccState) => Turn<Reception>,
): Turn<Reception> {
  const next = second(first.state ?? before)
  const state = next.state ?? first.state
  const acknowledged = [...first.answer.acknowledged, ...next.answer.acknowledged]
  return {
    ...(state && { state }),
    effects: [...first.effects, ...next.effects],
    answer: { ...next.answer, ...first.answer, acknowledged },
  }
}

interface Named {
  readonly eimTransactionId?: string
  readonly counterValue?: number
}

/** The exchange under way, when the result names it or names none; or the one that was refused as a replay, when it names that. */
export function exchangeOf({ exchange }: EuiccState, named: Named): Exchange | undefined {
  const replayed = exchange?.replayed && { ...exchange.replayed, package: exchange.package }
  return [exchange, replayed].find((one) => one !== undefined && one.deliveries > 0 && answers(one, named))
}

const answers = (
  exchange: Exchange,
  { eimTransactionId = exchange.eimTransactionId, counterValue = exchange.counterValue }: Named,
): boolean => eimTransactionId === exchange.eimTransactionId && counterValue === exchange.counterValue

/**
 * Counted on the package that it claims to answer; otherwise as if it had not come. The package is held back from the first such answer to a delivery
 * on: one that comes again and again does not hold it for ever.
 */
export function disbelieve(
  state: EuiccState,
  { exchange: claimed, why, tools }: { exchange: Exchange | undefined; why: Disbelief; tools: Tools },
): Turn<Reception> {
  const { exchange } = state
  if (!claimed || !exchange) return ignore(why)
  const unverifiedResults = (exchange.package.unverifiedResults ?? 0) + 1
  const doubted: Exchange = {
    ...exchange,
    package: { ...exchange.package, unverifiedResults },
    heldUntil: exchange.heldUntil ?? tools.now + tools.retryAfterMs,
  }
  return { ...ignore(why), state: { ...state, exchange: doubted } }
}

/** The eUICC did something for us that no package asks for any more. */
export const receiveStray = (state: EuiccState, sequenceNumber: number): Turn<Reception> => ({
  state: { ...state, sequenceNumber, inventory: { ...state.inventory, stale: true } },
  effects: [],
  answer: { acknowledged: [sequenceNumber], disbelieved: 'package-under-way' },
})
