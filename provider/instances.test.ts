import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './store/database.ts'
import { migrate } from './store/migrations.ts'
import { openServedDatabase } from './store/store-postgres.ts'
import { createMortalDatabase } from './testing/mortal-database.ts'
import { type Postgres, postgres } from './testing/postgres-process.ts'
import { startWorld, type World } from './testing/world.ts'

const leaseMs = 400

describe.skipIf(postgres.kind === 'absent')(
  'instances of the provider on one PostgreSQL (run where a server is installed, or at DATABASE_URL)',
  () => {
    let server: Postgres
    let url: string
    let world: World
    const opened: Database[] = []
    const connect = (): Database => {
      const database = openServedDatabase({ url, leaseMs })
      opened.push(database)
      return database
    }
    beforeAll(async () => {
      if (postgres.kind === 'absent') throw new Error(postgres.why)
      server = await postgres.start()
      url = await server.database()
      world = await startWorld(connect())
    })
    afterAll(async () => {
      await world.close()
      for (const database of opened.slice(1)) await database.close()
      await server.close()
    })
    beforeEach(() => {
      world.eim.set.auto = true
    })

    const keysOn = (eid: string) => world.eim.packages.filter((one) => one.eid === eid).map(({ key }) => key)
    const sinkAt = (path: string) => `${world.sink.url}${path}`

    it('that start together on an empty database make its tables once', async () => {
      const empty = await server.database()
      const databases = [1, 2, 3].map(() => openServedDatabase({ url: empty, leaseMs }))
      await Promise.all(databases.map(migrate))
      const [row] =
        (await databases[0]?.query<{ versions: number }>('select count(*)::int as versions from schema_version')) ?? []
      expect(row?.versions).toBeGreaterThan(1)
      for (const database of databases) await database.close()
    })

    it('carry out what both accepted for one eUICC one at a time, in order of acceptance, with one event each', async () => {
      const instances = [await world.start({}, connect()), await world.start({}, connect())]
      const { eid, iccids } = world.card([{}])
      const accepted: string[] = []
      let most = 0
      const open = () =>
        world.eim.packages.filter((one) => one.eid === eid && ['queued', 'delivered'].includes(one.state))
      const allSeen = world.eim.until(() => {
        most = Math.max(most, open().length)
        return keysOn(eid).length === 12
      })
      for (let turn = 0; turn < 12; turn++) {
        const answer = await instances[turn % 2]?.post(turn % 4 < 2 ? '/enable' : '/disable', {
          esim: { iccid: iccids[0] },
          sink: sinkAt('/order'),
        })
        expect(answer?.status).toBe(202)
        accepted.push(String(answer?.body.operationId))
        most = Math.max(most, open().length)
      }
      await allSeen
      await world.sink.received('/order', 12)
      expect(most).toBe(1)
      expect(keysOn(eid).map((key) => key?.split('/')[0])).toEqual(accepted)
      const told = world.sink.at('/order').map(({ text }) => JSON.parse(text).data.operationId)
      expect([...told].sort()).toEqual([...accepted].sort())
      for (const instance of instances) {
        const read = await instance.get(`/operations/${accepted[0]}`)
        expect(read.body).toMatchObject({ status: 'completed' })
        await instance.close()
      }
    })

    it('tell a subscription that one has taken what another one carries out: each event once, in order, and no more than were wanted', async () => {
      const instances = [await world.start({}, connect()), await world.start({}, connect())]
      const [first, second] = instances.map((one) => one.at('/esim-profile-management-subscriptions/vwip'))
      const { eid, iccids } = world.card([{}])
      const created = await first?.post('/subscriptions', {
        ...{ protocol: 'HTTP', sink: sinkAt('/subscribed') },
        types: ['org.camaraproject.esim-profile-management.v0.operation-completed'],
        config: { subscriptionDetail: { esimProfile: { eid } }, subscriptionMaxEvents: 6 },
      })
      expect(created?.status).toBe(201)
      const same = await second?.get(`/subscriptions/${created?.body['id']}`)
      expect(same?.body['id']).toBe(created?.body['id'])
      const started: string[] = []
      for (let turn = 0; turn < 8; turn++) {
        const api = instances[turn % 2]?.at('/esim-profile-management/v0.1rc1')
        const answer = await api?.post(turn % 2 === 0 ? '/enable' : '/disable', { esimProfile: { iccid: iccids[0] } })
        expect(answer?.status).toBe(202)
        const operationId = String(answer?.body['operationId'])
        started.push(operationId)
        await world.logged(
          (line) => line.includes(`"operationId":"${operationId}"`) && line.includes('"phase":"completed"'),
        )
      }
      await world.sink.received('/subscribed', 8)
      const told = world.sink.at('/subscribed').map(({ text }) => JSON.parse(text))
      expect(told.map(({ type }) => type.split('.').at(-1))).toEqual([
        'subscription-started',
        ...Array.from({ length: 6 }, () => 'operation-completed'),
        'subscription-ended',
      ])
      expect(told.slice(1, 7).map(({ data }) => data.operationId)).toEqual(started.slice(0, 6))
      expect((await second?.get(`/subscriptions/${created?.body['id']}`))?.body['status']).toBe('EXPIRED')
      for (const instance of instances) await instance.close()
    })

    it('hand on what one of them had accepted when it dies', async () => {
      world.eim.set.auto = false
      const doomedDatabase = createMortalDatabase(connect())
      const doomed = await world.start({}, doomedDatabase.database)
      const survivor = await world.start({}, connect())
      const { eid, iccids } = world.card([{}])
      const ask = async (path: string) =>
        (await doomed.post(path, { esim: { iccid: iccids[0] }, sink: sinkAt('/death') })).body
      const accepted = [await ask('/enable'), await ask('/disable')].map(({ operationId }) => String(operationId))
      await world.eim.until(() => keysOn(eid).length === 1)
      doomedDatabase.die()

      world.eim.set.auto = true
      world.eim.run(eid)
      await world.sink.received('/death', 2)
      expect(keysOn(eid)).toEqual([`${accepted[0]}/enable`, `${accepted[1]}/disable`])
      const told = world.sink.at('/death').map(({ text }) => JSON.parse(text).data)
      expect(told.map(({ operationId }) => operationId)).toEqual(accepted)
      expect(told.map(({ result }) => result.outcome)).toEqual(['success', 'success'])
      await Promise.all([doomed.close(), survivor.close()])
    })

    it('carry out once and in order what one accepts that does not know yet that its busy eUICC is another one’s', async () => {
      world.eim.set.auto = false
      const database = connect()
      const silent = await world.start({}, database)
      const { eid, iccids } = world.card([{}])
      const ask = async (path: string) =>
        (await silent.post(path, { esim: { iccid: iccids[0] }, sink: sinkAt('/stale') })).body['operationId']
      const accepted = [await ask('/enable')]
      await world.eim.until(() => keysOn(eid).length === 1)
      await database.query('delete from instance')
      const other = await world.start({}, connect())
      accepted.push(await ask('/disable'), await ask('/enable'))
      world.eim.set.auto = true
      world.eim.run(eid)
      await world.sink.received('/stale', 3)
      expect(keysOn(eid)).toEqual([`${accepted[0]}/enable`, `${accepted[1]}/disable`, `${accepted[2]}/enable`])
      const told = world.sink.at('/stale').map(({ text }) => JSON.parse(text).data)
      expect(told.map(({ operationId, result }) => [operationId, result.outcome]).sort()).toEqual(
        accepted.map((operationId) => [operationId, 'success']).sort(),
      )
      await Promise.all([silent.close(), other.close()])
    })

    it('carry on with what a dead one left when they take its eUICC for something new', async () => {
      const [doomed, heir] = [createMortalDatabase(connect()), openServedDatabase({ url, leaseMs: 3_600_000 })]
      opened.push(heir)
      world.eim.set.failing = (method) => (method === 'POST' ? 503 : undefined)
      const [first, second] = [await world.start({}, doomed.database), await world.start({}, heir)]
      const { eid, iccids } = world.card([{}])
      const ask = async (instance: typeof first, path: string) =>
        (await instance.post(path, { esim: { iccid: iccids[0] }, sink: sinkAt('/heir') })).body['operationId']
      const left = await ask(first, '/enable')
      await world.logged((line) => line.includes(`"operationId":"${left}"`) && line.includes('"phase":"dispatched"'))
      doomed.die()
      world.eim.set.failing = undefined
      await heir.query('delete from instance where instance in (select instance from turn where eid = $1)', [eid])
      const taken = await ask(second, '/disable')
      await world.sink.received('/heir', 2)
      expect(keysOn(eid)).toEqual([`${left}/enable`, `${taken}/disable`])
      await Promise.all([first.close(), second.close()])
    })

    it('carry out what they were not told of, or have forgotten', async () => {
      const database = connect()
      const instance = await world.start({}, database)
      const { eid, iccids } = world.card([{}])
      await instance.post('/enable', { esim: { iccid: iccids[0] }, sink: sinkAt('/forgotten') })
      await world.sink.received('/forgotten', 1)
      const deadline = world.time.now() + 1_000_000
      const rows = await database.query<{ operation_id: string }>(
        `insert into operation (operation_id, dialect, tenant, correlator, eid, iccid, task, time_limit_ms, progress, phase, deadline)
         select gen_random_uuid(), dialect, tenant, correlator, eid, iccid, '{"kind":"disable"}', time_limit_ms, $2, 'accepted', $3
         from operation where eid = $1 returning operation_id`,
        [eid, JSON.stringify({ phase: 'accepted', deadline }), new Date(deadline)],
      )
      await world.eim.until(() => keysOn(eid).length === 2)
      expect(keysOn(eid)[1]).toBe(`${rows[0]?.operation_id}/disable`)
      await instance.close()
    })

    it('lose nothing to one that was silent for too long and then goes on', async () => {
      const database = connect()
      const silent = await world.start({}, database)
      const { eid, iccids } = world.card([{}])
      await silent.post('/enable', { esim: { iccid: iccids[0] }, sink: sinkAt('/silent') })
      await world.sink.received('/silent', 1)
      await database.query('delete from instance')
      const other = await world.start({}, connect())
      await other.post('/disable', { esim: { iccid: iccids[0] }, sink: sinkAt('/silent') })
      await world.sink.received('/silent', 2)
      await silent.post('/enable', { esim: { iccid: iccids[0] }, sink: sinkAt('/silent') })
      await world.sink.received('/silent', 3)
      expect(keysOn(eid)).toHaveLength(3)
      await Promise.all([silent.close(), other.close()])
    })
  },
)
