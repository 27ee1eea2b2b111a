import { afterAll, beforeAll, expect, test } from 'vitest'
import { generatePrivateKey } from '../../protocol/crypto/index.ts'
import { openEmbeddedDatabase } from '../ports/testing/embedded-database.ts'
import type { StreamEvent } from '../rest/index.ts'
import type { Package } from './model.ts'
import { createMemoryResources } from './onomondo/resources.ts'
import { createMemorySessions } from './relay/sessions.ts'
import { type EuiccState, newEuicc } from './state.ts'
import { type KeptEim, openDatabaseStore } from './store-database.ts'
import { createMemoryStore } from './store-memory.ts'

let database: Awaited<ReturnType<typeof openEmbeddedDatabase>>

beforeAll(async () => {
  database = await openEmbeddedDatabase()
})
afterAll(() => database.close())

const opened = async (): Promise<KeptEim> => {
  await database.query('drop schema if exists eim cascade')
  return openDatabaseStore(database, { keptEvents: 3 })
}

const inMemory = async (): Promise<Omit<KeptEim, 'close'>> => ({
  store: createMemoryStore({ keptEvents: 3 }),
  resources: createMemoryResources(),
  sessions: createMemorySessions(),
})

const eid = (number: number): string => `${89_049_032_000_000_000n * 10n ** 15n + BigInt(number)}`
const { publicKey } = generatePrivateKey('nist')
const known = newEuicc(eid(1), {
  publicKey,
  certified: { ciPKId: Buffer.from([1, 2]), euiccCertificate: Uint8Array.of(3), eumCertificate: Uint8Array.of(4) },
})
const waiting = { packageId: 'one', eid: eid(1), state: 'waiting', order: { psmo: [] } } as unknown as Package
const profile = { iccid: '8944', state: 'enabled', fallbackAttribute: false, fallbackAllowed: true } as const
const set = (state: EuiccState) => () => ({ state, effects: [], answer: undefined })
const names = (events: readonly StreamEvent[]) => events.map(({ id, event }) => `${id} ${event}`)

