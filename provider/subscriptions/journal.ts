/** What is written of subscriptions: each change together with the event that tells of it, in the transaction of the caller. */
import { cloudEvent, type EventContent } from '../events/cloud-event.ts'
import type { At, Operation } from '../operations/operation.ts'
import type { Outside } from '../outside.ts'
import type { Queries } from '../store/database.ts'
import { latestCompleted } from '../store/operations.ts'
import { insertParcel } from '../store/outbox.ts'
import { countInitial, endSubscription, insertSubscription, setStatus } from '../store/subscriptions.ts'
import { type EndReason, endOf, type Subscription } from './subscription.ts'
import type { SubscriptionWording } from './wording.ts'

export interface Spoken {
  readonly wording: SubscriptionWording
  /** Of the events: the dialect's place. */
  readonly source: string
  readonly outside: Outside
  /** How long a completed operation can be told, and a subscription that has ended be read. */
  readonly retentionMs: number
}

type Completed = Operation<At<'completed'>>

/** One that is to be told, and whether that is the last it wants to hear. */
export interface Listener {
  readonly subscription: Subscription
  readonly last: boolean
}

export interface Journal {
  /** false: there is one already that tells the same to the same sink. */
  begin(queries: Queries, subscription: Subscription, initialEvent: boolean): Promise<boolean>
  tell(queries: Queries, listener: Listener, operation: Completed): Promise<void>
  setActive(queries: Queries, subscription: Subscription, active: boolean): Promise<void>
  end(queries: Queries, subscription: Subscription, reason: EndReason): Promise<void>
  /** For a sink that cannot be told any more. */
  endSilently(queries: Queries, subscription: Subscription, reason: EndReason): Promise<void>
}

export const createJournal = ({ wording, source, outside, retentionMs }: Spoken): Journal => {
  const { clock, random } = outside

  const send = async (queries: Queries, to: Subscription, content: EventContent, correlator = to.correlator) => {
    const { subscriptionId, tenant, sink, credential } = to
    const eventId = random.uuid()
    const time = clock.now()
    const envelope = JSON.stringify(cloudEvent({ id: eventId, source, time }, content))
    const callback = { sink, ...(credential && { credential }), subscribed: true } as const
    await insertParcel(queries, {
      ...{ eventId, tenant, stream: subscriptionId, callback, correlator, createdAt: time },
      envelope,
    })
  }

  const endSilently: Journal['endSilently'] = (queries, { subscriptionId }, reason) =>
    endSubscription(queries, subscriptionId, {
      ...{ at: clock.now(), reason },
      status: reason === 'deleted' ? 'deleted' : 'expired',
    })

  const end: Journal['end'] = async (queries, subscription, reason) => {
    await endSilently(queries, subscription, reason)
    await send(queries, subscription, wording.ended(subscription, reason))
  }

  const tell: Journal['tell'] = async (queries, { subscription, last }, operation) => {
    await send(queries, subscription, wording.completed(subscription, operation), operation.correlator)
    if (last) await end(queries, subscription, 'max-events')
  }

  const latestOf = (queries: Queries, { tenant, filter }: Subscription) =>
    latestCompleted(queries, { tenant, ...filter, dialects: wording.covers, after: clock.now() - retentionMs })

  return {
    async begin(queries, subscription, initialEvent) {
      if (!(await insertSubscription(queries, subscription, endOf(subscription)))) return false
      await send(queries, subscription, wording.started(subscription))
      const latest = initialEvent ? await latestOf(queries, subscription) : undefined
      if (!latest) return true
      const { last } = await countInitial(queries, subscription.subscriptionId)
      await tell(queries, { subscription, last }, latest)
      return true
    },
    tell,
    async setActive(queries, subscription, active) {
      await setStatus(queries, subscription.subscriptionId, active ? 'active' : 'inactive')
      await send(queries, subscription, wording.updated(subscription, active))
    },
    end,
    endSilently,
  }
}
