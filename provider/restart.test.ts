import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startProvider } from './index.ts'
import { createMortalDatabase, type Death } from './testing/mortal-database.ts'
import { newIccid, startWorld, type World } from './testing/world.ts'

/** Many starts in one test. */
const longMs = 240_000

const activationCode = 'LPA:1$smdp.example$A'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.eim.set.auto = true
  world.eim.set.losing = undefined
})

let lastPath = 0
const newPath = () => {
  lastPath += 1
  return `/restart/${lastPath}`
}
const newDownload = () => {
  const { eid } = world.card()
  const iccid = newIccid()
  world.eim.downloads.set(activationCode, { iccid })
  return { eid, iccid, body: { esim: { eid, iccid }, activationCode, activateOnDownload: true } }
}
const keysOn = (eid: string) => world.eim.packages.filter((one) => one.eid === eid).map(({ key }) => key)
const eventsAt = (path: string) => world.sink.at(path).map(({ text }) => text)
const told = (path: string) => new Set(eventsAt(path).map((text) => JSON.parse(text).data.operationId))

describe('a provider that is stopped and started again', () => {
  type Stage = 'accepted' | 'dispatched' | 'executing' | 'between the steps' | 'dispatched again'
  it.each<Stage>(['accepted', 'dispatched', 'executing', 'between the steps', 'dispatched again'])(
    'carries out an operation that was %s, once',
    async (stage) => {
      const { eid, body } = newDownload()
      const path = newPath()
      const first = await world.start()
      world.eim.set.auto = false
      const queued = (count: number) => world.eim.until(() => keysOn(eid).length === count)
      const packageAt = (index: number) => world.eim.packages.filter((one) => one.eid === eid)[index]?.packageId ?? ''
      world.eim.set.failing = () => (stage === 'accepted' ? 503 : undefined)
      if (stage === 'accepted') world.eim.set.failing = (method) => (method === 'POST' ? 503 : undefined)
      const accepted = await first.post('/download', { ...body, sink: `${world.sink.url}${path}` })
      expect(accepted.status).toBe(202)
      if (stage !== 'accepted') await queued(1)
      if (stage === 'executing') world.eim.deliver(packageAt(0))
      if (stage === 'between the steps') world.eim.set.failing = (method) => (method === 'POST' ? 503 : undefined)
      if (stage === 'between the steps' || stage === 'dispatched again') world.eim.finish(packageAt(0))
      if (stage === 'dispatched again') await queued(2)
      await first.close()
      world.eim.set.failing = undefined

      world.eim.set.auto = true
      world.eim.run(eid)
      if (stage === 'executing') world.eim.finish(packageAt(0))
      const second = await world.start()
      await world.sink.received(path)
      const { operationId } = accepted.body
      expect(keysOn(eid)).toEqual([`${operationId}/download`, `${operationId}/enable`])
      expect(world.eim.cards.get(eid)).toMatchObject([{ iccid: body.esim.iccid, state: 'enabled' }])
      expect(await second.get(`/operations/${operationId}`)).toMatchObject({
        body: { status: 'completed', result: { outcome: 'success' } },
      })
      await second.close()
    },
  )

  it('asks with the same key when the answer to its package was lost', async () => {
    const { eid, body } = newDownload()
    const path = newPath()
    const provider = await world.start()
    let lost = 0
    world.eim.set.losing = (method) => method === 'POST' && lost++ < 1
    await provider.post('/download', { ...body, sink: `${world.sink.url}${path}` })
    await world.eim.until(() => lost > 0)
    await provider.close()
    const again = await world.start()
    await world.sink.received(path)
    expect(keysOn(eid)).toHaveLength(2)
    expect(world.eim.cards.get(eid)).toHaveLength(1)
    await again.close()
  })
})

describe('a provider that is killed at any moment', () => {
  /** One operation, one death, another life. Whatever was written is carried out, whatever the client was told. */
  const lives = async (death: Death) => {
    const { eid, iccid, body } = newDownload()
    const path = newPath()
    const mortal = createMortalDatabase(world.database, death)
    const doomed = await world.start({}, mortal.database).catch(() => undefined)
    const reply = await doomed?.post('/download', { ...body, sink: `${world.sink.url}${path}` })
    const fate = await Promise.race([mortal.died, settled(path)])
    await doomed?.close()

    const survivor = await world.start()
    if (reply?.status === 202) {
      await world.sink.received(path)
      const operation = await survivor.get(`/operations/${reply.body.operationId}`)
      expect(operation.body).toMatchObject({ status: 'completed', result: { outcome: 'success' } })
    }
    if (await isWritten(eid)) await settled(path)
    await survivor.close()
    expect(new Set(keysOn(eid)).size).toBe(keysOn(eid).length)
    expect(world.eim.cards.get(eid)).toEqual(
      keysOn(eid).length === 0 ? [] : [expect.objectContaining({ iccid, state: 'enabled' })],
    )
    expect(new Set(eventsAt(path)).size).toBe(keysOn(eid).length === 0 ? 0 : 1)
    return fate
  }

  /** The event is delivered, and that is written. */
  const settled = async (path: string) => {
    const [received] = await world.sink.received(path)
    const { id, data } = JSON.parse(received?.text ?? '')
    const [row] = await world.database.query<{ ended_at: Date | null }>(
      'select ended_at from outbox where stream = $1',
      [data.operationId],
    )
    if (!row?.ended_at) await world.logged((line) => line.includes(id) && line.includes('"reason":"delivered"'))
    return 'survived'
  }

  const isWritten = async (eid: string) =>
    (await world.database.query('select 1 from operation where eid = $1', [eid])).length === 1

  it.each(['before', 'after'] as const)(
    'carries out every accepted operation once: just %s each call to its database',
    async (when) => {
      let deaths = 0
      for (let atCall = 1; (await lives({ atCall, when })) === 'died'; atCall += 1) deaths += 1
      expect(deaths).toBeGreaterThan(15)
    },
    longMs,
  )
})

