import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createMortalDatabase } from '../../testing/mortal-database.ts'
import { type CallOptions, globex, newEid, newIccid, type Reply, startWorld, type World } from '../../testing/world.ts'

const basePath = '/esim-remote-management/vwip'
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
  world.smdp.set.refuse = undefined
  world.smdp.set.instead = undefined
})

const oper = (subscriptionDetail: object, more: object = {}) =>
  api.post('/profile/oper', { config: { subscriptionDetail }, ...more })
const body = (subscriptionDetail: object) => ({ config: { subscriptionDetail } })
const download = (subscriptionDetail: object, more: object = {}) =>
  api.post('/profile/download', { ...body(subscriptionDetail), ...more })
const query = (taskId: unknown, more: object = {}) => api.post('/profile/result/query', { data: { taskId }, ...more })
const list = (eId: string, more: object = {}) => api.post('/profile/downloaded-list', { data: { eId }, ...more })

const completed = async ({ body: { taskId } }: Reply) => {
  await world.logged((line) => line.includes(`"operationId":"${taskId}"`) && line.includes('"phase":"completed"'))
  return (await query(taskId)).body['data']
}

describe('a task', () => {
  it.each([
    ['enable', 1, 'disabled', [1]],
    ['disable', 2, 'enabled', [0]],
    ['delete', 3, 'disabled', []],
  ] as const)('%s is accepted with a taskId, executing, then done', async (_name, optType, state, statuses) => {
    const { eid, iccids } = world.card([{ state }])
    const detail = { iccid: iccids[0], optType, eId: eid, imei: '123456789012345' }
    world.eim.set.auto = false
    const accepted = await oper(detail)
    expect([accepted.status, accepted.body]).toEqual([
      200,
      {
        code: 100000,
        message: expect.any(String),
        taskId: expect.stringMatching(/^[a-zA-Z0-9-]{1,64}$/),
        config: { subscriptionDetail: detail },
      },
    ])
    const task = { taskId: accepted.body['taskId'], eId: eid, iccid: iccids[0], resultMsg: expect.any(String) }
    const asked = await query(task.taskId, { sequenceNum: 'n_1', clientId: 'c', timestamp: '2026-01-01T00:00:00Z' })
    expect([asked.status, asked.body]).toEqual([
      200,
      { resultCode: 'B100000', resultDesc: expect.any(String), sequenceNum: 'n_1', data: { ...task, operResult: 0 } },
    ])
    await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
    world.eim.set.auto = true
    world.eim.run(eid)
    expect(await completed(accepted)).toEqual({ ...task, operResult: 1 })
    const listed = await list(eid)
    expect(listed.body['data']?.['profiles']).toEqual(
      statuses.map((enableStatus) => ({ iccid: iccids[0], enableStatus })),
    )
  })

  it('download orders the profile at the SM-DP+ and installs it', async () => {
    const { eid } = world.card()
    const iccid = newIccid()
    const accepted = await download({ eId: eid, iccid })
    expect(accepted).toMatchObject({
      status: 200,
      body: { code: 100000, config: { subscriptionDetail: { eId: eid, iccid } } },
    })
    expect(await completed(accepted)).toMatchObject({ operResult: 1, eId: eid, iccid })
    expect(world.smdp.calls.slice(-2).map(({ path, body: { header, ...body } }) => [path, body, header])).toEqual([
      [
        '/gsma/rsp2/es2plus/downloadOrder',
        { eid, iccid },
        expect.objectContaining({ functionRequesterIdentifier: 'provider' }),
      ],
      [
        '/gsma/rsp2/es2plus/confirmOrder',
        { eid, iccid, matchingId: expect.stringMatching(/^[0-9A-F]{32}$/), releaseFlag: true },
        expect.anything(),
      ],
    ])
    expect((await list(eid)).body['data']).toEqual({ eId: eid, profiles: [{ iccid, enableStatus: 0 }] })
  })

  it('download with autoEnableType enables it, too', async () => {
    const { eid } = world.card()
    const iccid = newIccid()
    expect(await completed(await download({ eId: eid, iccid, autoEnableType: 1 }))).toMatchObject({ operResult: 1 })
    expect((await list(eid)).body['data']?.['profiles']).toEqual([{ iccid, enableStatus: 1 }])
  })

  it.each([
    ['enable of an enabled profile', 1, 'enabled', /enabled/],
    ['disable of a disabled one', 2, 'disabled', /not enabled/],
    ['delete of an enabled one', 3, 'enabled', /enabled/],
  ] as const)('%s is accepted, and failed when it has its turn', async (_name, optType, state, why) => {
    const { iccids } = world.card([{ state }])
    expect(await completed(await oper({ iccid: iccids[0], optType }))).toMatchObject({
      operResult: 2,
      resultMsg: expect.stringMatching(why),
    })
  })

  it('waits for its turn on a busy eUICC', async () => {
    const { iccids } = world.card([{}])
    const [enable, disable] = [
      await oper({ iccid: iccids[0], optType: 1 }),
      await oper({ iccid: iccids[0], optType: 2 }),
    ]
    expect(await completed(enable)).toMatchObject({ operResult: 1 })
    expect(await completed(disable)).toMatchObject({ operResult: 1 })
  })

  it('is found in its dialect alone, and by its tenant alone', async () => {
    const { iccids } = world.card([{}])
    const { taskId } = (await oper({ iccid: iccids[0], optType: 1 })).body
    const theirs = await api.post('/profile/result/query', { data: { taskId } }, { client: globex })
    expect(theirs).toMatchObject(camaraError(404, 'NOT_FOUND'))
    expect((await provider.get(`/operations/${taskId}`)).status).toBe(404)
    const other = await provider.at('/esim-profile-management/v0.1rc1').get(`/operations/${taskId}`)
    expect(other.status).toBe(404)
  })
})

