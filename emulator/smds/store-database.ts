/** Event records of an SM-DS in a database: they outlive the process. */
import { createRowWriter, type Database, migrate, readRows, rowsTable } from '../ports/index.ts'
import type { EventRecord, SmdsStore } from './events.ts'

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
