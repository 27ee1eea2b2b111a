/** Events on their way, written in the transaction that completes their operation. Those of one stream leave in order. */
import type { Callback } from '../operations/operation.ts'
import type { Queries } from './database.ts'

export interface Parcel {
  readonly eventId: string
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
  readonly stream: string
  readonly callback: string
  readonly correlator: string
  readonly envelope: string
  readonly created_at: Date
  readonly attempts: number
}

export const insertParcel = async (queries: Queries, parcel: Omit<Parcel, 'attempts'>): Promise<void> => {
  const { eventId, stream, callback, correlator, envelope, createdAt } = parcel
  await queries.query(
    `insert into outbox (event_id, stream, callback, correlator, envelope, created_at, next_attempt_at)
     values ($1, $2, $3, $4, $5, $6, $6)`,
    [eventId, stream, JSON.stringify(callback), correlator, envelope, new Date(createdAt)],
  )
}

/** Only the first of a stream is ever due. */
export const dueParcels = async (queries: Queries, now: number, limit: number): Promise<readonly Parcel[]> => {
  const rows = await queries.query<Row>(
    `select event_id, stream, callback, correlator, envelope, created_at, attempts from outbox
     where ended_at is null and next_attempt_at <= $1 and not exists (
       select 1 from outbox earlier
       where earlier.stream = outbox.stream and earlier.ended_at is null and earlier.position < outbox.position)
     order by next_attempt_at, position limit $2`,
    [new Date(now), limit],
  )
  return rows.map((row) => ({
    eventId: row.event_id,
    stream: row.stream,
    callback: JSON.parse(row.callback),
    correlator: row.correlator,
    envelope: row.envelope,
    createdAt: row.created_at.getTime(),
    attempts: row.attempts,
  }))
}

export const postpone = async (queries: Queries, eventId: string, attempts: number, until: number): Promise<void> => {
  await queries.query('update outbox set attempts = $2, next_attempt_at = $3 where event_id = $1', [
    eventId,
    attempts,
    new Date(until),
  ])
}

/** The sink and its credential go; what was sent, and why it ended, stay. */
export const endParcel = async (
  queries: Queries,
  eventId: string,
  attempts: number,
  end: { at: number; reason: string },
) => {
  await queries.query(
    'update outbox set attempts = $2, ended_at = $3, end_reason = $4, callback = null where event_id = $1',
    [eventId, attempts, new Date(end.at), end.reason],
  )
}

/** Milliseconds since the Unix epoch. */
export const nextAttempt = async (queries: Queries, after: number): Promise<number | undefined> => {
  const [row] = await queries.query<{ at: Date | null }>(
    'select min(next_attempt_at) as at from outbox where ended_at is null and next_attempt_at > $1',
    [new Date(after)],
  )
  return row?.at?.getTime()
}