describe('with deleteEnabled: auto-disable', () => {
  it('an enabled profile is disabled first', async () => {
    await provider.close()
    provider = await world.start({ dialects: { 'esim-remote-management@wip': { deleteEnabled: 'auto-disable' } } })
    api = provider.at(basePath)
    const { iccids } = world.card([{ state: 'enabled' }])
    expect(await completed(await oper({ iccid: iccids[0], optType: 3 }))).toMatchObject({ operResult: 1 })
    await provider.close()
    provider = await world.start()
    api = provider.at(basePath)
  })
})

describe('with IMEIs in the configuration', () => {
  const imei = '490154203237518'
  const withImei = async (eid: string) => {
    await provider.close()
    provider = await world.start({ deviceImeis: [{ imei, eid }] })
    api = provider.at(basePath)
  }
  afterAll(async () => {
    await provider.close()
    provider = await world.start()
    api = provider.at(basePath)
  })

  it('the IMEI stands for the eUICC in the device, and is sent back', async () => {
    const { eid } = world.card()
    await withImei(eid)
    const iccid = newIccid()
    const accepted = await download({ imei, iccid })
    expect(accepted.body).toMatchObject({ code: 100000, config: { subscriptionDetail: { imei, iccid } } })
    expect(await completed(accepted)).toMatchObject({ operResult: 1, eId: eid, iccid })
    expect(await completed(await oper({ imei, iccid, optType: 1 }))).toMatchObject({ operResult: 1, eId: eid })
  })

  it('one of another device, of another tenant, or unknown is 404; and of a profile that is named otherwise it says nothing', async () => {
    const [mine, other, theirs] = [world.card([{}]), world.card([{}]), world.card([], 'globex')]
    await withImei(mine.eid)
    const refused = camaraError(404, 'IDENTIFIER_NOT_FOUND')
    expect(await oper({ imei, iccid: other.iccids[0], optType: 1 })).toMatchObject(refused)
    expect(await oper({ imei, eId: other.eid, iccid: other.iccids[0], optType: 1 })).toMatchObject(refused)
    expect(await download({ imei, eId: other.eid, iccid: newIccid() })).toMatchObject(refused)
    expect(await download({ imei: '490154203237500', iccid: newIccid() })).toMatchObject(refused)
    expect(await oper({ imei: '490154203237500', iccid: mine.iccids[0], optType: 1 })).toMatchObject({ status: 200 })
    await withImei(theirs.eid)
    expect(await download({ imei, iccid: newIccid() })).toMatchObject(refused)
  })
})

