import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemRandom } from '../clock-system.ts'
import type { SinkCredential } from '../operations/operation.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrations.ts'
import { insertParcel } from '../store/outbox.ts'
import { openEmbeddedDatabase } from '../store/store-pglite.ts'
import { type SinkStub, startSinkStub } from '../testing/sink-stub-http.ts'
import { createManualTime, type ManualTime } from '../testing/time.ts'
import { startTokenStub, type TokenStub } from '../testing/token-stub-http.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createRefresh } from './refresh-http.ts'
import { createSender } from './sink-http.ts'

const retry = { initialMs: 100, factor: 2, maxMs: 1000, jitter: 0, giveUpAfterMs: 1000 }
const start = 1_800_000_000_000

let database: Database
let sink: SinkStub
let time: ManualTime
let outbox: Outbox
let settled: (eventId: string, attempts: number) => Promise<void>

beforeAll(async () => {
  database = await openEmbeddedDatabase()
  await migrate(database)
  sink = await startSinkStub()
})
afterAll(async () => {
  await sink.close()
  await database.close()
})
beforeEach(async () => {
  time = createManualTime(start)
  sink.set.status = () => 204
  sink.set.location = undefined
  open()
})
afterEach(async () => {
  await outbox.close()
  await database.query('delete from outbox')
})

const open = (policy: { allowPrivateAddresses?: boolean; timeoutMs?: number } = {}) => {
  const lines: { eventId?: string; attempts?: number }[] = []
  const waiting: { holds: () => boolean; tell: () => void }[] = []
  const write = (line: string) => {
    lines.push(JSON.parse(line))
    for (const { holds, tell } of waiting) if (holds()) tell()
  }
  settled = async (eventId, attempts) => {
    const holds = () => lines.some((line) => line.eventId === eventId && line.attempts === attempts)
    if (!holds()) await new Promise<void>((tell) => waiting.push({ holds, tell }))
  }
  const logger = pino({}, { write })
  const sinks = { allowHttp: true, allowPrivateAddresses: true, timeoutMs: 10_000, retry, ...policy }
  const outside = { clock: time, timers: time, random: systemRandom, logger }
  outbox = createOutbox({ database, send: createSender(sinks), refresh: createRefresh(sinks), retry, outside })
}

