/** Values of a role in tables of its schema: by name, in the order in which they came. */
import type { Database } from './database.ts'
import { fromText, toText } from './text.ts'

/** For the migrations of the role. `table` has the name of its schema before it. */
export const rowsTable = (table: string): string =>
  `create table ${table} (
     name text primary key,
     position bigint generated always as identity,
     content text not null
   )`

export async function readRows<T>(database: Database, table: string): Promise<readonly T[]> {
  const rows = await database.query<{ readonly content: string }>(`select content from ${table} order by position`)
  return rows.map(({ content }) => fromText<T>(content))
}

export interface RowWriter {
  put(table: string, name: string, content: unknown): void
  remove(table: string, name: string): void
  /** Resolves when everything is kept that was put before; rejects when it could not be. */
  settled(): Promise<void>
}

/** One statement after the other. That one has failed is told to whoever waits next. */
export function createRowWriter(database: Database): RowWriter {
  let last: Promise<void> = Promise.resolve()
  let failure: { readonly error: unknown } | undefined
  const write = (sql: string, parameters: readonly string[]) => {
    last = last.then(async () => {
      await database.query(sql, parameters).catch((error: unknown) => {
        failure = { error }
      })
    })
  }
  return {
    put: (table, name, content) =>
      write(
        `insert into ${table} (name, content) values ($1, $2)
         on conflict (name) do update set content = excluded.content`,
        [name, toText(content)],
      ),
    remove: (table, name) => write(`delete from ${table} where name = $1`, [name]),
    async settled() {
      await last
      if (!failure) return
      const { error } = failure
      failure = undefined
      throw error
    },
  }
}
