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

/** The exchange under way, when the result names it or names none. */
export function exchangeOf(
  { exchange }: EuiccState,
  named: { readonly eimTransactionId?: string; readonly counterValue?: number },
): Exchange | undefined {
  if (!exchange || exchange.deliveries === 0) return undefined
  const { eimTransactionId = exchange.eimTransactionId, counterValue = exchange.counterValue } = named
  return eimTransactionId === exchange.eimTransactionId && counterValue === exchange.counterValue ? exchange : undefined
}

/** Counted on the package that it claims to answer; otherwise as if it had not come. */
export function disbelieve(
  state: EuiccState,
  { exchange, why, tools }: { exchange: Exchange | undefined; why: Disbelief; tools: Tools },
): Turn<Reception> {
  if (!exchange) return ignore(why)
  const unverifiedResults = (exchange.package.unverifiedResults ?? 0) + 1
  const doubted: Exchange = {
    ...exchange,
    package: { ...exchange.package, unverifiedResults },
    heldUntil: tools.now + tools.retryAfterMs,
  }
  return { ...ignore(why), state: { ...state, exchange: doubted } }
}

/** The eUICC did something for us that no package asks for any more. */
export const receiveStray = (state: EuiccState, sequenceNumber: number): Turn<Reception> => ({
  state: { ...state, sequenceNumber, inventory: { ...state.inventory, stale: true } },
  effects: [],
  answer: { acknowledged: [sequenceNumber], disbelieved: 'package-under-way' },
})
