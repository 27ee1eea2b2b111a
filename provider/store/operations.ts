/** Operations as rows. `progress` is the truth; phase, deadline and times repeat what queries need of it. JSON is text: it may hold any character. */
import type { At, Operation, Repeatable } from '../operations/operation.ts'
import type { Database, Queries } from './database.ts'

interface Row {
  readonly operation_id: string
  readonly dialect: string
  readonly tenant: string
  readonly correlator: string
  readonly eid: string
  readonly iccid: string | null
  readonly task: string
  readonly callback: string | null
  readonly time_limit_ms: number | string
  readonly progress: string
  readonly accepted_at: Date
}

const columns = 'operation_id, dialect, tenant, correlator, eid, iccid, task, callback, time_limit_ms, progress'
const readColumns = `${columns}, accepted_at`

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const operationOf = (row: Row): Operation => ({
  operationId: row.operation_id,
  dialect: row.dialect,
  tenant: row.tenant,
  correlator: row.correlator,
  eid: row.eid,
  ...(row.iccid !== null && { iccid: row.iccid }),
  task: JSON.parse(row.task),
  ...(row.callback !== null && { callback: JSON.parse(row.callback) }),
  timeLimitMs: Number(row.time_limit_ms),
  progress: JSON.parse(row.progress),
  acceptedAt: row.accepted_at.getTime(),
})

const phaseAndDeadline = ({ progress }: Operation) =>
  [progress.phase, progress.phase === 'completed' ? null : new Date(progress.deadline)] as const

interface Acceptance {
  readonly acceptedAt: number
  readonly repeatable: Repeatable | undefined
}

/**
 * Those of one eUICC are numbered in the order in which they become visible, also when several instances accept them: each waits for the
 * one before. 'repeated': the client has used this Idempotency-Key before, and nothing was written.
 */
export const insertOperation = async (
  queries: Queries,
  operation: Operation,
  { acceptedAt, repeatable }: Acceptance,
): Promise<'written' | 'repeated'> => {
  const { operationId, dialect, tenant, correlator, eid, iccid, task, callback, timeLimitMs, progress } = operation
  const rows = await queries.query(
    `with turn as materialized (select pg_advisory_xact_lock(hashtextextended($5, 0)))
     insert into operation (${columns}, phase, deadline, accepted_at, client, idempotency_key, fingerprint)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 from turn
     on conflict (client, idempotency_key) do nothing returning 1`,
    [
      ...[operationId, dialect, tenant, correlator, eid, iccid ?? null, JSON.stringify(task)],
      ...[callback ? JSON.stringify(callback) : null, timeLimitMs, JSON.stringify(progress)],
      ...phaseAndDeadline(operation),
      ...[new Date(acceptedAt), repeatable?.client ?? null, repeatable?.key ?? null, repeatable?.fingerprint ?? null],
    ],
  )
  return rows.length === 1 ? 'written' : 'repeated'
}

/** All of it happens as if nobody else accepted for this eUICC meanwhile, in this process or in another one. */
export const insertIfIdle = (database: Database, operation: Operation, acceptance: Acceptance): Promise<boolean> =>
  database.transaction(async (queries) => {
    await queries.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [operation.eid])
    if (await headOf(queries, operation.eid)) return false
    return (await insertOperation(queries, operation, acceptance)) === 'written'
  })

/** false: it is not where `before` says any more, and nothing was written. A completed operation keeps no credential: its event has it. */
export const updateProgress = async (queries: Queries, before: Operation, after: Operation): Promise<boolean> => {
  const { operationId, iccid = null, progress } = after
  const completedAt = progress.phase === 'completed' ? new Date(progress.result.completedAt) : null
  const rows = await queries.query(
    `update operation set progress = $3, phase = $4, deadline = $5, iccid = $6, completed_at = $7,
       callback = case when $4 = 'completed' then null else callback end
     where operation_id = $1 and progress = $2 returning 1`,
    [
      ...[operationId, JSON.stringify(before.progress), JSON.stringify(progress)],
      ...[...phaseAndDeadline(after), iccid, completedAt],
    ],
  )
  return rows.length === 1
}

