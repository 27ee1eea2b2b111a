/** The eIM's knowledge in a database: it outlives the process, and several eIMs may have it together. */
import { type Database, fromText, type Queries, toText } from '../ports/index.ts'
import type { EventSource } from '../rest/index.ts'
import { createEventRing, type EventRing } from './event-ring.ts'
import type { Package } from './model.ts'
import type { Facility, Resource, Resources } from './onomondo/resources.ts'
import type { RelaySession, RelaySessions } from './relay/sessions.ts'
import { migrateEim } from './schema-database.ts'
import type { Effect, EuiccState } from './state.ts'
import type { EimStore } from './store.ts'

export interface KeptEim {
  readonly store: EimStore
  readonly resources: Resources
  readonly sessions: RelaySessions
  /** Does not close the database. */
  close(): Promise<void>
}

export interface DatabaseStoreOptions {
  /** Events kept for those who resume. */
  readonly keptEvents?: number
  /** Told when events could not be read; they are read with the next ones. */
  readonly onError?: (error: unknown) => void
}

export async function openDatabaseStore(database: Database, options: DatabaseStoreOptions = {}): Promise<KeptEim> {
  await migrateEim(database)
  const events = await openEvents(database, options)
  return {
    store: createStore(database, events),
    resources: createResources(database),
    sessions: createSessions(database),
    close: events.close,
  }
}

interface Text {
  readonly text: string
}

const one = <T>([row]: readonly Text[]): T | undefined => row && fromText<T>(row.text)

function createStore(database: Database, events: Events): EimStore {
  return {
    async change({ eid, idempotencyKey }, decide) {
      const turn = await database.transaction(async (queries) => {
        await queries.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`eim ${eid}`])
        const before = one<EuiccState>(await queries.query('select state as text from eim.euicc where eid = $1', [eid]))
        const ordered = await packageOfKey(queries, eid, idempotencyKey)
        const decided = decide(before, ordered)
        if (decided.state && decided.state !== before) await keep(queries, before, decided.state)
        for (const effect of decided.effects) await keepPackage(queries, eid, effect)
        await events.write(queries, eid, decided.effects)
        return decided
      })
      if (turn.effects.some(isTold)) await events.read()
      return turn
    },
    euicc: async (eid) => one(await database.query('select state as text from eim.euicc where eid = $1', [eid])),
    async euiccs({ after = '', limit }) {
      const page = 'select state as text from eim.euicc where eid > $1 order by eid limit $2'
      return (await database.query<Text>(page, [after, limit])).map(({ text }) => fromText(text))
    },
    package: async (packageId) =>
      one(await database.query('select package as text from eim.package where package_id = $1', [packageId])),
    eidOfProfile: (iccid) => eidWhere(database, 'select eid from eim.profile where iccid = $1', iccid),
    eidOfTransaction: (id) => eidWhere(database, 'select eid from eim.euicc where eim_transaction_id = $1', id),
    events: events.source,
  }
}

async function eidWhere(database: Database, sql: string, value: string): Promise<string | undefined> {
  const [row] = await database.query<{ eid: string }>(sql, [value])
  return row?.eid
}

async function packageOfKey(queries: Queries, eid: string, key: string | undefined): Promise<Package | undefined> {
  if (key === undefined) return undefined
  const sql = 'select package as text from eim.package where eid = $1 and idempotency_key = $2'
  return one(await queries.query(sql, [eid, key]))
}

async function keep(queries: Queries, before: EuiccState | undefined, after: EuiccState): Promise<void> {
  const { eid, exchange, inventory } = after
  await queries.query(
    `insert into eim.euicc (eid, eim_transaction_id, state) values ($1, $2, $3)
     on conflict (eid) do update set eim_transaction_id = excluded.eim_transaction_id, state = excluded.state`,
    [eid, exchange?.eimTransactionId ?? null, toText(after)],
  )
  if (exchange && exchange.package !== before?.exchange?.package) await putPackage(queries, eid, exchange.package)
  if (JSON.stringify(before?.inventory.profiles) === JSON.stringify(inventory.profiles)) return
  await queries.query('delete from eim.profile where eid = $1', [eid])
  for (const { iccid } of inventory.profiles)
    await queries.query(
      'insert into eim.profile (iccid, eid) values ($1, $2) on conflict (iccid) do update set eid = excluded.eid',
      [iccid, eid],
    )
}

const keepPackage = async (queries: Queries, eid: string, effect: Effect): Promise<void> => {
  if (effect.kind === 'package') await putPackage(queries, eid, effect.package, effect.idempotencyKey)
}

