/** Event records of an SM-DS in a database: they outlive the process. */
import { createRowWriter, type Database, migrate, readRows, rowsTable } from '../ports/index.ts'
import type { EventRecord } from './events.ts'

/** Answers wait until what they tell is kept. */
export interface SmdsStore {
  /** As they were when it was opened, in the order in which they came. */
  readonly events: readonly EventRecord[]
  put(event: EventRecord): void
  remove(event: EventRecord): void
  /** Resolves when everything is kept that was put before; rejects when it could not be. */
  settled(): Promise<void>
}

const TABLE = 'smds.event'

const nameOf = ({ eid, eventId }: EventRecord): string => `${eid} ${eventId}`

/** Does not close the database. */
export async function openSmdsStore(database: Database): Promise<SmdsStore> {
  await migrate(database, { name: 'smds', lock: 5_032_015, migrations: [[rowsTable(TABLE)]] })
  const { put, remove, settled } = createRowWriter(database)
  return {
    events: await readRows(database, TABLE),
    put: (event) => put(TABLE, nameOf(event), event),
    remove: (event) => remove(TABLE, nameOf(event)),
    settled,
  }
}