describe('the sink', () => {
  let last = 0
  const subscribed = async (config: object, more: object = {}) => {
    const { eid, iccids } = world.card([{}])
    last += 1
    const path = `/remote/${last}`
    const detail = { iccid: iccids[0], optType: 1 }
    const accepted = await api.post('/profile/oper', {
      ...{ protocol: 'HTTP', sink: `${world.sink.url}${path}` },
      config: { subscriptionDetail: detail, ...config },
      ...more,
    })
    expect(accepted.body['config']).toEqual({ subscriptionDetail: detail, ...config })
    await completed(accepted)
    const names = async (count: number) =>
      (await world.sink.received(path, count)).map(({ text }) => JSON.parse(text).type.split('.').at(-1))
    return { accepted, path, eid, iccid: iccids[0], names }
  }

  it('gets one event when the task is completed', async () => {
    const { accepted, path, eid, iccid } = await subscribed({})
    const [event] = await world.sink.received(path)
    expect(event?.headers['content-type']).toBe('application/cloudevents+json')
    expect(JSON.parse(event?.text ?? '')).toEqual({
      specversion: '1.0',
      id: expect.any(String),
      source: `${provider.url}${basePath}`,
      type: 'org.camaraproject.esim-remote-management.v0.operation-completed',
      time: new Date(world.time.now()).toISOString(),
      datacontenttype: 'application/json',
      data: { taskId: accepted.body['taskId'], eId: eid, iccid, operResult: 1, resultMsg: expect.any(String) },
    })
  })

  it('gets one when the task is accepted, too, where initialEvent asks for it', async () => {
    const { path, names } = await subscribed({ initialEvent: true })
    expect(await names(2)).toEqual(['operation-accepted', 'operation-completed'])
    expect(JSON.parse(world.sink.at(path)[0]?.text ?? '').data).toMatchObject({ operResult: 0 })
  })

  it('gets no more than subscriptionMaxEvents', async () => {
    const one = await subscribed({ initialEvent: true, subscriptionMaxEvents: 1 })
    expect(await one.names(1)).toEqual(['operation-accepted'])
    const { names } = await subscribed({})
    await names(1)
    expect(world.sink.at(one.path).length).toBe(1)
  })

  it('gets the types that it wants', async () => {
    const { names } = await subscribed({ initialEvent: true }, { types: ['operation-completed'] })
    expect(await names(1)).toEqual(['operation-completed'])
  })

  it('gets nothing about what happens after subscriptionExpireTime', async () => {
    const { iccids } = world.card([{}])
    const until = new Date(world.time.now() + 1000).toISOString()
    world.eim.set.auto = false
    const accepted = await api.post('/profile/oper', {
      sink: `${world.sink.url}/remote/late`,
      config: { subscriptionDetail: { iccid: iccids[0], optType: 1 }, subscriptionExpireTime: until },
    })
    await world.eim.until(() => world.eim.packages.some(({ key }) => key?.startsWith(`${accepted.body['taskId']}`)))
    world.time.pass(1001)
    world.eim.set.auto = true
    for (const { eid, state } of world.eim.packages) if (state === 'queued') world.eim.run(eid)
    await completed(accepted)
    const { names } = await subscribed({})
    await names(1)
    expect(world.sink.at('/remote/late')).toEqual([])
  })
})

describe('an ICCID that was ordered for a task that is not there', () => {
  const refusedOrder = { status: 200, body: { code: 100001, message: expect.stringContaining('DownloadOrder: 8.2.1') } }

  it.each(['downloadOrder', 'confirmOrder'] as const)(
    'since the provider was killed after %s, is ordered again by the next try',
    async (last) => {
      const { eid } = world.card()
      const iccid = newIccid()
      const doomed = createMortalDatabase(world.database)
      const killed = await world.start({}, doomed.database)
      world.smdp.set.called = (name) => name === last && doomed.die()
      expect((await killed.at(basePath).post('/profile/download', body({ eId: eid, iccid }))).status).toBe(500)
      world.smdp.set.called = () => {}
      await killed.close()
      expect(world.smdp.orders.has(iccid)).toBe(true)
      const accepted = await download({ eId: eid, iccid })
      expect(accepted.body).toMatchObject({ code: 100000 })
      expect(await completed(accepted)).toMatchObject({ operResult: 1, iccid })
    },
  )

  it('since the task has failed, is ordered again, too', async () => {
    const { eid } = world.card()
    const iccid = newIccid()
    world.eim.set.auto = false
    const first = await download({ eId: eid, iccid })
    await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
    world.eim.cancel(world.eim.packages.find((queued) => queued.eid === eid)?.packageId ?? '')
    expect(await completed(first)).toMatchObject({ operResult: 2 })
    world.eim.set.auto = true
    expect(await completed(await download({ eId: eid, iccid }))).toMatchObject({ operResult: 1, iccid })
  })

  it('is left alone while its task is under way, when the profile is there, and when it is of another eUICC', async () => {
    const [{ eid }, other] = [world.card(), world.card()]
    const iccid = newIccid()
    world.eim.set.auto = false
    const first = await download({ eId: eid, iccid })
    expect(await download({ eId: eid, iccid })).toMatchObject(refusedOrder)
    expect(await download({ eId: other.eid, iccid })).toMatchObject(refusedOrder)
    await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
    world.eim.set.auto = true
    world.eim.run(eid)
    expect(await completed(first)).toMatchObject({ operResult: 1, iccid })
    expect(await download({ eId: other.eid, iccid })).toMatchObject(refusedOrder)
  })
})