const putPackage = (queries: Queries, eid: string, value: Package, key?: string) =>
  queries.query(
    `insert into eim.package (package_id, eid, idempotency_key, package) values ($1, $2, $3, $4)
     on conflict (package_id) do update set
       package = excluded.package,
       idempotency_key = coalesce(excluded.idempotency_key, eim.package.idempotency_key)`,
    [value.packageId, eid, key ?? null, toText(value)],
  )

interface Events {
  readonly source: EventSource
  /** In the transaction of what they tell. */
  write(queries: Queries, eid: string, effects: readonly Effect[]): Promise<void>
  /** Those that are new in the database, to whoever listens here. */
  read(): Promise<void>
  close(): Promise<void>
}

const KEPT_EVENTS = 10_000
const CHANNEL = 'eim_event'

const isTold = ({ kind }: Effect): boolean => kind === 'package' || kind === 'inventory'

/** Written one after the other: who has read up to an id has missed none before it. */
async function openEvents(database: Database, options: DatabaseStoreOptions): Promise<Events> {
  const { keptEvents = KEPT_EVENTS, onError = () => {} } = options
  const [row] = await database.query<{ last: string }>('select coalesce(max(id), 0)::text as last from eim.event')
  const ring = createEventRing(keptEvents, Math.max(0, Number(row?.last) - keptEvents))
  let reading: Promise<void> = Promise.resolve()
  const read = () => {
    reading = reading.catch(() => {}).then(() => readInto(database, ring))
    return reading
  }
  await read()
  const listening = await database.shared?.listen(
    CHANNEL,
    () => void read().catch(onError),
    () => void read().catch(onError),
  )
  return {
    source: ring,
    async write(queries, eid, effects) {
      const told = effects.filter(isTold)
      if (told.length === 0) return
      await queries.query('select pg_advisory_xact_lock($1)', [EVENT_LOCK])
      for (const effect of told) await writeEvent(queries, eid, effect)
      await queries.query('delete from eim.event where id <= (select max(id) from eim.event) - $1', [keptEvents])
      if (database.shared) await queries.query(`notify ${CHANNEL}`)
    },
    read,
    close: async () => void (await listening?.()),
  }
}

/** Any number that nobody else uses. */
const EVENT_LOCK = 5_032_011

const writeEvent = (queries: Queries, eid: string, effect: Effect) =>
  queries.query(
    'insert into eim.event (id, event, data) select coalesce(max(id), 0) + 1, $1, $2 from eim.event',
    effect.kind === 'package' ? ['package', toText(effect.package)] : ['euicc', toText({ eid })],
  )

interface EventRow {
  readonly event: string
  readonly data: string
}

async function readInto(database: Database, ring: EventRing): Promise<void> {
  const sql = 'select event, data from eim.event where id > $1 order by id'
  for (const { event, data } of await database.query<EventRow>(sql, [ring.last])) ring.append(event, fromText(data))
}

const createResources = (database: Database): Resources => ({
  async put(resource) {
    const { resourceId, facility, createdAt } = resource
    await database.query(
      `insert into eim.resource (resource_id, facility, created_at, resource) values ($1, $2, $3, $4)
       on conflict (resource_id) do update set resource = excluded.resource`,
      [resourceId, facility, createdAt, toText(resource)],
    )
  },
  find: async (facility, resourceId) =>
    one<Resource>(
      await database.query('select resource as text from eim.resource where facility = $1 and resource_id = $2', [
        facility,
        resourceId,
      ]),
    ),
  async remove({ resourceId }) {
    await database.query('delete from eim.resource where resource_id = $1', [resourceId])
  },
  async list(facility: Facility) {
    const sql = 'select resource_id from eim.resource where facility = $1 order by created_at, resource_id'
    return (await database.query<{ resource_id: string }>(sql, [facility])).map((row) => row.resource_id)
  },
})

const KEPT_SESSIONS = 10_000

const createSessions = (database: Database): RelaySessions => ({
  get: async (transactionId) =>
    one<RelaySession>(
      await database.query('select session as text from eim.session where transaction_id = $1', [transactionId]),
    ),
  async put(session) {
    await database.query(
      `insert into eim.session (transaction_id, session) values ($1, $2)
       on conflict (transaction_id) do update set session = excluded.session`,
      [session.transactionId, toText(session)],
    )
    await database.query('delete from eim.session where position <= (select max(position) from eim.session) - $1', [
      KEPT_SESSIONS,
    ])
  },
})
