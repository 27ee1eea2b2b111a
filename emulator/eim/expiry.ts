/** Packages that nobody has fetched, or answered, in time. Both ends are the eIM's own word: `packageError` with `notFetched` or `notAnswered`. */

import type { Package } from './model.ts'
import { advance } from './queue.ts'
import type { Effect, EuiccState, Turn } from './state.ts'
import { toTime, without } from './state.ts'

/** Milliseconds; absent: for ever. */
export interface Patience {
  /** From the order until the IPA comes for it. */
  readonly fetchMs?: number
  /** From the first delivery until the result. */
  readonly answerMs?: number
}

export function expirePackages(before: EuiccState, patience: Patience, now: number): Turn<undefined> {
  const late = before.waiting.filter(({ createdAt }) => isLate(createdAt, patience.fetchMs, now))
  const left = before.waiting.filter((one) => !late.includes(one))
  const { exchange } = before
  const isStuck =
    exchange?.package.deliveredAt !== undefined && isLate(exchange.package.deliveredAt, patience.answerMs, now)
  if (late.length === 0 && !isStuck) return { effects: [], answer: undefined }
  const waited = late.map((one) => expired(one, 'notFetched', now))
  const stuck = isStuck && exchange ? [expired(exchange.package, 'notAnswered', now)] : []
  const state: EuiccState = { ...(isStuck ? giveUp(before) : before), waiting: left }
  return {
    // It may have been executed: the eUICC is to be asked.
    state: isStuck ? { ...state, inventory: { ...state.inventory, stale: true } } : state,
    effects: [...stuck, ...waited].map((one): Effect => ({ kind: 'package', package: one })),
    answer: undefined,
  }
}

const REMEMBERED = 8

/** An answer that comes after all must not be taken for one to what is under way then. */
function giveUp(before: EuiccState): EuiccState {
  const { givenUp = [], exchange } = before
  const id = exchange?.package.eimTransactionId
  return { ...without(before, 'exchange'), ...(id && { givenUp: [id, ...givenUp].slice(0, REMEMBERED) }) }
}

const isLate = (since: string, limitMs: number | undefined, now: number): boolean =>
  limitMs !== undefined && now - Date.parse(since) >= limitMs

function expired(late: Package, error: 'notFetched' | 'notAnswered', now: number): Package {
  const done = advance(late, 'expire', { completedAt: toTime(now), result: { kind: 'packageError', error } })
  if (!done) throw new Error(`a package that is ${late.state} cannot expire`)
  return done
}
