import { expect, test } from 'vitest'
import { openEmbeddedDatabase } from './store-pglite.ts'

test('rows that come and go take no more room the longer it lasts', async () => {
  const database = await openEmbeddedDatabase(undefined, 100)
  await database.query('create table parcel (id integer primary key, body text)')
  const pass = async (from: number, to: number) => {
    for (let id = from; id < to; id++) {
      await database.query('insert into parcel values ($1, $2)', [id, 'x'.repeat(500)])
      await database.transaction((queries) => queries.query('delete from parcel where id < $1', [id - 10]))
    }
    const [row] = await database.query<{ octets: number }>(`select pg_relation_size('parcel')::integer as octets`)
    return row?.octets
  }
  const first = await pass(0, 200)
  expect(await pass(200, 800)).toBe(first)
  await database.close()
}, 60_000)
