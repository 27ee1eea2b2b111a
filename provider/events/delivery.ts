/** What becomes of an event after an attempt to deliver it. */
import type { RetryPolicy } from '../config.ts'
import type { Parcel } from '../store/outbox.ts'

/** What the sink did: a status, or why there is none. */
export type Reception =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'failed'; readonly why: string }

export type EndReason = 'delivered' | 'gone' | 'credential-expired' | 'sink-not-allowed' | 'given-up'
export type Fate =
  | { readonly kind: 'ended'; readonly reason: EndReason }
  | { readonly kind: 'again'; readonly at: number }

interface Attempt {
  readonly parcel: Parcel
  readonly reception: Reception
  readonly now: number
  /** At least 0, less than 1. */
  readonly chance: number
}

const ended = (reason: EndReason): Fate => ({ kind: 'ended', reason })

export const fateOf = ({ parcel, reception, now, chance }: Attempt, policy: RetryPolicy): Fate => {
  if (reception.kind === 'answered' && reception.status >= 200 && reception.status < 300) return ended('delivered')
  if (reception.kind === 'answered' && reception.status === 410) return ended('gone')
  const at = now + intervalMs(parcel.attempts, chance, policy)
  return at - parcel.createdAt > policy.giveUpAfterMs ? ended('given-up') : { kind: 'again', at }
}

/** Grows by `factor` up to `maxMs`; the jitter only ever adds, so that a sink never sees less than it was promised. */
const intervalMs = (
  attemptsBefore: number,
  chance: number,
  { initialMs, factor, maxMs, jitter }: RetryPolicy,
): number => Math.round(Math.min(initialMs * factor ** attemptsBefore, maxMs) * (1 + jitter * chance))
