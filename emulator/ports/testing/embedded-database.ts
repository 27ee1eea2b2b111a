/** PostgreSQL in the process, as a role sees it. Tests of every role may import it. */
import { PGlite, type Transaction } from '@electric-sql/pglite'
import type { Database, Queries } from '../database.ts'

const queriesOf = (connection: PGlite | Transaction): Queries => ({
  query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
    (await connection.query<Row>(sql, [...parameters])).rows,
})

export async function openEmbeddedDatabase(): Promise<Database & { close(): Promise<void> }> {
  const pglite = await PGlite.create()
  return {
    ...queriesOf(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(queriesOf(transaction))),
    close: () => pglite.close(),
  }
}
