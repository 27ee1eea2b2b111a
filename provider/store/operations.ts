/** Operations as rows. `progress` is the truth; phase and deadline repeat what queries need of it. JSON is text: it may hold any character. */
import type { Operation } from '../operations/operation.ts'
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
}

const columns = 'operation_id, dialect, tenant, correlator, eid, iccid, task, callback, time_limit_ms, progress'

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
})

const phaseAndDeadline = ({ progress }: Operation) =>
  [progress.phase, progress.phase === 'completed' ? null : new Date(progress.deadline)] as const

export const insertOperation = async (queries: Queries, operation: Operation): Promise<void> => {
  const {
    operationId,
    dialect,
    tenant,
    correlator,
    eid,
    iccid = null,
    task,
    callback,
    timeLimitMs,
    progress,
  } = operation
  await queries.query(
    `insert into operation (${columns}, phase, deadline) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[operationId, dialect, tenant, correlator, eid, iccid, JSON.stringify(task)],
      ...[callback ? JSON.stringify(callback) : null, timeLimitMs, JSON.stringify(progress)],
      ...phaseAndDeadline(operation),
    ],
  )
}

/** All of it happens as if nobody else accepted for this eUICC meanwhile, in this process or in another one. */
export const insertIfIdle = (database: Database, operation: Operation): Promise<boolean> =>
  database.transaction(async (queries) => {
    await queries.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [operation.eid])
    if (await headOf(queries, operation.eid)) return false
    await insertOperation(queries, operation)
    return true
  })

/** A completed operation keeps no credential: what the event still needs of it has moved to the outbox. */
export const updateProgress = async (queries: Queries, operation: Operation): Promise<void> => {
  const { operationId, iccid = null, progress } = operation
  const completedAt = progress.phase === 'completed' ? new Date(progress.result.completedAt) : null
  await queries.query(
    `update operation set progress = $2, phase = $3, deadline = $4, iccid = $5, completed_at = $6,
       callback = case when $3 = 'completed' then null else callback end
     where operation_id = $1`,
    [operationId, JSON.stringify(progress), ...phaseAndDeadline(operation), iccid, completedAt],
  )
}

export const findOperation = async (queries: Queries, operationId: string): Promise<Operation | undefined> => {
  if (!isUuid.test(operationId)) return undefined
  const [row] = await queries.query<Row>(`select ${columns} from operation where operation_id = $1`, [operationId])
  return row && operationOf(row)
}

/** The one whose turn it is on this eUICC: the first accepted of those that are not completed. */
export const headOf = async (queries: Queries, eid: string): Promise<Operation | undefined> => {
  const [row] = await queries.query<Row>(
    `select ${columns} from operation where eid = $1 and phase <> 'completed' order by position limit 1`,
    [eid],
  )
  return row && operationOf(row)
}

export const eidsWithWork = async (queries: Queries): Promise<readonly string[]> => {
  const rows = await queries.query<{ eid: string }>(`select distinct eid from operation where phase <> 'completed'`)
  return rows.map(({ eid }) => eid)
}

export const overdueOperations = async (queries: Queries, now: number): Promise<readonly Operation[]> => {
  const rows = await queries.query<Row>(
    `select ${columns} from operation where phase <> 'completed' and deadline <= $1 order by position`,
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
