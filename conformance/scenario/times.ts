/** Whether a moment that the target states can be true, seen from its own clock: the Date header of the 202. RFC 9110, section 6.6.1. */
import { isSteady } from '../testbed/clock-offset.ts'
import type { Mismatch } from './mismatch.ts'
import type { Operation, Scenario } from './model.ts'

/** Date knows seconds; the servers of one provider may differ by this. */
const TOLERANCE_MS = 2_000

export interface Stated {
  readonly what: string
  readonly moment: unknown
  /** By the runner's clock, when it was read. */
  readonly seenAt: number
}

/** A clock that jumps sets no latest moment. The 202 was sent after its request, however late the runner has read it. */
export function* insaneTimes(
  { session: { testbedClock } }: Scenario,
  { accepted: { response, sentAt } }: Operation,
  { what, moment: stated, seenAt }: Stated,
): Generator<Mismatch> {
  const accepted = Date.parse(response.headers['date'] ?? '')
  const moment = typeof stated === 'string' ? Date.parse(stated) : Number.NaN
  if (Number.isNaN(accepted) || Number.isNaN(moment)) return // a wrong format is a matter of the schema
  const earliest = accepted - TOLERANCE_MS
  const latest = accepted + (seenAt - sentAt) + TOLERANCE_MS
  if (moment >= earliest && (moment <= latest || !isSteady(testbedClock))) return
  yield {
    requirement: 'events/sane-time',
    what,
    expected: `between ${new Date(earliest).toISOString()} and ${new Date(latest).toISOString()} on the provider's clock`,
    actual: stated,
  }
}
