/** Whether a moment that the target states can be true, seen from its own clock: the Date header of the 202. RFC 9110, section 6.6.1. */
import type { Mismatch } from './mismatch.ts'
import type { Operation } from './model.ts'

/** Date knows seconds; the servers of one provider may differ by this. */
const TOLERANCE_MS = 2_000

export function* insaneTimes(operation: Operation, what: string, stated: unknown, seenAt: number): Generator<Mismatch> {
  const { response, receivedAt } = operation.accepted
  const accepted = Date.parse(response.headers['date'] ?? '')
  const moment = typeof stated === 'string' ? Date.parse(stated) : Number.NaN
  if (Number.isNaN(accepted) || Number.isNaN(moment)) return // a wrong format is a matter of the schema
  const earliest = accepted - TOLERANCE_MS
  const latest = accepted + (seenAt - receivedAt) + TOLERANCE_MS
  if (moment >= earliest && moment <= latest) return
  yield {
    requirement: 'events/sane-time',
    what,
    expected: `between ${new Date(earliest).toISOString()} and ${new Date(latest).toISOString()} on the provider's clock`,
    actual: stated,
  }
}
