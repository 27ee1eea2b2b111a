/** What outlives a testbed's process: its cards with the memory of their IPAs, and what its SM-DP+ and its SM-DS keep. */
import { emptyRecord, type IpaMemory, type IpaRecord } from '../ipa/index.ts'
import { type Database, fromText, migrate, toText } from '../ports/index.ts'
import { openSmdpStore, type SmdpStore } from '../smdp/index.ts'
import { openSmdsStore, type SmdsStore } from '../smds/index.ts'
import type { KeptDevice } from './device/new-device.ts'

export interface TestbedStore {
  /** As they were when it was opened, in the order in which they were made. */
  readonly devices: readonly KeptDevice[]
  /** Resolves when it is kept. */
  put(device: KeptDevice): Promise<void>
  memoryOf(eid: string): IpaMemory
  readonly smdp: SmdpStore
  readonly smds: SmdsStore
}

/** Of the text in which a card is kept. Unknown versions are refused. */
const CARD_VERSION = 1

const migrations = [
  [
    'create table testbed.seed (seed text primary key)',
    `create table testbed.device (
       eid text primary key,
       position bigint generated always as identity,
       version integer not null,
       device text not null
     )`,
    'create table testbed.ipa (eid text primary key, record text not null)',
  ],
]

/** Throws when the database is of another seed: keys and certificates of its cards would be others. Does not close the database. */
export async function openTestbedStore(database: Database, seed: string): Promise<TestbedStore> {
  await migrate(database, { name: 'testbed', lock: 5_032_014, migrations })
  await database.query('insert into testbed.seed (seed) select $1 where not exists (select from testbed.seed)', [seed])
  const [kept] = await database.query<{ seed: string }>('select seed from testbed.seed')
  if (kept?.seed !== seed) throw new Error(`the devices that are kept are of seed ${kept?.seed}, not of ${seed}`)
  return {
    devices: await devicesIn(database),
    async put(device) {
      await database.query(
        `insert into testbed.device (eid, version, device) values ($1, $2, $3)
         on conflict (eid) do update set version = excluded.version, device = excluded.device`,
        [device.eid, CARD_VERSION, toText(device)],
      )
    },
    memoryOf: (eid) => createMemory(database, eid),
    smdp: await openSmdpStore(database),
    smds: await openSmdsStore(database),
  }
}

async function devicesIn(database: Database): Promise<readonly KeptDevice[]> {
  const rows = await database.query<{ version: number; device: string }>(
    'select version, device from testbed.device order by position',
  )
  const unknown = rows.find(({ version }) => version !== CARD_VERSION)
  if (unknown) throw new Error(`a card is kept in version ${unknown.version}, which this program does not know`)
  return rows.map(({ device }) => fromText<KeptDevice>(device))
}

function createMemory(database: Database, eid: string): IpaMemory {
  let known: IpaRecord | undefined
  return {
    async load() {
      if (known) return known
      const [row] = await database.query<{ record: string }>('select record from testbed.ipa where eid = $1', [eid])
      known = row ? { ...emptyRecord, ...fromText<Partial<IpaRecord>>(row.record) } : emptyRecord
      return known
    },
    async save(record) {
      await database.query(
        'insert into testbed.ipa (eid, record) values ($1, $2) on conflict (eid) do update set record = excluded.record',
        [eid, toText(record)],
      )
      known = record
    },
  }
}
