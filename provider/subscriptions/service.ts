/**
 * The life of subscriptions. Whatever is told of one goes through the outbox as one stream, in order: that it has started, the operations, that it
 * has ended.
 */
import { createAlarm } from '../alarm.ts'
import type { EndReason as DeliveryEnd } from '../events/delivery.ts'
import { createBackground } from '../operations/background.ts'
import type { At, Operation } from '../operations/operation.ts'
import type { SubscriptionsService } from '../services.ts'
import type { Database, Queries } from '../store/database.ts'
import type { Parcel } from '../store/outbox.ts'
import {
  countOperation,
  lockDue,
  lockSubscription,
  nextEnd,
  purgeSubscriptions,
  selectSubscriptions,
  setStatus,
} from '../store/subscriptions.ts'
import { createJournal, type Journal, type Spoken } from './journal.ts'
import { endOf, type Subscription } from './subscription.ts'

interface Around extends Spoken {
  readonly database: Database
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
  const { outside, wording } = around
  const { clock } = outside
  const journal = createJournal(around)
  const background = createBackground(outside)
  const endDue = async (): Promise<void> => alarm.at(await endAllDue(around, journal))
  const alarm = createAlarm(outside, () => void background.run('subscriptions', endDue, endDue), 'limit')
  return {
    ...serviceOf(around, journal, (created) => alarm.at(endOf(created)?.at)),
    async tell(queries, operation) {
      if (!wording.covers.includes(operation.dialect)) return
      for (const listener of await countOperation(queries, operation)) await journal.tell(queries, listener, operation)
    },
    async delivered(queries, { stream, callback }, how) {
      if (!callback.subscribed) return
      const subscription = await lockSubscription(queries, stream)
      if (subscription) await react(queries, { subscription, how, journal })
    },
    look: () => alarm.at(clock.now()),
    close() {
      alarm.stop()
      return background.close()
    },
  }
}

const serviceOf = (
  { database, outside, retentionMs, announced }: Around,
  journal: Journal,
  created: (subscription: Subscription) => void,
): SubscriptionsService => {
  const { clock, random } = outside
  const kept = (tenant: string) => ({ tenant, endedAfter: clock.now() - retentionMs })
  const find: SubscriptionsService['find'] = async (tenant, subscriptionId) =>
    (await selectSubscriptions(database, { ...kept(tenant), subscriptionId }))[0]

  return {
    async create({ initialEvent, ...asked }) {
      const begun = { subscriptionId: random.uuid(), startsAt: clock.now(), status: 'active' } as const
      const subscription: Subscription = { ...asked, ...begun }
      const written = await database.transaction((queries) => journal.begin(queries, subscription, initialEvent))
      if (!written) return undefined
      announced()
      created(subscription)
      return (await find(asked.tenant, subscription.subscriptionId)) ?? subscription
    },
    find,
    list: (tenant, expiresBefore) =>
      selectSubscriptions(database, { ...kept(tenant), ...(expiresBefore !== undefined && { expiresBefore }) }),
    async delete(tenant, subscriptionId) {
      if (!(await find(tenant, subscriptionId))) return false
      await database.transaction(async (queries) => {
        const alive = await lockSubscription(queries, subscriptionId)
        if (alive) await journal.end(queries, alive, 'deleted')
        else await setStatus(queries, subscriptionId, 'deleted')
      })
      announced()
      return true
    },
  }
}

/** When the next one is due, in milliseconds since the Unix epoch. */
const endAllDue = async ({ database, outside, retentionMs, announced }: Around, journal: Journal) => {
  const { clock } = outside
  const endOne = () =>
    database.transaction(async (queries) => {
      const due = await lockDue(queries, clock.now())
      if (due) await journal.end(queries, due.subscription, due.reason)
      return due !== undefined
    })
  while (await endOne()) announced()
  await purgeSubscriptions(database, clock.now() - retentionMs)
  return nextEnd(database)
}

interface Delivered {
  readonly subscription: Subscription
  readonly how: DeliveryEnd
  readonly journal: Journal
}

/** A sink that was given up makes the subscription inactive; the event that says so tries once more, and decides. */
const react = async (queries: Queries, { subscription, how, journal }: Delivered): Promise<void> => {
  const isActive = subscription.status === 'active'
  if (how === 'delivered') return isActive ? undefined : journal.setActive(queries, subscription, true)
  if (how === 'given-up')
    return isActive
      ? journal.setActive(queries, subscription, false)
      : journal.end(queries, subscription, 'undeliverable')
  return journal.endSilently(queries, subscription, how === 'credential-expired' ? 'token-expired' : 'undeliverable')
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
