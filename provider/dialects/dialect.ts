/** A dialect of the API: a table over the one core of operations. Adding one is adding a folder here and a row in index.ts. */

import type { EventContent } from '../events/cloud-event.ts'
import type { Answer, Route } from '../http/route.ts'
import type { Operation } from '../operations/operation.ts'
import type { SubscriptionWording } from '../subscriptions/wording.ts'

export interface Dialect {
  readonly id: string
  /** Begins with a slash, ends without. */
  readonly basePath: string
  readonly title: string
  readonly version: string
  readonly description: string
  readonly correlator: 'with-backslash' | 'without-backslash'
  readonly routes: readonly Route[]
  /** The answer to a request that has been accepted before (Idempotency-Key): as the first one was. Absent: requests do not repeat. */
  again?(accepted: Operation): Answer<unknown>
  /** The event that says where the operation is, accepted or completed; undefined where the dialect sends none. */
  eventOf(operation: Operation): EventContent | undefined
  /** Of a dialect that is about subscriptions. */
  readonly subscriptions?: SubscriptionWording
}
