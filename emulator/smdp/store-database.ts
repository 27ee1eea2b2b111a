/** Orders and RSP sessions of an SM-DP+ in a database: they outlive the process, so that a download goes on where it was broken off. */
import { createRowWriter, type Database, migrate, readRows, rowsTable } from '../ports/index.ts'
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

const ORDERS = 'smdp.profile_order'
const SESSIONS = 'smdp.session'
const migrations = [[rowsTable(ORDERS), rowsTable(SESSIONS)]]

/** Does not close the database. */
export async function openSmdpStore(database: Database): Promise<SmdpStore> {
  await migrate(database, { name: 'smdp', lock: 5_032_013, migrations })
  const { put, remove, settled } = createRowWriter(database)
  return {
    orders: await readRows(database, ORDERS),
    sessions: await readRows(database, SESSIONS),
    putOrder: (order) => put(ORDERS, order.iccid, order),
    removeOrder: (iccid) => remove(ORDERS, iccid),
    putSession: (session) => put(SESSIONS, session.transactionId, session),
    removeSession: (transactionId) => remove(SESSIONS, transactionId),
    settled,
  }
}
