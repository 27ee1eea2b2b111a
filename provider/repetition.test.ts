import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acme, globex, startWorld, type World } from './testing/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const day = 86_400_000
let lastKey = 0
const newKey = () => {
  lastKey += 1
  return `key-${lastKey}`
}
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const packagesOn = (eid: string) => world.eim.packages.filter((one) => one.eid === eid).length

describe('a request with an Idempotency-Key', () => {
  it('that comes again is answered as before and does nothing, also after the operation and after a restart', async () => {
    const first = await world.start()
    const { eid, iccids } = world.card([{ state: 'disabled' }])
    const body = { esim: { iccid: iccids[0] }, sink: `${world.sink.url}/again` }
    const key = newKey()
    const accepted = await first.post('/delete', body, keyed(key))
    expect(accepted.status).toBe(202)
    await world.sink.received('/again')
    expect(await first.post('/delete', body, keyed(`"${key}"`))).toMatchObject({ status: 202, body: accepted.body })
    await first.close()
    const second = await world.start()
    expect((await second.post('/delete', body, keyed(key))).body).toEqual(accepted.body)
    expect(packagesOn(eid)).toBe(1)
    await second.close()
  })

  it('comes twice at the same time and makes one operation', async () => {
    const provider = await world.start()
    const { eid, iccids } = world.card([{}])
    const body = { esim: { iccid: iccids[0] }, sink: `${world.sink.url}/twice` }
    const key = newKey()
    const answers = await Promise.all([1, 2, 3, 4].map(() => provider.post('/enable', body, keyed(key))))
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
    expect(new Set(answers.map(({ body }) => body.operationId)).size).toBe(1)
    await world.sink.received('/twice')
    expect(packagesOn(eid)).toBe(1)
    await provider.close()
  })

  it('comes twice at the same time where a busy eUICC is a conflict, and is answered twice alike', async () => {
    const provider = await world.start()
    const { eid, iccids } = world.card([{}])
    const api = provider.at('/esim-profile-management/v0.1rc1')
    const key = newKey()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => api.post('/enable', { esimProfile: { iccid: iccids[0] } }, keyed(key))),
    )
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202])
    expect(new Set(answers.map(({ body }) => body['operationId'])).size).toBe(1)
    await world.eim.until(() => world.eim.packages.some((one) => one.eid === eid && one.state === 'done'))
    expect(packagesOn(eid)).toBe(1)
    await provider.close()
  })

  it('is refused when the key came with another request, and taken when it came from another client', async () => {
    const provider = await world.start()
    const mine = world.card([{}])
    const theirs = world.card([{}], 'globex')
    const sink = `${world.sink.url}/other`
    const key = newKey()
    await provider.post('/enable', { esim: { iccid: mine.iccids[0] }, sink }, keyed(key))
    for (const [path, esim] of [
      ['/disable', { iccid: mine.iccids[0] }],
      ['/enable', { iccid: mine.iccids[0], eid: mine.eid }],
    ] as const)
      expect(await provider.post(path, { esim, sink }, keyed(key))).toMatchObject({
        status: 422,
        body: { status: 422, code: 'IDEMPOTENCY_KEY_REUSED' },
      })
    const other = await provider.post(
      '/enable',
      { esim: { iccid: theirs.iccids[0] }, sink },
      { client: globex, ...keyed(key) },
    )
    expect(other.status).toBe(202)
    await provider.close()
  })

  it('that was refused may come again, and a key is forgotten after a while', async () => {
    const provider = await world.start({ idempotencyMs: day })
    const { iccids } = world.card([{}])
    const key = newKey()
    const body = { esim: { iccid: iccids[0] }, sink: `${world.sink.url}/later` }
    expect((await provider.post('/enable', { ...body, sink: 'nowhere' }, keyed(key))).status).toBe(400)
    const first = await provider.post('/enable', body, keyed(key))
    expect(first.status).toBe(202)
    world.time.pass(day + 1)
    const later = await provider.post('/enable', body, keyed(key))
    expect(later.status).toBe(202)
    expect(later.body.operationId).not.toBe(first.body.operationId)
    await provider.close()
  })

  it.each(['', 'a b', 'ä', 'x'.repeat(256), '"', '""'])('is refused when the key is %j', async (key) => {
    const provider = await world.start()
    const headers = { 'idempotency-key': encodeURI(key) === key || key === 'a b' || key.startsWith('"') ? key : 'Ã¤' }
    const { iccids } = world.card([{}])
    const answer = await provider.post('/enable', { esim: { iccid: iccids[0] }, sink: world.sink.url }, { headers })
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_ARGUMENT' } })
    await provider.close()
  })
})

describe('a client', () => {
  it('that asks more often than it may is told to wait; others are not', async () => {
    const provider = await world.start({ limits: { requestsPerSecond: 3 } })
    const { eid } = world.card([{}])
    const ask = (client: typeof acme) => provider.post('/retrieve-status', { esim: { eid } }, { client })
    await Promise.all([world.token(acme), world.token(globex)])
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ask(acme)))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.body).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' })
    expect(refused[0]?.headers.get('retry-after')).toBe('1')
    expect((await ask(globex)).status).not.toBe(429)
    await provider.close()
  })

  it('starts so many operations a day, counted over restarts; what is refused does not count', async () => {
    const limits = { operationsPerDay: 2 }
    const first = await world.start({ limits })
    const { eid, iccids } = world.card([{}])
    const ask = (provider: typeof first, sink = `${world.sink.url}/quota`) =>
      provider.post('/enable', { esim: { iccid: iccids[0] }, sink })
    expect((await ask(first)).status).toBe(202)
    expect((await ask(first, 'nowhere')).status).toBe(400)
    world.eim.set.failing = () => 500
    expect((await ask(first)).status).toBe(503)
    world.eim.set.failing = undefined
    world.smdp.set.refuse = 'downloadOrder'
    const ordered = await first.at('/esim-remote-management/vwip').post('/profile/download', {
      config: { subscriptionDetail: { eId: eid, iccid: '8901000000000000009' } },
    })
    expect(ordered.body).toMatchObject({ code: 100001 })
    world.smdp.set.refuse = undefined
    await first.close()
    const second = await world.start({ limits })
    expect((await ask(second)).status).toBe(202)
    const refused = await ask(second)
    expect(refused).toMatchObject({ status: 429, body: { status: 429, code: 'QUOTA_EXCEEDED' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_000)
    await second.close()
  })
})
