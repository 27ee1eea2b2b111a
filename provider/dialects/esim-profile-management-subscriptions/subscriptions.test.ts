import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CallOptions, globex, type Json, newEid, newIccid, startWorld, type World } from '../../testing/world.ts'

const basePath = '/esim-profile-management-subscriptions/vwip'
const completedType = 'org.camaraproject.esim-profile-management.v0.operation-completed'
const lifecycle = 'org.camaraproject.esim-profile-management-subscriptions.v0.subscription-'
const hour = 3_600_000
const camaraError = (status: number, code: string) => ({
  status,
  body: { status, code, message: expect.stringMatching(/\S/) },
})

let world: World
let provider: Awaited<ReturnType<World['start']>>
let api: ReturnType<(typeof provider)['at']>
beforeAll(async () => {
  world = await startWorld()
  provider = await world.start()
  api = provider.at(basePath)
})
afterAll(() => world.close())
beforeEach(() => {
  world.eim.set.auto = true
  world.sink.set.status = () => 204
})

let last = 0
const newPath = () => {
  last += 1
  return `/subscribed/${last}`
}
const bodyOf = (path: string, config: object, more: object = {}) => ({
  ...{ protocol: 'HTTP', sink: `${world.sink.url}${path}`, types: [completedType], config },
  ...more,
})
const inFuture = (ms: number) => new Date(world.time.now() + ms).toISOString()

const subscribe = async (config: object, more: object = {}) => {
  const path = newPath()
  const reply = await api.post('/subscriptions', bodyOf(path, config, more))
  expect([reply.status, reply.body['code']]).toEqual([201, undefined])
  const events = async (count: number) => (await world.sink.received(path, count)).map(({ text }) => JSON.parse(text))
  return {
    path,
    reply,
    id: String(reply.body['id']),
    events,
    /** Names of the first of them; more would be seen as well. */
    async told(count: number) {
      return (await events(count)).map(({ type }) => type.split('.').at(-1))
    },
  }
}
const aCard = (profiles = [{ fallbackAllowed: true }]) => {
  const { eid, iccids } = world.card(profiles)
  return { eid, iccid: iccids[0] ?? '', iccids }
}
const operate = async (kind: string, iccid: string, at = '/esim-profile-management/v0.1rc1') => {
  const key = at === '/esim' ? 'esim' : 'esimProfile'
  const sink = at === '/esim' ? { sink: `${world.sink.url}/other` } : {}
  const accepted = await provider.at(at).post(`/${kind}`, { [key]: { iccid }, ...sink })
  expect(accepted.status).toBe(202)
  await world.logged(
    (line) => line.includes(`"operationId":"${accepted.body['operationId']}"`) && line.includes('"phase":"completed"'),
  )
  return accepted.body['operationId']
}

