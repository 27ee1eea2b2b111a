/** How a dialect of subscriptions speaks of them. */
import type { EventContent } from '../events/cloud-event.ts'
import type { At, Operation } from '../operations/operation.ts'
import type { EndReason, Subscription } from './subscription.ts'

export interface SubscriptionWording {
  /** The dialects whose operations can be subscribed to. */
  readonly covers: readonly string[]
  started(subscription: Subscription): EventContent
  updated(subscription: Subscription, active: boolean): EventContent
  ended(subscription: Subscription, reason: EndReason): EventContent
  completed(subscription: Subscription, operation: Operation<At<'completed'>>): EventContent
}