for (const [where, open] of [
  ['in memory', inMemory],
  ['in a database', opened],
] as const) {
  test(`${where}: what a step has decided is there for the next one, keys and octets included`, async () => {
    const { store } = await open()
    await store.change({ eid: eid(1) }, (before) => {
      expect(before).toBeUndefined()
      return { state: known, effects: [], answer: undefined }
    })
    const found = await store.euicc(eid(1))
    expect(found?.identities[0]?.publicKey.point).toEqual(publicKey.point)
    expect(found?.identities[0]?.publicKey.keyObject.asymmetricKeyType).toBe('ec')
    expect([...(found?.identities[0]?.certified?.ciPKId ?? [])]).toEqual([1, 2])
    const { answer } = await store.change({ eid: eid(1) }, (before) => ({ effects: [], answer: before?.eid }))
    expect(answer).toBe(eid(1))
  })

  test(`${where}: a step that throws has changed nothing and told nobody`, async () => {
    const { store } = await open()
    const thrown = store.change({ eid: eid(1) }, () => {
      throw new Error('a bug')
    })
    await expect(thrown).rejects.toThrow('a bug')
    expect(await store.euicc(eid(1))).toBeUndefined()
    expect(store.events.since(0)).toEqual([])
  })

  test(`${where}: a package is found by its identifier and by its idempotency key, in its latest state`, async () => {
    const { store } = await open()
    const order = { eid: eid(1), idempotencyKey: 'once' }
    const effect = { kind: 'package', package: waiting, idempotencyKey: 'once' } as const
    await store.change(order, () => ({ state: known, effects: [effect], answer: undefined }))
    const done = { ...waiting, state: 'done' } as Package
    await store.change({ eid: eid(1) }, () => ({ effects: [{ kind: 'package', package: done }], answer: undefined }))
    expect(await store.package('one')).toEqual(done)
    const { answer } = await store.change(order, (_, ordered) => ({ effects: [], answer: ordered }))
    expect(answer).toEqual(done)
    expect(await store.package('another')).toBeUndefined()
  })

  test(`${where}: eUICCs come in EID order, a page at a time`, async () => {
    const { store } = await open()
    for (const number of [3, 1, 2]) await store.change({ eid: eid(number) }, set(newEuicc(eid(number))))
    expect((await store.euiccs({ limit: 2 })).map((state) => state.eid)).toEqual([eid(1), eid(2)])
    expect((await store.euiccs({ after: eid(2), limit: 2 })).map((state) => state.eid)).toEqual([eid(3)])
  })

  test(`${where}: an eUICC is found by a profile on it and by the exchange under way, as long as they are`, async () => {
    const { store } = await open()
    const inventory = { ...known.inventory, profiles: [profile] }
    const exchange = { package: waiting, purpose: 'order', eimTransactionId: 'AB', deliveries: 0 } as const
    await store.change({ eid: eid(1) }, set({ ...known, inventory, exchange }))
    expect(await store.eidOfProfile('8944')).toBe(eid(1))
    expect(await store.eidOfTransaction('AB')).toBe(eid(1))
    expect(await store.package('one')).toEqual(waiting)
    await store.change({ eid: eid(1) }, set(known))
    expect(await store.eidOfProfile('8944')).toBeUndefined()
    expect(await store.eidOfTransaction('AB')).toBeUndefined()
  })

  test(`${where}: events are told in order, the latest are kept, and who comes too late is told of the gap`, async () => {
    const { store } = await open()
    const heard: StreamEvent[] = []
    const end = store.events.subscribe((event) => heard.push(event))
    for (let i = 0; i < 4; i++)
      await store.change({ eid: eid(1) }, () => ({ effects: [{ kind: 'inventory' }], answer: undefined }))
    end()
    await store.change({ eid: eid(1) }, () => ({ effects: [{ kind: 'package', package: waiting }], answer: undefined }))
    expect(names(heard)).toEqual(['1 euicc', '2 euicc', '3 euicc', '4 euicc'])
    expect(heard[0]?.data).toEqual({ eid: eid(1) })
    expect(names(store.events.since(3))).toEqual(['4 euicc', '5 package'])
    expect(names(store.events.since(1))).toEqual(['2 gap', '3 euicc', '4 euicc', '5 package'])
  })

  test(`${where}: resources of the onomondo door and sessions of the relay are kept`, async () => {
    const { resources, sessions } = await open()
    const resource = { resourceId: 'r', facility: 'psmo', eidValue: eid(1), order: [], createdAt: 5 } as const
    await resources.put(resource)
    expect(await resources.find('psmo', 'r')).toEqual(resource)
    expect(await resources.find('eco', 'r')).toBeUndefined()
    expect(await resources.list('psmo')).toEqual(['r'])
    await resources.remove(resource)
    expect(await resources.list('psmo')).toEqual([])
    const session = {
      transactionId: 'AA',
      smdpAddress: 'dp',
      serverAddress: 'dp',
      serverChallenge: Uint8Array.of(1),
      ciPKId: Uint8Array.of(2),
    }
    await sessions.put(session)
    expect(await sessions.get('AA')).toEqual(session)
    expect(await sessions.get('BB')).toBeUndefined()
  })
}

test('another process finds all of it again, and goes on counting events', async () => {
  const { store, close } = await opened()
  for (let i = 0; i < 5; i++)
    await store.change({ eid: eid(1) }, () => ({ state: known, effects: [{ kind: 'inventory' }], answer: undefined }))
  await close()
  const again = await openDatabaseStore(database, { keptEvents: 3 })
  expect((await again.store.euicc(eid(1)))?.eid).toBe(eid(1))
  expect(names(again.store.events.since(3))).toEqual(['4 euicc', '5 euicc'])
  await again.store.change({ eid: eid(1) }, () => ({ effects: [{ kind: 'inventory' }], answer: undefined }))
  expect(names(again.store.events.since(5))).toEqual(['6 euicc'])
})

test('in memory, the oldest of the packages that are over are forgotten, as many as wanted, with their idempotency keys', async () => {
  const store = createMemoryStore({ keptPackages: 1 })
  const done = (packageId: string) => ({ ...waiting, packageId, state: 'done' }) as unknown as Package
  for (const row of [done('first'), waiting, done('second')])
    await store.change({ eid: eid(1), idempotencyKey: row.packageId }, () => ({
      ...{ state: known, answer: undefined },
      effects: [{ kind: 'package', package: row, idempotencyKey: row.packageId }],
    }))
  const kept = await Promise.all(['first', 'one', 'second'].map((packageId) => store.package(packageId)))
  expect(kept.map((row) => row?.packageId)).toEqual([undefined, 'one', 'second'])
  const orderedBefore = (idempotencyKey: string) =>
    store.change({ eid: eid(1), idempotencyKey }, (_, ordered) => ({ effects: [], answer: ordered?.packageId }))
  expect((await orderedBefore('first')).answer).toBeUndefined()
  expect((await orderedBefore('second')).answer).toBe('second')
})