describe('a subscription', () => {
  it('is active at once, found by its Location, and never shows its credential', async () => {
    const { eid } = aCard()
    const config = { subscriptionDetail: { esimProfile: { eid } }, subscriptionExpireTime: inFuture(hour) }
    const { reply, id, path } = await subscribe(config, { sinkCredential: token(hour) })
    expect(reply.headers.get('location')).toBe(`${provider.url}${basePath}/subscriptions/${id}`)
    expect(reply.body).toEqual({
      ...{ id, protocol: 'HTTP', sink: `${world.sink.url}${path}`, types: [completedType], config },
      startsAt: new Date(world.time.now()).toISOString(),
      expiresAt: config.subscriptionExpireTime,
      status: 'ACTIVE',
    })
    expect((await api.get(`/subscriptions/${id}`)).body).toEqual(reply.body)
  })

  it('tells that it has started, then of every operation on its eUICC, in order and with the correlator of each', async () => {
    const { eid, iccid } = aCard()
    const { id, events, path } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    const enable = await operate('enable', iccid)
    const disable = await operate('disable', iccid, '/esim-profile-management/v0.1rc2')
    const [started, first, second] = await events(3)
    expect(started).toEqual({
      ...{ specversion: '1.0', id: expect.any(String), source: `${provider.url}${basePath}` },
      ...{ type: `${lifecycle}started`, time: expect.any(String), datacontenttype: 'application/json' },
      data: { subscriptionId: id, initiationReason: 'SUBSCRIPTION_CREATED' },
    })
    const told = (operationId: unknown, operation: string) => ({
      ...{ subscriptionId: id, operationId, operation, status: 'completed', esimProfile: { eid, iccid } },
      result: { completedAt: expect.any(String), outcome: 'SUCCESS' },
    })
    expect([first.type, first.data]).toEqual([completedType, told(enable, 'enable')])
    expect(second.data).toEqual(told(disable, 'disable'))
    const correlators = world.sink.at(path).map(({ headers }) => headers['x-correlator'])
    expect(new Set(correlators).size).toBe(3)
  })

  it('tells of a failed operation with an error in the place of a result', async () => {
    const { eid, iccid } = aCard()
    const { events } = await subscribe({ subscriptionDetail: { esimProfile: { iccid } } })
    world.eim.set.nextResult = {
      kind: 'euiccPackageResult',
      verified: true,
      results: [{ operation: 'enable', result: 'catBusy' }],
    }
    await operate('enable', iccid)
    expect((await events(2))[1].data).toEqual({
      ...{ subscriptionId: expect.any(String), operationId: expect.any(String), operation: 'enable' },
      ...{ status: 'failed', esimProfile: { eid, iccid } },
      error: {
        status: 502,
        code: 'BAD_GATEWAY',
        message: expect.any(String),
        details: expect.stringContaining('catBusy'),
      },
    })
  })

  it.each(['eid', 'iccid', 'both', 'operation'] as const)('by %s tells of nothing else', async (by) => {
    const mine = aCard([{ fallbackAllowed: true }, { fallbackAllowed: true }])
    const other = aCard()
    world.eim.set.auto = false
    const accepted = await provider
      .at('/esim-profile-management/v0.1rc1')
      .post('/enable', { esimProfile: { iccid: mine.iccid } })
    const { operationId } = accepted.body
    const { eid, iccid } = mine
    const filter = {
      eid: { esimProfile: { eid } },
      iccid: { esimProfile: { iccid } },
      both: { esimProfile: { eid, iccid } },
      operation: { operation: { operationId } },
    }[by]
    const { events } = await subscribe({ subscriptionDetail: filter })
    await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
    world.eim.set.auto = true
    world.eim.run(eid)
    await world.logged(
      (line) => line.includes(`"operationId":"${operationId}"`) && line.includes('"phase":"completed"'),
    )
    await operate('enable', other.iccid)
    await operate('set-fallback', mine.iccids[1] ?? '')
    await operate('disable', iccid)
    const expected = { eid: ['enable', 'set-fallback', 'disable'], operation: ['enable'] }
    const operations = by in expected ? expected[by as 'eid'] : ['enable', 'disable']
    const all = await events(1 + operations.length)
    expect(all.slice(1).map(({ data }: Json) => data?.['operation'])).toEqual(operations)
    expect(new Set(all.slice(1).map(({ data }: Json) => data?.['esimProfile']?.['eid']))).toEqual(new Set([eid]))
  })

  it('tells nothing of operations of another API, nor of another tenant', async () => {
    const { eid, iccid } = aCard()
    const { events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    const theirs = await api.post(
      '/subscriptions',
      bodyOf(newPath(), { subscriptionDetail: { esimProfile: { iccid } } }),
      {
        client: globex,
      },
    )
    expect(theirs.status).toBe(201)
    await operate('enable', iccid, '/esim')
    await operate('disable', iccid)
    expect((await events(2)).map(({ data }: Json) => data?.['operation'])).toEqual([undefined, 'disable'])
    const sinkOfTheirs = new URL(String(theirs.body['sink'])).pathname
    expect((await world.sink.received(sinkOfTheirs)).length).toBe(1)
  })

  it('tells at once of the operation that was completed last, where initialEvent asks for it', async () => {
    const { eid, iccid } = aCard()
    await operate('enable', iccid)
    const disable = await operate('disable', iccid)
    const { events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } }, initialEvent: true })
    expect((await events(2))[1].data.operationId).toBe(disable)
    const without = await subscribe({ subscriptionDetail: { esimProfile: { iccid } } })
    const enable = await operate('enable', iccid)
    expect((await without.events(2))[1].data.operationId).toBe(enable)
  })

  it('sends its access token', async () => {
    const { eid } = aCard()
    const { path } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } }, { sinkCredential: token(hour) })
    const [{ headers } = { headers: {} as Record<string, string> }] = await world.sink.received(path)
    expect(headers['authorization']).toBe('Bearer secret-of-the-sink')
    expect(world.logs.join('')).not.toContain('secret-of-the-sink')
  })
})

