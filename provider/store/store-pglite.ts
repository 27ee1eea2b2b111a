/** PostgreSQL in the process. Without a folder everything is forgotten at the end. */
import { PGlite, type Transaction } from '@electric-sql/pglite'
import type { Database, Queries } from './database.ts'

const queriesOf = (connection: PGlite | Transaction): Queries => ({
  async query<Row>(sql: string, parameters: readonly unknown[] = []) {
    const { rows } = await connection.query<Row>(sql, [...parameters])
    return rows
  },
})

export const openEmbeddedDatabase = async (folder?: string): Promise<Database> => {
  const pglite = await PGlite.create(folder === undefined ? 'memory://' : folder)
  return {
    ...queriesOf(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(queriesOf(transaction))),
    close: () => pglite.close(),
  }
}
