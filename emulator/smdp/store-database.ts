/** Orders and RSP sessions of an SM-DP+ in a database: they outlive the process, so that a download goes on where it was broken off. */
import { type Database, fromText, migrate, toText } from '../ports/index.ts'
import type { Order } from './order.ts'
import type { KeptSession } from './session.ts'

/** Answers wait until what they tell is kept. */
export interface SmdpStore {
  /** As they were when it was opened, in the order in which they came. */
  readonly orders: readonly Order[]
  readonly sessions: readonly KeptSession[]
  putOrder(order: Order): void
  removeOrder(iccid: string): void
  putSession(session: KeptSession): void
  removeSession(transactionId: string): void
  /** Resolves when everything is kept that was put before; rejects when it could not be. */
  settled(): Promise<void>
}

const table = (name: string) =>
  `create table smdp.${name} (
     name text primary key,
     position bigint generated always as identity,
     content text not null
   )`

const migrations = [[table('profile_order'), table('session')]]

interface Row {
  readonly content: string
}

/** Does not close the database. */
export async function openSmdpStore(database: Database): Promise<SmdpStore> {
  await migrate(database, { name: 'smdp', lock: 5_032_013, migrations })
  const all = async <T>(name: Name): Promise<readonly T[]> =>
    (await database.query<Row>(`select content from smdp.${name} order by position`)).map(({ content }) =>
      fromText<T>(content),
    )
  const { put, remove, settled } = createWriter(database)
  return {
    orders: await all('profile_order'),
    sessions: await all('session'),
    putOrder: (order) => put('profile_order', order.iccid, order),
    removeOrder: (iccid) => remove('profile_order', iccid),
    putSession: (session) => put('session', session.transactionId, session),
    removeSession: (transactionId) => remove('session', transactionId),
    settled,
  }
}

type Name = 'profile_order' | 'session'

/** One statement after the other. That one has failed is told to whoever waits next. */
function createWriter(database: Database) {
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
    put: (table: Name, name: string, content: unknown) =>
      write(
        `insert into smdp.${table} (name, content) values ($1, $2)
         on conflict (name) do update set content = excluded.content`,
        [name, toText(content)],
      ),
    remove: (table: Name, name: string) => write(`delete from smdp.${table} where name = $1`, [name]),
    async settled() {
      await last
      if (!failure) return
      const { error } = failure
      failure = undefined
      throw error
    },
  }
}