const token = (ms: number) => ({
  ...{ credentialType: 'ACCESSTOKEN', accessToken: 'secret-of-the-sink', accessTokenType: 'bearer' },
  accessTokenExpiresUtc: inFuture(ms),
})

describe('it ends', () => {
  const ended = async (id: string) => (await api.get(`/subscriptions/${id}`)).body['status']
  const reasonOf = (event: Json) => event['data']?.['terminationReason']

  it('when the wanted number of events is reached; those about itself do not count', async () => {
    const { eid, iccid } = aCard()
    const { id, events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } }, subscriptionMaxEvents: 2 })
    for (const kind of ['enable', 'disable', 'enable']) await operate(kind, iccid)
    const all = await events(4)
    expect(all.map(({ type }: Json) => String(type).split('.').at(-1))).toEqual([
      'subscription-started',
      'operation-completed',
      'operation-completed',
      'subscription-ended',
    ])
    expect(all[3].data).toEqual({ subscriptionId: id, esimProfile: { eid }, terminationReason: 'MAX_EVENTS_REACHED' })
    expect(await ended(id)).toBe('EXPIRED')
  })

  it('with the initial event, when that is the only one that is wanted', async () => {
    const { eid, iccid } = aCard()
    await operate('enable', iccid)
    const config = { subscriptionDetail: { esimProfile: { eid } }, subscriptionMaxEvents: 1, initialEvent: true }
    const { reply, told } = await subscribe(config)
    expect(await told(3)).toEqual(['subscription-started', 'operation-completed', 'subscription-ended'])
    expect(reply.body['status']).toBe('EXPIRED')
  })

  it('when its time has come', async () => {
    const { eid, iccid } = aCard()
    const { id, events } = await subscribe({
      subscriptionDetail: { esimProfile: { eid } },
      subscriptionExpireTime: inFuture(hour),
    })
    await events(1)
    world.time.pass(hour)
    expect(reasonOf((await events(2))[1])).toBe('SUBSCRIPTION_EXPIRED')
    await operate('enable', iccid)
    expect(await ended(id)).toBe('EXPIRED')
    expect((await events(2)).length).toBe(2)
  })

  it('shortly before its access token does, so that the sink can be told', async () => {
    const { eid } = aCard()
    const { events } = await subscribe(
      { subscriptionDetail: { esimProfile: { eid } } },
      { sinkCredential: token(hour) },
    )
    await events(1)
    world.time.pass(hour - 60_000)
    expect(reasonOf((await events(2))[1])).toBe('ACCESS_TOKEN_EXPIRED')
  })

  it('when it is deleted; then it is gone, and the last event says so', async () => {
    const { eid } = aCard()
    const { id, events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    const deleted = await api.delete(`/subscriptions/${id}`)
    expect([deleted.status, deleted.body, deleted.headers.get('content-type')]).toEqual([204, {}, null])
    expect(reasonOf((await events(2))[1])).toBe('SUBSCRIPTION_DELETED')
    for (const reply of [await api.get(`/subscriptions/${id}`), await api.delete(`/subscriptions/${id}`)])
      expect(reply).toMatchObject(camaraError(404, 'NOT_FOUND'))
  })

  it('when the sink answers 410, without a word', async () => {
    const { eid, iccid } = aCard()
    const { id, path, events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    await events(1)
    world.sink.set.status = (at) => (at === path ? 410 : 204)
    await operate('enable', iccid)
    await events(2)
    await world.logged((line) => line.includes('"reason":"gone"'))
    expect(await ended(id)).toBe('EXPIRED')
    await operate('disable', iccid)
    expect((await events(2)).length).toBe(2)
  })

  it('for good when another one with the same criteria may begin', async () => {
    const { eid } = aCard()
    const config = { subscriptionDetail: { esimProfile: { eid } } }
    const { path, id } = await subscribe(config)
    expect(await api.post('/subscriptions', bodyOf(path, config))).toMatchObject(camaraError(409, 'CONFLICT'))
    await api.delete(`/subscriptions/${id}`)
    expect((await api.post('/subscriptions', bodyOf(path, config))).status).toBe(201)
  })
})