export const findOperation = async (queries: Queries, operationId: string): Promise<Operation | undefined> => {
  if (!isUuid.test(operationId)) return undefined
  const [row] = await queries.query<Row>(`select ${readColumns} from operation where operation_id = $1`, [operationId])
  return row && operationOf(row)
}

/** The one whose turn it is on this eUICC: the first accepted of those that are not completed. */
export const headOf = async (queries: Queries, eid: string): Promise<Operation | undefined> => {
  const [row] = await queries.query<Row>(
    `select ${readColumns} from operation where eid = $1 and phase <> 'completed' order by position limit 1`,
    [eid],
  )
  return row && operationOf(row)
}

export const isUnderWay = async (
  queries: Queries,
  { eid, iccid }: { readonly eid: string; readonly iccid: string },
): Promise<boolean> => {
  const rows = await queries.query(
    `select 1 from operation where eid = $1 and iccid = $2 and phase <> 'completed' limit 1`,
    [eid, iccid],
  )
  return rows.length > 0
}

/** Of one instance, or all where there is only one. */
export const eidsWithWork = async (queries: Queries, instance?: string): Promise<readonly string[]> => {
  const rows = await queries.query<{ eid: string }>(
    `select distinct eid from operation where phase <> 'completed'
     and ($1::uuid is null or eid in (select eid from turn where instance = $1))`,
    [instance ?? null],
  )
  return rows.map(({ eid }) => eid)
}

/** The operation that this client started with this key, and what it had asked for. Older keys are forgotten. */
export const findByIdempotencyKey = async (
  queries: Queries,
  { client, key }: Pick<Repeatable, 'client' | 'key'>,
  notBefore: number,
): Promise<{ readonly operation: Operation; readonly fingerprint: string } | undefined> => {
  await queries.query(
    `update operation set idempotency_key = null where client = $1 and idempotency_key = $2 and accepted_at < $3`,
    [client, key, new Date(notBefore)],
  )
  const [row] = await queries.query<Row & { fingerprint: string }>(
    `select ${readColumns}, fingerprint from operation where client = $1 and idempotency_key = $2`,
    [client, key],
  )
  return row && { operation: operationOf(row), fingerprint: row.fingerprint }
}

export const overdueOperations = async (queries: Queries, now: number): Promise<readonly Operation[]> => {
  const rows = await queries.query<Row>(
    `select ${readColumns} from operation where phase <> 'completed' and deadline <= $1 order by position`,
    [new Date(now)],
  )
  return rows.map(operationOf)
}

/** Milliseconds since the Unix epoch. */
export const nextDeadline = async (queries: Queries): Promise<number | undefined> => {
  const [row] = await queries.query<{ at: Date | null }>(
    `select min(deadline) as at from operation where phase <> 'completed'`,
  )
  return row?.at?.getTime()
}

/** Forgets what was completed at this instant or before. */
export const purgeCompleted = async (queries: Queries, until: number): Promise<void> => {
  await queries.query(`delete from operation where completed_at <= $1`, [new Date(until)])
}

/** Milliseconds since the Unix epoch. */
export const firstCompletion = async (queries: Queries): Promise<number | undefined> => {
  const [row] = await queries.query<{ at: Date | null }>('select min(completed_at) as at from operation')
  return row?.at?.getTime()
}

interface Completed {
  readonly tenant: string
  readonly dialects: readonly string[]
  readonly eid?: string
  readonly iccid?: string
  readonly operationId?: string
  /** Milliseconds since the Unix epoch. */
  readonly after: number
}

export const latestCompleted = async (
  queries: Queries,
  { tenant, dialects, eid, iccid, operationId, after }: Completed,
): Promise<Operation<At<'completed'>> | undefined> => {
  const [row] = await queries.query<Row>(
    `select ${readColumns} from operation
     where tenant = $1 and dialect in (select json_array_elements_text($2::json)) and completed_at > $3
       and ($4::text is null or eid = $4) and ($5::text is null or iccid = $5)
       and ($6::uuid is null or operation_id = $6)
     order by completed_at desc, position desc limit 1`,
    [tenant, JSON.stringify(dialects), new Date(after), eid ?? null, iccid ?? null, operationId ?? null],
  )
  return row && (operationOf(row) as Operation<At<'completed'>>)
}
