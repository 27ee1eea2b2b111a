/** Subscriptions as rows. `events` counts those about operations; `ends_at` and `end_reason` say when it ends by itself, then why it has ended. */
import type { Operation } from '../operations/operation.ts'
import type { EndReason, Filter, Subscription, SubscriptionStatus } from '../subscriptions/subscription.ts'
import type { Queries } from './database.ts'

interface Row {
  readonly subscription_id: string
  readonly dialect: string
  readonly tenant: string
  readonly correlator: string
  readonly sink: string
  readonly credential: string | null
  readonly eid: string | null
  readonly iccid: string | null
  readonly operation_id: string | null
  readonly shown: string
  readonly max_events: number | null
  readonly starts_at: Date
  readonly expires_at: Date | null
  readonly status: SubscriptionStatus
}

const columns = `subscription_id, dialect, tenant, correlator, sink, credential, eid, iccid, operation_id, shown, max_events,
  starts_at, expires_at, status`

const subscriptionOf = (row: Row): Subscription => ({
  subscriptionId: row.subscription_id,
  ...{ dialect: row.dialect, tenant: row.tenant, correlator: row.correlator, sink: row.sink, status: row.status },
  ...(row.credential !== null && { credential: JSON.parse(row.credential) }),
  filter: filterOf(row),
  shown: JSON.parse(row.shown),
  ...(row.max_events !== null && { maxEvents: row.max_events }),
  startsAt: row.starts_at.getTime(),
  ...(row.expires_at !== null && { expiresAt: row.expires_at.getTime() }),
})

const filterOf = ({ eid, iccid, operation_id }: Row): Filter => ({
  ...(eid !== null && { eid }),
  ...(iccid !== null && { iccid }),
  ...(operation_id !== null && { operationId: operation_id }),
})

const dateOf = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at))

/** Of two that would be told the same at the same sink, the second is not written. */
export const insertSubscription = async (
  queries: Queries,
  subscription: Subscription,
  end: { readonly at: number; readonly reason: EndReason } | undefined,
): Promise<boolean> => {
  const { filter, credential, maxEvents, ...other } = subscription
  const rows = await queries.query(
    `insert into subscription (${columns}, ends_at, end_reason, criteria)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (tenant, criteria) where ended_at is null do nothing returning 1`,
    [
      ...[other.subscriptionId, other.dialect, other.tenant, other.correlator, other.sink],
      ...[credential ? JSON.stringify(credential) : null, filter.eid ?? null, filter.iccid ?? null],
      ...[filter.operationId ?? null, JSON.stringify(other.shown), maxEvents ?? null, new Date(other.startsAt)],
      ...[dateOf(other.expiresAt), other.status, dateOf(end?.at), end?.reason ?? null],
      JSON.stringify([other.sink, filter.eid ?? null, filter.iccid ?? null, filter.operationId ?? null]),
    ],
  )
  return rows.length === 1
}

interface Wanted {
  readonly tenant: string
  readonly subscriptionId?: string
  readonly expiresBefore?: number
  /** Those that ended before are not kept. */
  readonly endedAfter: number
}

/** In the order in which they began; those that were deleted are gone. */
export const selectSubscriptions = async (queries: Queries, wanted: Wanted): Promise<readonly Subscription[]> => {
  const rows = await queries.query<Row>(
    `select ${columns} from subscription
     where tenant = $1 and status <> 'deleted' and (ended_at is null or ended_at > $2)
       and ($3::uuid is null or subscription_id = $3) and ($4::timestamptz is null or expires_at < $4)
     order by position`,
    [wanted.tenant, new Date(wanted.endedAfter), wanted.subscriptionId ?? null, dateOf(wanted.expiresBefore)],
  )
  return rows.map(subscriptionOf)
}

/** Nobody else changes it before the transaction ends. undefined: it is not there, or has ended. */
export const lockSubscription = async (queries: Queries, subscriptionId: string): Promise<Subscription | undefined> => {
  const [row] = await queries.query<Row>(
    `select ${columns} from subscription where subscription_id = $1 and ended_at is null for update`,
    [subscriptionId],
  )
  return row && subscriptionOf(row)
}

/** Those that are to be told of it, counted on and locked, always in the same order; `last`: it is the last one they wanted. */
export const countOperation = async (
  queries: Queries,
  { tenant, eid, iccid, operationId }: Operation,
): Promise<readonly { readonly subscription: Subscription; readonly last: boolean }[]> => {
  const rows = await queries.query<Row & { last: boolean | null }>(
    `update subscription set events = events + 1
     where position in (
       select position from subscription
       where tenant = $1 and status = 'active' and ended_at is null
         and (eid is null or eid = $2) and (iccid is null or iccid = $3) and (operation_id is null or operation_id = $4)
       order by position for update)
     returning ${columns}, events >= max_events as last`,
    [tenant, eid, iccid ?? null, operationId],
  )
  return rows.map((row) => ({ subscription: subscriptionOf(row), last: row.last === true }))
}

export const countInitial = async (queries: Queries, subscriptionId: string): Promise<{ readonly last: boolean }> => {
  const [row] = await queries.query<{ last: boolean | null }>(
    `update subscription set events = events + 1 where subscription_id = $1 returning events >= max_events as last`,
    [subscriptionId],
  )
  return { last: row?.last === true }
}

export const setStatus = async (
  queries: Queries,
  subscriptionId: string,
  status: SubscriptionStatus,
): Promise<void> => {
  await queries.query('update subscription set status = $2 where subscription_id = $1', [subscriptionId, status])
}

/** The credential is forgotten: the events that are still on their way have it. */
export const endSubscription = async (
  queries: Queries,
  subscriptionId: string,
  end: { readonly at: number; readonly status: SubscriptionStatus; readonly reason: EndReason },
): Promise<void> => {
  await queries.query(
    `update subscription set status = $2, ended_at = $3, end_reason = $4, credential = null where subscription_id = $1`,
    [subscriptionId, end.status, new Date(end.at), end.reason],
  )
}

/** One whose time has come, locked; those that another instance is at are left to it. */
export const lockDue = async (
  queries: Queries,
  now: number,
): Promise<{ readonly subscription: Subscription; readonly reason: EndReason } | undefined> => {
  const [row] = await queries.query<Row & { end_reason: EndReason }>(
    `select ${columns}, end_reason from subscription where ended_at is null and ends_at <= $1
     order by ends_at limit 1 for update skip locked`,
    [new Date(now)],
  )
  return row && { subscription: subscriptionOf(row), reason: row.end_reason }
}

/** Milliseconds since the Unix epoch. */
export const nextEnd = async (queries: Queries): Promise<number | undefined> => {
  const [row] = await queries.query<{ at: Date | null }>(
    'select min(ends_at) as at from subscription where ended_at is null',
  )
  return row?.at?.getTime()
}

export const purgeSubscriptions = async (queries: Queries, until: number): Promise<void> => {
  await queries.query('delete from subscription where ended_at <= $1', [new Date(until)])
}