describe('a sink that does not answer', () => {
  const giveUpAfterMs = 86_400_000
  const givenUp = (count: number) => () => world.logs.filter((line) => line.includes('given-up')).length >= count
  const passUntil = async (holds: () => boolean) => {
    while (!holds()) {
      world.time.pass(giveUpAfterMs / 4)
      await world.logged((line) => line.includes('"attempts"'))
      await new Promise(setImmediate)
    }
  }

  it('makes the subscription inactive, and active again when the event that says so gets through', async () => {
    const { eid, iccid } = aCard()
    const { id, path, events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    await events(1)
    const before = world.logs.filter((line) => line.includes('given-up')).length
    world.sink.set.status = (at) => (at === path ? 500 : 204)
    await operate('enable', iccid)
    await passUntil(givenUp(before + 1))
    expect((await api.get(`/subscriptions/${id}`)).body['status']).toBe('INACTIVE')
    world.sink.set.status = () => 204
    const isBack = () => world.sink.at(path).some(({ text }) => text.includes('SUBSCRIPTION_ACTIVE'))
    await passUntil(isBack)
    const reasons = world.sink.at(path).map(({ text }) => JSON.parse(text).data.updateReason)
    expect([...new Set(reasons.filter(Boolean))]).toEqual(['SUBSCRIPTION_INACTIVE', 'SUBSCRIPTION_ACTIVE'])
    expect((await api.get(`/subscriptions/${id}`)).body['status']).toBe('ACTIVE')
  })

  it('ends the subscription when that event is given up as well', async () => {
    const { eid, iccid } = aCard()
    const { id, path, events } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    await events(1)
    const before = world.logs.filter((line) => line.includes('given-up')).length
    world.sink.set.status = (at) => (at === path ? 500 : 204)
    await operate('enable', iccid)
    await passUntil(givenUp(before + 2))
    expect((await api.get(`/subscriptions/${id}`)).body['status']).toBe('EXPIRED')
  })
})

describe('the list', () => {
  it('has what the tenant has, by time of expiry when asked', async () => {
    const { eid } = aCard()
    const { id } = await subscribe({
      subscriptionDetail: { esimProfile: { eid } },
      subscriptionExpireTime: inFuture(hour),
    })
    const without = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    const ids = async (query: string, options: CallOptions = {}) => {
      const reply = await api.get(`/subscriptions${query}`, options)
      expect(reply.status).toBe(200)
      return (reply.body as unknown as readonly Json[]).map((row) => row['id'])
    }
    expect(await ids('')).toEqual(expect.arrayContaining([id, without.id]))
    expect(await ids(`?type=${completedType}&expiresAt.lt=${inFuture(hour + 1)}`)).toContain(id)
    expect(await ids(`?expiresAt.lt=${inFuture(hour + 1)}`)).not.toContain(without.id)
    expect(await ids(`?expiresAt.lt=${inFuture(hour)}`)).not.toContain(id)
    expect(await ids('', { client: globex })).not.toContain(id)
    for (const query of ['?type=other', '?expiresAt.lt=soon'])
      expect(await api.get(`/subscriptions${query}`)).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
  })

  it('and each of them is of its tenant alone', async () => {
    const { eid } = aCard()
    const { id } = await subscribe({ subscriptionDetail: { esimProfile: { eid } } })
    for (const reply of [
      await api.get(`/subscriptions/${id}`, { client: globex }),
      await api.delete(`/subscriptions/${id}`, { client: globex }),
    ])
      expect(reply).toMatchObject(camaraError(404, 'NOT_FOUND'))
    expect(await api.get('/subscriptions/x')).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
  })
})

describe('an instant at either end of the calendar', () => {
  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '9999-12-31T23:59:60Z'])('%s is one', async (at) => {
    expect((await api.get(`/subscriptions?expiresAt.lt=${at}`)).status).toBe(200)
    const { status, body } = await api.post('/subscriptions', {
      ...{ protocol: 'HTTP', sink: `${world.sink.url}/calendar/${at}`, types: [completedType] },
      config: {
        subscriptionDetail: { esimProfile: { iccid: '8901000000000000009' } },
        subscriptionExpireTime: at,
      },
    })
    expect([status, body['expiresAt']]).toEqual(at.startsWith('0') ? [400, undefined] : [201, expect.any(String)])
  })
})

