/** Events that nobody received and that may be sent again: they keep their sink and its credential until they are forgotten. */
import type { SinkCredential } from '../operations/operation.ts'
import type { Database, Queries } from './database.ts'

/** Of the reasons why a delivery ends, those that somebody may mend. */
const mendable: readonly string[] = ['given-up', 'credential-expired', 'sink-not-allowed']

export const isMendable = (reason: string): boolean => mendable.includes(reason)

export interface DeadLetter {
  readonly eventId: string
  /** The operation or subscription that it belongs to. */
  readonly stream: string
  readonly reason: string
  readonly attempts: number
  readonly createdAt: string
  readonly endedAt: string
}

interface Row {
  readonly event_id: string
  readonly stream: string
  readonly end_reason: string
  readonly attempts: number
  readonly created_at: Date
  readonly ended_at: Date
}

const isDead = `end_reason in (${mendable.map((reason) => `'${reason}'`).join(', ')}) and callback is not null`

/** Oldest first, behind `after`. */
export const deadLetters = async (
  queries: Queries,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly DeadLetter[]> => {
  const rows = await queries.query<Row>(
    `select event_id, stream, end_reason, attempts, created_at, ended_at from outbox
     where ended_at is not null and ${isDead}
       and position > coalesce((select position from outbox where event_id = $1::uuid), 0)
     order by position limit $2`,
    [after ?? null, limit],
  )
  return rows.map((row) => ({
    eventId: row.event_id,
    stream: row.stream,
    reason: row.end_reason,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
  }))
}

interface Replay {
  readonly eventId: string
  readonly now: number
  /** In the place of the one that has expired. */
  readonly credential?: SinkCredential
}

/** The same octets and the same id, with all its attempts before it again. */
export const replayDeadLetter = (
  database: Database,
  { eventId, now, credential }: Replay,
): Promise<'replayed' | 'unknown' | 'credential-needed'> =>
  database.transaction(async (queries) => {
    const [found] = await queries.query<{ callback: string; end_reason: string }>(
      `select callback, end_reason from outbox where event_id = $1 and ended_at is not null and ${isDead} for update`,
      [eventId],
    )
    if (!found) return 'unknown'
    if (found.end_reason === 'credential-expired' && !credential) return 'credential-needed'
    const callback = { ...JSON.parse(found.callback), ...(credential && { credential }) }
    await queries.query(
      `update outbox set ended_at = null, end_reason = null, instance = null, attempts = 0, callback = $2,
         created_at = $3, next_attempt_at = $3 where event_id = $1`,
      [eventId, JSON.stringify(callback), new Date(now)],
    )
    return 'replayed'
  })

/** What has ended at this instant or before, delivered or not. */
export const forgetEvents = async (queries: Queries, until: number): Promise<void> => {
  await queries.query('delete from outbox where ended_at <= $1', [new Date(until)])
}

export interface Backlog {
  readonly operations: Readonly<Record<string, number>>
  readonly waitingEvents: number
  readonly deadLetters: number
}

/** What is not finished, for whoever watches. */
export const backlogOf = async (queries: Queries): Promise<Backlog> => {
  const phases = await queries.query<{ phase: string; many: number }>(
    `select phase, count(*)::int as many from operation where phase <> 'completed' group by phase`,
  )
  const [events] = await queries.query<{ waiting: number; dead: number }>(
    `select (select count(*)::int from outbox where ended_at is null) as waiting,
            (select count(*)::int from outbox where ended_at is not null and ${isDead}) as dead`,
  )
  return {
    operations: Object.fromEntries(phases.map(({ phase, many }) => [phase, many])),
    waitingEvents: events?.waiting ?? 0,
    deadLetters: events?.dead ?? 0,
  }
}