describe('in a folder', () => {
  it(
    'everything is there again',
    async () => {
      const parent = await mkdtemp(join(tmpdir(), 'provider-'))
      const storage = { kind: 'embedded' as const, folder: join(parent, 'deep', 'data') }
      const { eid, body } = newDownload()
      const path = newPath()
      world.eim.set.auto = false
      const first = await startProvider({ ...world.settings({ storage }), logger: world.logger })
      const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' }
      const accepted = await fetch(`${first.url}/esim/download`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...body, sink: `${world.sink.url}${path}` }),
      })
      const { operationId } = (await accepted.json()) as { operationId: string }
      await world.eim.until(() => keysOn(eid).length === 1)
      await first.close()
      world.eim.set.auto = true
      world.eim.run(eid)
      const second = await startProvider({ ...world.settings({ storage }), logger: world.logger })
      await world.sink.received(path)
      const read = await fetch(`${second.url}/esim/operations/${operationId}`, { headers })
      expect(await read.json()).toMatchObject({ status: 'completed', result: { outcome: 'success' } })
      await second.close()
      await rm(parent, { recursive: true })
    },
    longMs,
  )
})

describe('whatever happens in whatever order', () => {
  const happening = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        card: fc.nat(2),
        esim: fc.nat(1),
        path: fc.constantFrom('/enable', '/disable'),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const), which: fc.nat(5) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('finish' as const), which: fc.nat(5), refused: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'break the connection' as const) }) },
  )

  it(
    'each eUICC has one package at a time, in order of acceptance, and every operation one result',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 25 }), async (happenings) => {
          const cards = [0, 1, 2].map(() => world.card([{}, {}]))
          const eids = cards.map(({ eid }) => eid)
          const path = newPath()
          const accepted: { eid: string; operationId: string }[] = []
          const open = () =>
            world.eim.packages.filter(
              ({ eid, state }) => eids.includes(eid) && (state === 'queued' || state === 'delivered'),
            )
          world.eim.set.auto = false
          let provider = await world.start()
          for (const one of happenings) {
            if (one.kind === 'ask') {
              const card = cards[one.card]
              const body = { esim: { iccid: card?.iccids[one.esim] }, sink: `${world.sink.url}${path}` }
              const { body: answer } = await provider.post(one.path, body)
              accepted.push({ eid: card?.eid ?? '', operationId: String(answer.operationId) })
            } else if (one.kind === 'deliver' || one.kind === 'finish') {
              const packages = open()
              const target = packages[one.which % Math.max(packages.length, 1)]
              if (target && one.kind === 'deliver' && target.state === 'queued') world.eim.deliver(target.packageId)
              if (target && one.kind === 'finish')
                world.eim.finish(
                  target.packageId,
                  one.refused ? { kind: 'euiccPackageError', verified: true, error: 'undefinedError' } : undefined,
                )
            } else if (one.kind === 'restart') {
              await provider.close()
              provider = await world.start()
            } else world.eim.dropStreams()
            for (const eid of eids) expect(open().filter((each) => each.eid === eid).length).toBeLessThanOrEqual(1)
            await provider.call('GET', '/health')
          }
          world.eim.set.auto = true
          for (const { packageId } of open()) world.eim.finish(packageId)
          await provider.close()
          provider = await world.start()
          // An event may come twice after a restart: what counts is whom they are about.
          await world.sink.until(() => told(path).size === accepted.length)
          await provider.close()
          for (const eid of eids) {
            const order = accepted.filter((each) => each.eid === eid).map(({ operationId }) => operationId)
            expect(keysOn(eid).map((key) => key?.split('/')[0])).toEqual(order)
          }
          expect(told(path)).toEqual(new Set(accepted.map(({ operationId }) => operationId)))
        }),
        { numRuns: 10 },
      )
    },
    longMs,
  )
})
