/** PostgreSQL in the process (PGlite). Without a folder everything is forgotten at the end. */
import { mkdir } from 'node:fs/promises'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { type Database, type Queries, withoutParameters } from './database.ts'

const queriesOf = (connection: PGlite | Transaction): Queries => ({
  async query<Row>(sql: string, parameters: readonly unknown[] = []) {
    const { rows } = await connection.query<Row>(sql, [...parameters]).catch(withoutParameters)
    return rows
  },
})

export const openEmbeddedDatabase = async (folder?: string): Promise<Database> => {
  if (folder !== undefined) await mkdir(folder, { recursive: true })
  const pglite = await PGlite.create(folder ?? 'memory://')
  return {
    ...queriesOf(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(queriesOf(transaction))),
    close: () => pglite.close(),
  }
}