describe('is refused:', () => {
  it('an order that the SM-DP+ does not take, with a code that is not 100000 and no task', async () => {
    for (const refuse of ['downloadOrder', 'confirmOrder'] as const) {
      world.smdp.set.refuse = refuse
      const { eid } = world.card()
      const refused = await download({ eId: eid, iccid: newIccid() })
      expect([refused.status, refused.body]).toMatchObject([
        200,
        { code: 100001, message: expect.stringContaining('8.2.1, 3.3') },
      ])
      expect(refused.body).not.toHaveProperty('taskId')
      expect(world.eim.packages.filter((queued) => queued.eid === eid)).toEqual([])
    }
  })

  it.each([
    ['says nothing sensible', { status: 200, text: 'hello' }],
    ['is not well', { status: 500, text: '' }],
    ['talks too much', { status: 200, text: 'x'.repeat(100_000) }],
  ])('a download while the SM-DP+ %s, with 503', async (_what, instead) => {
    world.smdp.set.instead = instead
    expect(await download({ eId: world.card().eid, iccid: newIccid() })).toMatchObject(camaraError(503, 'UNAVAILABLE'))
  })

  it('what is unknown, of another tenant or no pair, with 404', async () => {
    const theirs = world.card([{}], 'globex')
    const [mine, empty] = [world.card([{}]), world.card()]
    for (const detail of [
      { iccid: newIccid() },
      { iccid: theirs.iccids[0] },
      { iccid: mine.iccids[0], eId: empty.eid },
      { iccid: mine.iccids[0], eId: 'A'.repeat(32) },
    ])
      expect(await oper({ ...detail, optType: 1 })).toMatchObject(camaraError(404, 'IDENTIFIER_NOT_FOUND'))
    for (const eId of [newEid(), theirs.eid]) {
      expect(await download({ eId, iccid: newIccid() })).toMatchObject(camaraError(404, 'IDENTIFIER_NOT_FOUND'))
      expect(await list(eId)).toMatchObject(camaraError(404, 'IDENTIFIER_NOT_FOUND'))
    }
    expect(await query('no-such-task')).toMatchObject(camaraError(404, 'NOT_FOUND'))
  })

  const iccid = '8901000000000000001'
  const subscriptionDetail = { iccid, optType: 1 }
  it.each<[string, string, unknown]>([
    ['an unknown property', '/profile/oper', { config: { subscriptionDetail }, extra: 1 }],
    [
      'an unknown property deep inside',
      '/profile/oper',
      { config: { subscriptionDetail: { ...subscriptionDetail, extra: 1 } } },
    ],
    ['no config', '/profile/oper', {}],
    ['an operation that is none', '/profile/oper', { config: { subscriptionDetail: { iccid, optType: 4 } } }],
    [
      'autoEnableType 2',
      '/profile/download',
      { config: { subscriptionDetail: { eId: 'A'.repeat(32), iccid, autoEnableType: 2 } } },
    ],
    ['a type of event that is none', '/profile/oper', { config: { subscriptionDetail }, types: ['other'] }],
    ['a protocol that is none', '/profile/oper', { config: { subscriptionDetail }, protocol: 'MQTT3' }],
    ['a sink that is no URL', '/profile/oper', { config: { subscriptionDetail }, sink: 'here' }],
    ['a sink with a password', '/profile/oper', { config: { subscriptionDetail }, sink: 'https://u:p@sink.example/' }],
    [
      'a subscription that has expired',
      '/profile/oper',
      { config: { subscriptionDetail, subscriptionExpireTime: '2020-01-01T00:00:00Z' }, sink: 'https://sink.example/' },
    ],
    ['no EID', '/profile/downloaded-list', { data: {} }],
    ['no taskId', '/profile/result/query', { data: {} }],
    ['a taskId that breaks its pattern', '/profile/result/query', { data: { taskId: 'a_b' } }],
  ])('%s, with 400', async (_what, path, body) => {
    expect(await api.post(path, body)).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
  })

  it.each([
    ['/profile/download', 'download'],
    ['/profile/oper', 'oper'],
    ['/profile/downloaded-list', 'downloadedlist'],
    ['/profile/result/query', 'query'],
  ])('%s without its own scope, with 403, and without a token, with 401', async (path, action) => {
    const every = ['download', 'oper', 'downloadedlist', 'query']
    const others = every.filter((other) => other !== action).map((other) => `esim-remote-management:${other}`)
    const ask = (options: CallOptions) => api.post(path, {}, options)
    expect(await ask({ scope: others.join(' ') })).toMatchObject(camaraError(403, 'PERMISSION_DENIED'))
    expect(await ask({ headers: { authorization: '' } })).toMatchObject(camaraError(401, 'UNAUTHENTICATED'))
  })
})