const gate = () => {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

interface Post {
  readonly path?: string
  readonly sink?: string
  readonly stream?: string
  readonly tenant?: string
  readonly credential?: SinkCredential
}
const post = async (body: string, { path = `/${body}`, sink: address, stream, tenant, credential }: Post = {}) => {
  const eventId = systemRandom.uuid()
  const callback = { sink: address ?? `${sink.url}${path}`, ...(credential && { credential }) }
  const envelope = JSON.stringify({ id: eventId, body })
  await insertParcel(database, {
    ...{
      eventId,
      tenant: tenant ?? 'acme',
      stream: stream ?? systemRandom.uuid(),
      callback,
      correlator: 'c',
      envelope,
    },
    createdAt: time.now(),
  })
  outbox.look()
  return eventId
}
const row = async (eventId: string) => {
  const [found] = await database.query(
    'select attempts, end_reason as reason, callback is null as forgotten from outbox where event_id = $1',
    [eventId],
  )
  return found
}
const bodies = (path: string) => sink.at(path).map(({ text }) => JSON.parse(text).body)

describe('the outbox', () => {
  it('delivers an event once, as it was written, and forgets the sink and its credential', async () => {
    const id = await post('once', { credential: { scheme: 'Bearer', value: 'token' } })
    await settled(id, 1)
    expect(sink.at('/once')).toMatchObject([
      {
        text: JSON.stringify({ id, body: 'once' }),
        headers: { 'content-type': 'application/cloudevents+json', authorization: 'Bearer token', 'x-correlator': 'c' },
      },
    ])
    expect(await row(id)).toEqual({ attempts: 1, reason: 'delivered', forgotten: true })
  })

  it('does not send again what was settled while it was reading what is due', async () => {
    const [answer, tell, read] = [gate(), gate(), gate()]
    const sent: string[] = []
    let held = Promise.resolve()
    const slow: Database = {
      ...{ transaction: (work) => database.transaction(work), close: () => Promise.resolve() },
      query: async (sql, values) => {
        const rows = await database.query(sql, values)
        if (sql.includes('lateral')) await held
        return rows as never
      },
    }
    const logger = pino({}, { write: tell.open })
    const racing = createOutbox({
      ...{ database: slow, retry, outside: { clock: time, timers: time, random: systemRandom, logger } },
      refresh: () => Promise.reject(new Error('no credential here expires')),
      send: async ({ eventId }) => {
        sent.push(eventId)
        await answer.passed
        return { kind: 'answered', status: 204 }
      },
    })
    await outbox.close()
    const id = await post('settled')
    racing.look()
    while (sent.length === 0) await database.query('select 1')
    held = read.passed
    racing.look()
    for (let i = 0; i < 5; i++) await database.query('select 1')
    answer.open()
    await tell.passed
    read.open()
    await racing.close()
    expect(sent).toEqual([id])
  })

  it('sends the same octets again, after growing intervals, until the sink takes them', async () => {
    sink.set.status = (_path, attempt) => (attempt < 4 ? 500 : 200)
    const id = await post('again')
    for (const [attempts, interval] of [
      [1, 100],
      [2, 200],
      [3, 400],
    ] as const) {
      await settled(id, attempts)
      time.pass(interval - 1)
      expect(sink.at('/again')).toHaveLength(attempts)
      time.pass(1)
    }
    await settled(id, 4)
    expect(new Set(sink.at('/again').map(({ text }) => text))).toEqual(new Set([JSON.stringify({ id, body: 'again' })]))
    expect(await row(id)).toEqual({ attempts: 4, reason: 'delivered', forgotten: true })
  })

  it('does not send again what the sink answers with 410', async () => {
    sink.set.status = () => 410
    const id = await post('gone')
    await settled(id, 1)
    time.pass(10_000)
    expect(sink.at('/gone')).toHaveLength(1)
    expect(await row(id)).toEqual({ attempts: 1, reason: 'gone', forgotten: true })
  })

  it('takes silence for a failure', async () => {
    await outbox.close()
    open({ timeoutMs: 20 })
    sink.set.status = () => 'hang'
    const id = await post('silent')
    await settled(id, 1)
    expect(await row(id)).toEqual({ attempts: 1, reason: null, forgotten: false })
  })

  it('takes a sink that is not there for a failure', async () => {
    const nobody = await startSinkStub()
    await nobody.close()
    const id = await post('nobody', { sink: `${nobody.url}/` })
    await settled(id, 1)
    expect(await row(id)).toEqual({ attempts: 1, reason: null, forgotten: false })
  })

  it('does not follow a redirect', async () => {
    sink.set.status = () => 307
    sink.set.location = `${sink.url}/elsewhere`
    const id = await post('redirect')
    await settled(id, 1)
    expect(sink.at('/elsewhere')).toEqual([])
    expect(await row(id)).toMatchObject({ reason: null })
  })

  it('gives up in the end, and says so', async () => {
    sink.set.status = () => 503
    const id = await post('hopeless')
    for (const [attempts, interval] of [
      [1, 100],
      [2, 200],
      [3, 400],
    ] as const) {
      await settled(id, attempts)
      time.pass(interval)
    }
    await settled(id, 4)
    expect(await row(id)).toEqual({ attempts: 4, reason: 'given-up', forgotten: false })
  })

  it('keeps the order within a stream, and lets no stream wait for another', async () => {
    const stream = systemRandom.uuid()
    sink.set.status = (path, attempt) => (path === '/ordered' && attempt === 1 ? 500 : 204)
    const first = await post('first', { path: '/ordered', stream })
    const second = await post('second', { path: '/ordered', stream })
    const other = await post('other')
    await settled(first, 1)
    await settled(other, 1)
    expect(bodies('/ordered')).toEqual(['first'])
    time.pass(100)
    await settled(second, 1)
    expect(bodies('/ordered')).toEqual(['first', 'first', 'second'])
  })

  it('lets no tenant wait for the sinks of others, however slow and however many', async () => {
    sink.set.status = (path) => (path === '/slow' ? 'hang' : 204)
    for (const tenant of ['acme', 'globex', 'initech'])
      for (let i = 0; i < 100; i++) await post(`${tenant}-${i}`, { path: '/slow', tenant })
    const id = await post('quick', { tenant: 'hooli' })
    await settled(id, 1)
    expect(await row(id)).toMatchObject({ reason: 'delivered' })
  })

  it('goes on with what was written before it was opened', async () => {
    sink.set.status = (_path, attempt) => (attempt === 1 ? 500 : 204)
    const id = await post('before')
    await settled(id, 1)
    await outbox.close()
    open()
    outbox.look()
    await sink.received('/before')
    time.pass(100)
    await settled(id, 2)
    expect(await row(id)).toMatchObject({ attempts: 2, reason: 'delivered' })
  })

  it('does not send with a credential that has expired', async () => {
    const id = await post('expired', { credential: { scheme: 'Bearer', value: 'v', expiresAt: start } })
    await settled(id, 1)
    expect(sink.at('/expired')).toEqual([])
    expect(await row(id)).toEqual({ attempts: 1, reason: 'credential-expired', forgotten: false })
  })

  it.each(['127.0.0.1', 'localhost'])('does not send to %s where private addresses are not allowed', async (host) => {
    await outbox.close()
    open({ allowPrivateAddresses: false })
    const id = await post(host, { sink: `${sink.url.replace('127.0.0.1', host)}/${host}` })
    await settled(id, 1)
    expect(sink.at(`/${host}`)).toEqual([])
    expect(await row(id)).toEqual({ attempts: 1, reason: 'sink-not-allowed', forgotten: false })
  })
})

describe('an access token that has expired', () => {
  let issuer: TokenStub
  beforeAll(async () => {
    issuer = await startTokenStub()
  })
  afterAll(() => issuer.close())
  beforeEach(() => {
    issuer.asked.length = 0
    issuer.set.status = 200
    issuer.set.text = JSON.stringify({
      ...{ access_token: 'new', token_type: 'Bearer', expires_in: 60, refresh_token: 'r2' },
    })
  })

  const held = (more: Partial<SinkCredential> = {}) => ({
    ...{ scheme: 'Bearer' as const, value: 'old', expiresAt: start },
    refresh: { token: 'r1', endpoint: `${issuer.url}/token` },
    ...more,
  })
  const sentWith = (path: string) => sink.at(path).map(({ headers }) => headers.authorization)
  const keptWith = async (eventId: string) => {
    const [found] = await database.query<{ callback: string }>('select callback from outbox where event_id = $1', [
      eventId,
    ])
    return JSON.parse(found?.callback ?? '{}').credential
  }

  const waitingOf = async (ids: readonly string[]): Promise<readonly string[]> => {
    const rows = await database.query<{ id: string }>('select event_id as id from outbox where ended_at is null')
    return rows.map(({ id }) => id).filter((id) => ids.includes(id))
  }

  it('is traded for a new one at the endpoint of its refresh token, and only then', async () => {
    const early = await post('early', { credential: held({ expiresAt: start + 1 }) })
    await settled(early, 1)
    expect(issuer.asked).toEqual([])
    const late = await post('late', { credential: held() })
    await settled(late, 1)
    expect([sentWith('/early'), sentWith('/late')]).toEqual([['Bearer old'], ['Bearer new']])
    expect(issuer.asked).toEqual([
      { path: '/token', authorization: undefined, body: { grant_type: 'refresh_token', refresh_token: 'r1' } },
    ])
  })

  it('is traded once for all events that it goes with, and each refresh token is used once', async () => {
    sink.set.status = (_path, attempt) => (attempt === 1 ? 500 : 204)
    const credential = held()
    const ids = [await post('one', { path: '/shared', credential }), await post('two', { path: '/shared', credential })]
    for (const id of ids) await settled(id, 1)
    expect(issuer.asked.map(({ body }) => body.refresh_token)).toEqual(['r1'])
    expect(sentWith('/shared')).toEqual(['Bearer new', 'Bearer new'])
    const [waiting = ''] = await waitingOf(ids)
    expect(await keptWith(waiting)).toEqual({
      ...{ scheme: 'Bearer', value: 'new', expiresAt: start + 60_000 },
      refresh: { token: 'r2', endpoint: `${issuer.url}/token` },
    })
    issuer.set.text = JSON.stringify({ access_token: 'newest', token_type: 'bearer' })
    time.pass(60_000)
    await settled(waiting, 2)
    expect(issuer.asked.map(({ body }) => body.refresh_token)).toEqual(['r1', 'r2'])
    expect(sentWith('/shared').at(-1)).toBe('Bearer newest')
  })

  it('stops the delivery when the refresh token is refused, and the reason is kept', async () => {
    issuer.set.status = 400
    issuer.set.text = JSON.stringify({ error: 'invalid_grant' })
    const id = await post('revoked', { credential: held() })
    await settled(id, 1)
    expect(sink.at('/revoked')).toEqual([])
    expect(await row(id)).toEqual({ attempts: 1, reason: 'credential-expired', forgotten: false })
  })

  it.each([
    ['is not well', 500, ''],
    ['says something else', 200, 'hello'],
    ['gives no bearer token', 200, JSON.stringify({ access_token: 'a', token_type: 'mac' })],
    ['gives what no header can carry', 200, JSON.stringify({ access_token: 'a\r\nb: c', token_type: 'bearer' })],
    ['talks too much', 200, 'x'.repeat(100_000)],
    ['sends elsewhere', 307, ''],
  ])('is asked for again later when the endpoint %s', async (what, status, text) => {
    issuer.set.status = status
    issuer.set.text = text
    const path = `/${what.replaceAll(' ', '-')}`
    const id = await post(what, { path, credential: held() })
    await settled(id, 1)
    expect([sink.at(path), await row(id)]).toEqual([[], { attempts: 1, reason: null, forgotten: false }])
    issuer.set.status = 200
    issuer.set.text = JSON.stringify({ access_token: 'new', token_type: 'bearer' })
    time.pass(100)
    await settled(id, 2)
    expect(sentWith(path)).toEqual(['Bearer new'])
  })

  it('is never traded at a private address where those are not allowed', async () => {
    await outbox.close()
    open({ allowPrivateAddresses: false })
    const endpoint = `${issuer.url.replace('127.0.0.1', 'localhost')}/token`
    const credential = held({ refresh: { token: 'r1', endpoint } })
    const id = await post('inside', { sink: 'https://sink.example/', credential })
    await settled(id, 1)
    expect(issuer.asked).toEqual([])
    expect(await row(id)).toEqual({ attempts: 1, reason: 'sink-not-allowed', forgotten: false })
  })
})