describe('it is refused', () => {
  const eid = '89049032000000000000000000000001'
  const config = { subscriptionDetail: { esimProfile: { iccid: '8901000000000000009' } } }
  const sink = 'https://sink.example/'
  const valid = { protocol: 'HTTP', sink, types: [completedType], config }
  it.each<[string, unknown]>([
    ['no protocol', { ...valid, protocol: undefined }],
    ['another protocol', { ...valid, protocol: 'MQTT5' }],
    ['no types', { ...valid, types: [] }],
    ['another type', { ...valid, types: ['org.camaraproject.other'] }],
    ['no filter', { ...valid, config: { subscriptionDetail: {} } }],
    ['an EID that is none', { ...valid, config: { subscriptionDetail: { esimProfile: { eid: '1' } } } }],
    ['an operationId that is none', { ...valid, config: { subscriptionDetail: { operation: { operationId: 'x' } } } }],
    ['no events at all', { ...valid, config: { ...config, subscriptionMaxEvents: 0 } }],
    ['an expiry that is no time', { ...valid, config: { ...config, subscriptionExpireTime: 'soon' } }],
    ['an expiry that has passed', { ...valid, config: { ...config, subscriptionExpireTime: '2020-01-01T00:00:00Z' } }],
    ['a sink that is no URL', { ...valid, sink: 'here' }],
    [
      'a credential of another type',
      { ...valid, sinkCredential: { credentialType: 'PLAIN', identifier: 'a', secret: 'b' } },
    ],
    [
      'a credential that only later Commonalities have',
      {
        ...valid,
        sinkCredential: { credentialType: 'PRIVATE_KEY_JWT', clientId: 'a', tokenUri: 'https://a.example/token' },
      },
    ],
    [
      'a token that has expired',
      {
        ...valid,
        sinkCredential: {
          ...{ credentialType: 'ACCESSTOKEN', accessToken: 't', accessTokenType: 'bearer' },
          accessTokenExpiresUtc: '2020-01-01T00:00:00Z',
        },
      },
    ],
    [
      'a token that no header field can carry',
      {
        ...valid,
        sinkCredential: {
          ...{ credentialType: 'ACCESSTOKEN', accessToken: 'a\r\nb: c', accessTokenType: 'bearer' },
          accessTokenExpiresUtc: '2090-01-01T00:00:00Z',
        },
      },
    ],
    ['an unknown property', { ...valid, extra: 1 }],
    [
      'an unknown property deep inside',
      { ...valid, config: { subscriptionDetail: { esimProfile: { eid, extra: 1 } } } },
    ],
  ])('with %s: 400', async (_what, body) => {
    expect(await api.post('/subscriptions', body)).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
  })

  it('without an identifier: 422 MISSING_IDENTIFIER', async () => {
    const body = bodyOf(newPath(), { subscriptionDetail: { esimProfile: {} } })
    expect(await api.post('/subscriptions', body)).toMatchObject(camaraError(422, 'MISSING_IDENTIFIER'))
  })

  it('for an eUICC or an operation that is unknown, of another tenant or of another API: 422 SERVICE_NOT_APPLICABLE', async () => {
    const { iccid } = aCard()
    for (const subscriptionDetail of [
      { esimProfile: { eid: newEid() } },
      { esimProfile: { eid: world.card([], 'globex').eid } },
      { operation: { operationId: '00000000-0000-4000-8000-000000000000' } },
      { operation: { operationId: await operate('enable', iccid, '/esim') } },
    ])
      expect(await api.post('/subscriptions', bodyOf(newPath(), { subscriptionDetail }))).toMatchObject(
        camaraError(422, 'SERVICE_NOT_APPLICABLE'),
      )
    expect((await subscribe({ subscriptionDetail: { esimProfile: { iccid: newIccid() } } })).reply.status).toBe(201)
  })

  const id = '00000000-0000-4000-8000-000000000000'
  const scope = (action: string) => `esim-profile-management-subscriptions:${action}`
  it.each([
    ['POST', '/subscriptions', scope(`${completedType}:create`)],
    ['GET', '/subscriptions', scope('read')],
    ['GET', `/subscriptions/${id}`, scope('read')],
    ['DELETE', `/subscriptions/${id}`, scope('delete')],
  ])('%s %s without its own scope: 403, and without a token: 401', async (method, path, needed) => {
    const every = [scope(`${completedType}:create`), scope('read'), scope('delete')]
    const others = every.filter((other) => other !== needed).join(' ')
    const ask = (options: CallOptions) =>
      provider.call(method, `${basePath}${path}`, method === 'POST' ? {} : undefined, options)
    expect(await ask({ scope: others })).toMatchObject(camaraError(403, 'PERMISSION_DENIED'))
    expect(await ask({ headers: { authorization: '' } })).toMatchObject(camaraError(401, 'UNAUTHENTICATED'))
  })
})
