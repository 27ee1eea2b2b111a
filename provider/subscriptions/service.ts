/**
 * The life of subscriptions. Whatever is told of one goes through the outbox as one stream, in order: that it has started, the operations, that it
 * has ended. Each is written in the transaction that makes it true.
 */
import { createAlarm } from '../alarm.ts'
import { cloudEvent, type EventContent } from '../events/cloud-event.ts'
import type { EndReason as DeliveryEnd } from '../events/delivery.ts'
import { createBackground } from '../operations/background.ts'
import type { At, Operation } from '../operations/operation.ts'
import type { Outside } from '../outside.ts'
import type { NewSubscription, SubscriptionsService } from '../services.ts'
import type { Database, Queries } from '../store/database.ts'
import { latestCompleted } from '../store/operations.ts'
import { insertParcel, type Parcel } from '../store/outbox.ts'
import {
  countInitial,
  countOperation,
  endSubscription,
  insertSubscription,
  lockDue,
  lockSubscription,
  nextEnd,
  purgeSubscriptions,
  selectSubscriptions,
  setStatus,
} from '../store/subscriptions.ts'
import { type EndReason, endOf, type Subscription } from './subscription.ts'
import type { SubscriptionWording } from './wording.ts'

interface Around {
  readonly database: Database
  readonly outside: Outside
  readonly wording: SubscriptionWording
  /** Of the events: the dialect's place. */
  readonly source: string
  /** How long one that has ended can be read. */
  readonly retentionMs: number
  /** There are events to bring. */
  announced(): void
}

export interface Subscriptions extends SubscriptionsService {
  /** In the transaction that completes the operation. */
  tell(queries: Queries, operation: Operation<At<'completed'>>): Promise<void>
  /** In the transaction that ends the delivery of an event. */
  delivered(queries: Queries, parcel: Parcel, how: DeliveryEnd): Promise<void>
  /** The time of some may have come. */
  look(): void
  close(): Promise<void>
}

export const createSubscriptions = (around: Around): Subscriptions => {
  const { database, outside, wording, source, retentionMs, announced } = around
  const { clock, random } = outside
  const background = createBackground(outside)

  const send = async (queries: Queries, to: Subscription, content: EventContent, correlator = to.correlator) => {
    const { subscriptionId, sink, credential } = to
    const eventId = random.uuid()
    const time = clock.now()
    const envelope = JSON.stringify(cloudEvent({ id: eventId, source, time }, content))
    const callback = { sink, ...(credential && { credential }), subscribed: true } as const
    await insertParcel(queries, { eventId, stream: subscriptionId, callback, correlator, envelope, createdAt: time })
  }

  const end = async (queries: Queries, subscription: Subscription, reason: EndReason): Promise<void> => {
    const status = reason === 'deleted' ? 'deleted' : 'expired'
    await endSubscription(queries, subscription.subscriptionId, { at: clock.now(), status, reason })
    await send(queries, subscription, wording.ended(subscription, reason))
  }

  const tellOne = async (
    queries: Queries,
    { subscription, last }: { readonly subscription: Subscription; readonly last: boolean },
    operation: Operation<At<'completed'>>,
  ): Promise<void> => {
    await send(queries, subscription, wording.completed(subscription, operation), operation.correlator)
    if (last) await end(queries, subscription, 'max-events')
  }

  const begin = async (queries: Queries, subscription: Subscription, initialEvent: boolean): Promise<boolean> => {
    const written = await insertSubscription(queries, subscription, endOf(subscription))
    if (!written) return false
    await send(queries, subscription, wording.started(subscription))
    const latest = initialEvent ? await latestOf(queries, subscription) : undefined
    if (!latest) return true
    const { last } = await countInitial(queries, subscription.subscriptionId)
    await tellOne(queries, { subscription, last }, latest)
    return true
  }

  const latestOf = (queries: Queries, { tenant, filter }: Subscription) =>
    latestCompleted(queries, { tenant, ...filter, dialects: wording.covers, after: clock.now() - retentionMs })

  const endDue = async (): Promise<void> => {
    const endOne = () =>
      database.transaction(async (queries) => {
        const due = await lockDue(queries, clock.now())
        if (due) await end(queries, due.subscription, due.reason)
        return due !== undefined
      })
    while (await endOne()) announced()
    await purgeSubscriptions(database, clock.now() - retentionMs)
    alarm.at(await nextEnd(database))
  }
  const alarm = createAlarm(outside, () => void background.run('subscriptions', endDue, endDue))

  const kept = (tenant: string) => ({ tenant, endedAfter: clock.now() - retentionMs })

  return {
    async create({ initialEvent, ...asked }: NewSubscription) {
      const subscription: Subscription = {
        ...asked,
        ...{ subscriptionId: random.uuid(), startsAt: clock.now(), status: 'active' },
      }
      const written = await database.transaction((queries) => begin(queries, subscription, initialEvent))
      if (!written) return undefined
      announced()
      alarm.at(endOf(subscription)?.at)
      const [now = subscription] = await selectSubscriptions(database, {
        ...kept(asked.tenant),
        subscriptionId: subscription.subscriptionId,
      })
      return now
    },
    async find(tenant, subscriptionId) {
      const [found] = await selectSubscriptions(database, { ...kept(tenant), subscriptionId })
      return found
    },
    list: (tenant, expiresBefore) =>
      selectSubscriptions(database, { ...kept(tenant), ...(expiresBefore !== undefined && { expiresBefore }) }),
    async delete(tenant, subscriptionId) {
      const deleted = await database.transaction(async (queries) => {
        const [found] = await selectSubscriptions(queries, { ...kept(tenant), subscriptionId })
        if (!found) return false
        const alive = await lockSubscription(queries, subscriptionId)
        if (alive) await end(queries, alive, 'deleted')
        else await setStatus(queries, subscriptionId, 'deleted')
        return true
      })
      announced()
      return deleted
    },
    async tell(queries, operation) {
      if (!wording.covers.includes(operation.dialect)) return
      for (const one of await countOperation(queries, operation)) await tellOne(queries, one, operation)
    },
    async delivered(queries, { stream, callback }, how) {
      if (!callback.subscribed) return
      const subscription = await lockSubscription(queries, stream)
      if (subscription) await react(queries, subscription, how)
    },
    look: () => alarm.at(clock.now()),
    close() {
      alarm.stop()
      return background.close()
    },
  }

  /** A sink that was given up makes the subscription inactive; the event that says so tries once more, and decides. */
  async function react(queries: Queries, subscription: Subscription, how: DeliveryEnd): Promise<void> {
    const { subscriptionId, status } = subscription
    if (how === 'delivered' && status === 'active') return
    if (how === 'delivered' || (how === 'given-up' && status === 'active')) {
      const active = how === 'delivered'
      await setStatus(queries, subscriptionId, active ? 'active' : 'inactive')
      return send(queries, subscription, wording.updated(subscription, active))
    }
    if (how === 'given-up') return end(queries, subscription, 'undeliverable')
    const reason = how === 'credential-expired' ? 'token-expired' : 'undeliverable'
    await endSubscription(queries, subscriptionId, { at: clock.now(), status: 'expired', reason })
  }
}

/** Of a provider that serves no dialect of subscriptions: nobody can ask, and nobody is told. */
export const noSubscriptions: Subscriptions = {
  create: async () => undefined,
  find: async () => undefined,
  list: async () => [],
  delete: async () => false,
  tell: async () => {},
  delivered: async () => {},
  look: () => {},
  close: async () => {},
}
