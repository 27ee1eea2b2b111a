import type { Database } from './database.ts'

interface Schema {
  readonly name: string
  /** Of pg_advisory_lock: any number that nobody else uses. Processes that start together take turns. */
  readonly lock: number
  /** Statements, one row per version; a row that has been released never changes. */
  readonly migrations: readonly (readonly string[])[]
}

/** Brings the tables of a role, in a schema of their own, to the latest version. */
export const migrate = (database: Database, { name, lock, migrations }: Schema): Promise<void> =>
  database.transaction(async (queries) => {
    await queries.query('select pg_advisory_xact_lock($1)', [lock])
    await queries.query(`create schema if not exists ${name}`)
    await queries.query(`create table if not exists ${name}.schema_version (version integer primary key)`)
    const [row] = await queries.query<{ version: number }>(
      `select coalesce(max(version), 0) as version from ${name}.schema_version`,
    )
    for (const [index, statements] of migrations.entries()) {
      if (index < (row?.version ?? 0)) continue
      for (const statement of statements) await queries.query(statement)
      await queries.query(`insert into ${name}.schema_version (version) values ($1)`, [index + 1])
    }
  })
