/** Events on their way, written in the transaction that completes their operation. Those of one stream leave in order. */
import type { Callback } from '../operations/operation.ts'
import type { Database, Queries } from './database.ts'
import { isMendable } from './dead-letters.ts'

export interface Parcel {
  readonly eventId: string
  readonly tenant: string
  readonly stream: string
  readonly callback: Callback
  readonly correlator: string
  /** The octets every attempt sends, as text. */
  readonly envelope: string
  readonly createdAt: number
  /** Those made so far. */
  readonly attempts: number
}

interface Row {
  readonly event_id: string
  readonly tenant: string
  readonly stream: string
  readonly callback: string
  readonly correlator: string
  readonly envelope: string
  readonly created_at: Date
  readonly attempts: number
}

export const insertParcel = async (queries: Queries, parcel: Omit<Parcel, 'attempts'>): Promise<void> => {
  const { eventId, tenant, stream, callback, correlator, envelope, createdAt } = parcel
  await queries.query(
    `insert into outbox (event_id, tenant, stream, callback, correlator, envelope, created_at, next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [eventId, tenant, stream, JSON.stringify(callback), correlator, envelope, new Date(createdAt)],
  )
}

/** Only the first of a stream is ever due. $3: tenants that have to wait. */
const isDue = `ended_at is null and next_attempt_at <= $1 and tenant <> all ($3::text[]) and not exists (
  select 1 from outbox earlier
  where earlier.stream = outbox.stream and earlier.ended_at is null and earlier.position < outbox.position)`

interface Wanted {
  readonly now: number
  readonly limit: number
  /** Tenants that have to wait. */
  readonly without: readonly string[]
  /** Takes what is due from the others that share the database, until it has ended or the instance has. */
  readonly instance?: string
}

/** What is due, and when the next one will be, both in milliseconds since the Unix epoch. */
export const dueParcels = async (
  queries: Queries,
  { now, limit, without, instance }: Wanted,
): Promise<{ readonly due: readonly Parcel[]; readonly next: number | undefined }> => {
  if (instance !== undefined) await takeDue(queries, { now, limit, without, instance })
  const rows = await queries.query<Partial<Row> & { next: Date | null }>(
    `select due.*, later.next from (
       select min(next_attempt_at) as next from outbox where ended_at is null and next_attempt_at > $1
     ) later left join lateral (
       select event_id, tenant, stream, callback, correlator, envelope, created_at, attempts from outbox
       where ${isDue} and ($4::uuid is null or instance = $4)
       order by next_attempt_at, position limit $2
     ) due on true`,
    [new Date(now), limit, without, instance ?? null],
  )
  return { due: rows.flatMap((row) => (isParcel(row) ? [parcelOf(row)] : [])), next: rows[0]?.next?.getTime() }
}

const takeDue = async (queries: Queries, { now, limit, without, instance }: Required<Wanted>): Promise<void> => {
  await queries.query(
    `update outbox set instance = $4 where position in (
       select position from outbox where instance is null and ${isDue}
       order by next_attempt_at, position limit $2 for update skip locked)`,
    [new Date(now), limit, without, instance],
  )
}

/** Without anything due there is one row, and it has no parcel in it. */
const isParcel = (row: Partial<Row>): row is Row => typeof row.event_id === 'string'

const parcelOf = (row: Row): Parcel => ({
  eventId: row.event_id,
  tenant: row.tenant,
  stream: row.stream,
  callback: JSON.parse(row.callback),
  correlator: row.correlator,
  envelope: row.envelope,
  createdAt: row.created_at.getTime(),
  attempts: row.attempts,
})

export const callbackOf = async (queries: Queries, eventId: string): Promise<Callback | undefined> => {
  const [row] = await queries.query<{ callback: string }>(
    'select callback from outbox where event_id = $1 and callback is not null',
    [eventId],
  )
  return row && JSON.parse(row.callback)
}

/** Of everything that would go there with the same credential: an API consumer often gives one to many operations. */
export const replaceCallback = (database: Database, before: Callback, after: Callback): Promise<void> =>
  database.transaction(async (queries) => {
    const texts = [JSON.stringify(before), JSON.stringify(after)]
    await queries.query('update outbox set callback = $2 where ended_at is null and callback = $1', texts)
    await queries.query(`update operation set callback = $2 where phase <> 'completed' and callback = $1`, texts)
  })

export const postpone = async (queries: Queries, eventId: string, attempts: number, until: number): Promise<void> => {
  await queries.query('update outbox set attempts = $2, next_attempt_at = $3, instance = null where event_id = $1', [
    eventId,
    attempts,
    new Date(until),
  ])
}

/** The sink and its credential go, but of an event that may be sent again; what was sent, and why it ended, stay. The answer is whether another of its stream has waited for this. */
export const endParcel = async (
  queries: Queries,
  eventId: string,
  attempts: number,
  end: { at: number; reason: string },
): Promise<boolean> => {
  const [row] = await queries.query<{ more: boolean }>(
    `update outbox set attempts = $2, ended_at = $3, end_reason = $4,
       callback = case when $5 then callback else null end where event_id = $1
     returning exists (
       select 1 from outbox later
       where later.stream = outbox.stream and later.ended_at is null and later.position > outbox.position) as more`,
    [eventId, attempts, new Date(end.at), end.reason, isMendable(end.reason)],
  )
  return row?.more === true
}
