/**
 * Who does the work of which eUICC when several instances share a database. An instance says every so often that it is alive, by the
 * clock of the database; one that has said nothing for too long is deleted by the others, and with it everything it had taken.
 */
import type { Queries } from './database.ts'

/** The answer is false when the others had given it up: whatever it had taken may be somebody else's. */
export const sayAlive = async (queries: Queries, instance: string, leaseMs: number): Promise<boolean> => {
  const [row] = await queries.query<{ known: boolean }>(
    `with known as (select 1 from instance where instance = $1)
     insert into instance (instance, alive_until)
     values ($1, clock_timestamp() + $2 * interval '1 millisecond')
     on conflict (instance) do update set alive_until = excluded.alive_until
     returning exists (select 1 from known) as known`,
    [instance, leaseMs],
  )
  return row?.known === true
}

export const buryTheDead = async (queries: Queries): Promise<void> => {
  await queries.query('delete from instance where alive_until < clock_timestamp()')
}

export const leave = async (queries: Queries, instance: string): Promise<void> => {
  await queries.query('delete from instance where instance = $1', [instance])
}

/** Whether the eUICC is this instance's now: taken by it before, or by nobody. */
export const takeTurn = async (queries: Queries, eid: string, instance: string): Promise<boolean> => {
  const rows = await queries.query(
    `insert into turn (eid, instance) values ($1, $2)
     on conflict (eid) do update set instance = turn.instance where turn.instance = excluded.instance returning eid`,
    [eid, instance],
  )
  return rows.length === 1
}

/** eUICCs that have work which nobody does. */
export const abandonedEids = async (queries: Queries): Promise<readonly string[]> => {
  const rows = await queries.query<{ eid: string }>(
    `select distinct eid from operation
     where phase <> 'completed' and not exists (select 1 from turn where turn.eid = operation.eid)`,
  )
  return rows.map(({ eid }) => eid)
}

/** eUICCs of this instance whose next operation has not been begun: now at work on it, or neglected. */
export const waitingEids = async (queries: Queries, instance: string): Promise<readonly string[]> => {
  const rows = await queries.query<{ eid: string }>(
    `select eid from (
       select distinct on (eid) eid, phase from operation where phase <> 'completed' order by eid, position
     ) head join turn using (eid) where turn.instance = $1 and head.phase = 'accepted'`,
    [instance],
  )
  return rows.map(({ eid }) => eid)
}

export const notify = async (queries: Queries, channel: string, payload: string): Promise<void> => {
  await queries.query('select pg_notify($1, $2)', [channel, payload])
}
