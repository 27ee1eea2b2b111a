import { describe, expect, it, vi } from 'vitest'
import { fromHex } from '../../../protocol/ber/index.ts'
import type { HttpAnswer, HttpClient, TraceEntry } from '../../ports/index.ts'
import type { SmdpOptions } from '../index.ts'
import {
  ADDRESS,
  authenticateRequest,
  call,
  cancelRequest,
  createWorld,
  EID,
  type FinalResult,
  initiated,
  initiateRequest,
  installationResult,
  type Json,
  notify,
  outcome,
  type Plan,
  packageRequest,
  type World,
} from '../testing/world.ts'

const ICCID = '8988201234567890123'
const OTHER_EID = '89049032000000000000000000000000'
const header = { functionRequesterIdentifier: 'operator', functionCallIdentifier: 'call-1' }

const send = (world: World, name: string, body: unknown) =>
  world.send(`/gsma/rsp2/es2plus/${name}`, new TextEncoder().encode(JSON.stringify(body)))

const jsonOf = ({ body }: HttpAnswer): Json => JSON.parse(new TextDecoder().decode(body))

async function es2(world: World, name: string, request: object, requester = 'operator'): Promise<Json> {
  const answer = await send(world, name, { header: { ...header, functionRequesterIdentifier: requester }, ...request })
  expect(answer.status).toBe(200)
  return jsonOf(answer)
}

type Step = readonly [name: string, request: object, requester?: string]

const ordered: Step = ['downloadOrder', { iccid: ICCID, profileType: 'minimal' }]
const linked: Step = ['downloadOrder', { iccid: ICCID, profileType: 'minimal', eid: EID }]
const confirmed: Step = ['confirmOrder', { iccid: ICCID, releaseFlag: false, matchingId: 'M-1' }]
const released: Step = ['releaseProfile', { iccid: ICCID }]
const givenBack: Step = ['cancelOrder', { iccid: ICCID, finalProfileStatusIndicator: 'Available' }]
const withdrawn: Step = ['cancelOrder', { iccid: ICCID, finalProfileStatusIndicator: 'Unavailable' }]

const by = (requester: string, [name, request]: Step): Step => [name, request, requester]

const limited: Partial<SmdpOptions> = { operators: { operator: { profileTypes: { minimal: 0 } } } }

/** The outcome of the last step. */
async function after(steps: readonly Step[], options: Partial<SmdpOptions> = {}): Promise<string> {
  const world = createWorld(options)
  const outcomes: string[] = []
  for (const step of steps) outcomes.push(outcome(await es2(world, ...step)))
  expect(outcomes.slice(0, -1)).toEqual(outcomes.slice(0, -1).map(() => 'ok'))
  return outcomes.at(-1) ?? ''
}

describe('an order through ES2+', () => {
  it('is allocated, confirmed and released', async () => {
    const world = createWorld()
    const states: unknown[] = []
    for (const step of [ordered, confirmed, released]) {
      expect(outcome(await es2(world, ...step))).toBe('ok')
      states.push(world.smdp.orders.get(ICCID)?.state)
    }
    expect(states).toEqual(['allocated', 'confirmed', 'released'])
    expect(world.smdp.orders.get(ICCID)?.activationCode).toBe(`LPA:1$${ADDRESS}$M-1`)
  })

  it('is linked to an EID, and released at once', async () => {
    const world = createWorld()
    const { iccid } = await es2(world, 'downloadOrder', { profileType: 'typical', eid: EID })
    expect(world.smdp.orders.get(String(iccid))).toMatchObject({ state: 'linked', eid: EID })
    const answer = await es2(world, 'confirmOrder', { iccid, releaseFlag: true })
    expect(answer).toMatchObject({ eid: EID, smdpAddress: ADDRESS, matchingId: expect.stringMatching(/^[0-9A-Z-]+$/) })
    expect(world.smdp.orders.get(String(iccid))?.state).toBe('released')
  })

  it('has an ICCID that may be filled up with F', async () => {
    const world = createWorld()
    expect(await es2(world, 'downloadOrder', { iccid: `${ICCID}F`, profileType: 'minimal' })).toMatchObject({
      iccid: ICCID,
    })
    expect(outcome(await es2(world, 'releaseProfile', { iccid: `${ICCID}F` }))).toBe('8.2.1/3.5 order-confirmed')
  })

  it('that is given back can be placed again by the same operator, without what was said of it', async () => {
    const world = createWorld()
    for (const step of [linked, confirmed, released, givenBack]) await es2(world, ...step)
    const { eid, matchingId, state } = world.smdp.orders.get(ICCID) ?? {}
    expect([state, eid, matchingId]).toEqual(['available', undefined, undefined])
    expect(outcome(await es2(world, 'downloadOrder', { iccid: ICCID }, 'another'))).toBe(
      '8.2.1/1.2 iccid-of-the-requester',
    )
    for (const step of [ordered, confirmed]) expect(outcome(await es2(world, ...step))).toBe('ok')
  })

  it('that the owner of the testbed has placed is anybody’s', async () => {
    const world = createWorld()
    const { iccid } = world.smdp.orders.create()
    const cancel = { iccid, finalProfileStatusIndicator: 'Unavailable' }
    expect(outcome(await es2(world, 'cancelOrder', cancel))).toBe('ok')
  })

  it('of more profiles than the operator has is refused, also when one was made before', async () => {
    const one = { operators: { operator: { profileTypes: { minimal: 1 } } } }
    const step: Step = ['downloadOrder', { profileType: 'minimal' }]
    expect(await after([step, step], one)).toBe('8.2.5/3.7 profiles-left')
  })
})

const eid = { eid: OTHER_EID }
const confirm = (changes: object): Step => ['confirmOrder', { iccid: ICCID, releaseFlag: false, ...changes }]
const taken: readonly Step[] = [
  ['downloadOrder', { iccid: '8988201234567890131', profileType: 'minimal' }],
  ['confirmOrder', { iccid: '8988201234567890131', releaseFlag: false, matchingId: 'TAKEN' }],
]

/** In the order of the checks. */
const refusals: readonly (readonly [string, readonly Step[], Partial<SmdpOptions>?])[] = [
  ['1.6/2.3 iccid-or-profile-type-given', [['downloadOrder', {}]]],
  ['8.2.5/3.9 profile-type-known', [['downloadOrder', { iccid: ICCID, profileType: 'constructor' }]]],
  ['8.2.5/1.2 profile-type-of-the-requester', [['downloadOrder', { profileType: 'typical' }]], limited],
  ['8.2.1/3.9 iccid-known', [['downloadOrder', { iccid: ICCID }]]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, by('another', ordered)]],
  ['8.2.1/3.3 profile-available', [ordered, ordered]],
  ['8.2.5/3.8 profile-of-the-type', [ordered, givenBack, ['downloadOrder', { iccid: ICCID, profileType: 'typical' }]]],
  ['8.2.5/3.7 profiles-left', [ordered], limited],

  ['8.2.1/3.9 iccid-known', [confirmed]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, by('another', confirmed)]],
  ['8.2.1/3.5 order-confirmable', [ordered, confirmed, confirmed]],
  ['8.1.1/3.10 eid-of-the-order', [linked, confirm(eid)]],
  ['8.1.1/2.2 eid-given-where-needed', [ordered, confirm({ smdsAddress: 'smds.test' })]],
  ['8.1.1/2.2 eid-given-where-needed', [ordered, confirm({ matchingId: '' })]],
  ['8.2.6/3.3 matching-id-free', [...taken, ordered, confirm({ matchingId: 'TAKEN' })]],
  ['8.9/5.1 sm-ds-reachable', [linked, confirm({ smdsAddress: 'smds.test', releaseFlag: true })]],

  ['8.2.1/3.9 iccid-known', [released]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, confirmed, by('another', released)]],
  ['8.2.1/3.5 order-confirmed', [ordered, released]],

  ['8.2.1/3.9 iccid-known', [withdrawn]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, by('another', withdrawn)]],
  ['8.1.1/3.10 eid-of-the-order', [linked, ['cancelOrder', { ...withdrawn[1], ...eid }]]],
  [
    '8.2.6/3.10 matching-id-of-the-order',
    [ordered, confirmed, ['cancelOrder', { ...withdrawn[1], matchingId: 'M-2' }]],
  ],
  ['8.2.1/3.5 order-cancellable', [ordered, withdrawn, withdrawn]],
]

/** Both are wrong; the first is told. */
const pairs: readonly (readonly [string, readonly Step[], Partial<SmdpOptions>?])[] = [
  ['8.2.5/3.9 profile-type-known', [['downloadOrder', { profileType: 'x' }]], limited],
  ['8.2.5/1.2 profile-type-of-the-requester', [['downloadOrder', { iccid: ICCID, profileType: 'typical' }]], limited],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, ['downloadOrder', { iccid: ICCID, profileType: 'typical' }, 'other']]],
  ['8.2.1/3.3 profile-available', [ordered, ['downloadOrder', { iccid: ICCID, profileType: 'typical' }]]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, confirmed, by('another', confirmed)]],
  ['8.2.1/3.5 order-confirmable', [linked, confirmed, confirm(eid)]],
  ['8.1.1/3.10 eid-of-the-order', [...taken, linked, confirm({ ...eid, matchingId: 'TAKEN' })]],
  ['8.1.1/2.2 eid-given-where-needed', [...taken, ordered, confirm({ smdsAddress: 'x', matchingId: 'TAKEN' })]],
  ['8.2.1/1.2 iccid-of-the-requester', [ordered, by('another', released)]],
  ['8.2.1/1.2 iccid-of-the-requester', [linked, ['cancelOrder', { ...withdrawn[1], ...eid }, 'another']]],
  ['8.1.1/3.10 eid-of-the-order', [linked, confirmed, ['cancelOrder', { ...withdrawn[1], ...eid, matchingId: 'M-2' }]]],
]

describe.each([
  ['refused', refusals],
  ['refused first', pairs],
] as const)('what is %s', (_, rows) => {
  it.each(rows.map(([refusal, steps, options]) => [steps.at(-1)?.[0], refusal, steps, options] as const))(
    '%s: %s',
    async (_name, refusal, steps, options) => expect(await after(steps, options)).toBe(refusal),
  )

  it('leaves the order as it was', async () => {
    const world = createWorld()
    for (const step of [linked, confirmed]) await es2(world, ...step)
    const before = world.smdp.orders.get(ICCID)
    await es2(world, 'cancelOrder', { ...withdrawn[1], ...eid })
    await es2(world, ...confirmed)
    expect(world.smdp.orders.get(ICCID)).toEqual(before)
  })
})

describe('a request of ES2+', () => {
  it.each([
    ['no JSON', undefined, '1.6/2.1'],
    ['no header', { iccid: ICCID }, '1.6/2.2'],
    ['a header that is text', { header: 'x', iccid: ICCID }, '1.6/2.1'],
    ['no requester', { header: { functionCallIdentifier: 'x' }, iccid: ICCID }, '1.6/2.2'],
    ['an empty requester', { header: { ...header, functionRequesterIdentifier: ' ' }, iccid: ICCID }, '1.6/2.1'],
    ['no call identifier', { header: { functionRequesterIdentifier: 'x' }, iccid: ICCID }, '1.6/2.2'],
    ['no ICCID', { header }, '1.6/2.2'],
    ['an ICCID that is none', { header, iccid: '1' }, '1.6/2.1'],
    ['an ICCID that is a number', { header, iccid: 1 }, '1.6/2.1'],
  ])('with %s is answered with 400', async (_, body, code) => {
    const answer = await send(createWorld(), 'releaseProfile', body)
    expect(answer.status).toBe(400)
    expect(outcome(jsonOf(answer)).split(' ')[0]).toBe(code)
  })

  it.each([
    ['confirmOrder', { releaseFlag: 'true' }],
    ['confirmOrder', { releaseFlag: true, matchingId: 'lower' }],
    ['confirmOrder', { releaseFlag: true, confirmationCode: '' }],
    ['confirmOrder', { releaseFlag: true, smdsAddress: 'a/b' }],
    ['cancelOrder', { finalProfileStatusIndicator: 'Gone' }],
    ['cancelOrder', { ...withdrawn[1], eid: '1' }],
  ])('%s with %j is answered with 400', async (name, members) => {
    expect((await send(createWorld(), name, { header, iccid: ICCID, ...members })).status).toBe(400)
  })

  it('has its own paths, and POST', async () => {
    const world = createWorld()
    expect((await send(world, 'constructor', {})).status).toBe(404)
    const path = '/gsma/rsp2/es2plus/releaseProfile'
    expect(await world.smdp.handle({ method: 'GET', path, headers: {}, body: new Uint8Array() })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
  })

  it('gets the version that it has named, and is in the trace', async () => {
    const entries: TraceEntry[] = []
    const world = createWorld({ trace: { record: (entry) => entries.push(entry) } })
    const body = new TextEncoder().encode(JSON.stringify({ header, iccid: ICCID }))
    const version = { 'x-admin-protocol': 'gsma/rsp/v2.2.0' }
    const answer = await world.send('/gsma/rsp2/es2plus/releaseProfile', body, version)
    expect(answer.headers).toEqual({ 'content-type': 'application/json;charset=UTF-8', ...version })
    expect(entries.map(({ from, operation, status }) => [from, operation, status])).toEqual([
      ['operator', 'releaseProfile', undefined],
      ['SM-DP+', 'releaseProfile', '200, iccid-known'],
    ])
  })
})

/** An operator that listens, and what it was told. */
function listening(answers: readonly (number | Error)[] = []) {
  const told: { url: string; body: Json }[] = []
  const delays: number[] = []
  const http: HttpClient = async (url, { body }) => {
    told.push({ url, body: JSON.parse(new TextDecoder().decode(body)) })
    const answer = answers[told.length - 1] ?? 204
    if (answer instanceof Error) throw answer
    return { status: answer, headers: {}, body: new Uint8Array() }
  }
  const world = createWorld({
    operators: { operator: { url: 'https://operator.test/' } },
    client: {
      http,
      async delay(milliseconds) {
        delays.push(milliseconds)
      },
    },
  })
  return { world, told, delays, settled: (count: number) => vi.waitFor(() => expect(told).toHaveLength(count)) }
}

async function authenticated(world: World, plan: Plan = {}) {
  for (const step of [
    ordered,
    [
      'confirmOrder',
      { ...confirmed[1], releaseFlag: true, ...(plan.confirmationCode && { confirmationCode: '4711' }) },
    ],
  ] as const)
    await es2(world, ...(step as Step))
  const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
  return call(world, 'authenticateClient', authenticateRequest(plan, start, 'M-1'))
}

describe('the operator is told', () => {
  const failure: FinalResult = {
    kind: 'errorResult',
    value: { bppCommandId: 'loadProfileElements', errorReason: 'pprNotAllowed' },
  }

  it.each([
    [undefined, { status: 'Executed-Success' }],
    [failure, { status: 'Failed', statusCodeData: { subjectCode: '8.2', reasonCode: '4.2' } }],
  ] as const)('of each point of a download, and of its result', async (result, status) => {
    const { world, told, settled } = listening()
    const client = await authenticated(world)
    await call(world, 'getBoundProfilePackage', packageRequest({}, client))
    const about = { transactionId: String(client.transactionId), iccid: ICCID, ...(result && { result }) }
    const report = installationResult({}, about)
    await notify(world, report)
    await notify(world, report)
    await settled(3)
    expect(told.map(({ body }) => body.notificationPointId)).toEqual([1, 3, 4])
    expect(told[2]?.url).toBe('https://operator.test/gsma/rsp2/es2plus/handleDownloadProgressInfo')
    expect(told[2]?.body).toMatchObject({
      header: { functionRequesterIdentifier: '2.999.10', functionCallIdentifier: expect.any(String) },
      eid: EID,
      iccid: ICCID,
      profileType: 'minimal',
      timestamp: '2026-11-22T12:00:00Z',
      notificationPointStatus: status,
      resultData: report.pendingNotification,
    })
  })

  it('why an eUICC got nothing', async () => {
    const { world, told, settled } = listening()
    await authenticated(world, { info2: { extCardResource: fromHex('820101') } })
    await settled(1)
    expect(told[0]?.body).toMatchObject({
      notificationPointId: 1,
      notificationPointStatus: { status: 'Failed', statusCodeData: { subjectCode: '8.1', reasonCode: '4.8' } },
    })
  })

  it('of wrong confirmation codes and of cancelled sessions', async () => {
    const { world, told, settled } = listening()
    const client = await authenticated(world, { confirmationCode: 'wrong' })
    await call(world, 'getBoundProfilePackage', packageRequest({ confirmationCode: 'wrong' }, client))
    await call(world, 'cancelSession', cancelRequest({}, String(client.transactionId)))
    await settled(3)
    expect(told.map(({ body }) => body.notificationPointId)).toEqual([1, 2, 2])
    expect(told[1]?.body.notificationPointStatus).toMatchObject({
      statusCodeData: { subjectCode: '8.2.7', reasonCode: '3.8' },
    })
  })

  it('again and again until it says that it has heard, and in order', async () => {
    const { world, told, delays, settled } = listening([new Error('down'), 500])
    const client = await authenticated(world)
    await call(world, 'getBoundProfilePackage', packageRequest({}, client))
    await settled(4)
    expect(told.map(({ body }) => body.notificationPointId)).toEqual([1, 1, 1, 3])
    expect(delays).toEqual([1_000, 5_000])
  })

  it('until it has been tried five times', async () => {
    const { world, told, delays, settled } = listening([500, 500, 500, 500, 500])
    const client = await authenticated(world)
    await call(world, 'getBoundProfilePackage', packageRequest({}, client))
    await settled(6)
    expect(told[5]?.body.notificationPointId).toBe(3)
    expect(delays).toHaveLength(4)
  })

  it('nothing by a stranger, and nothing of orders that it has not placed', async () => {
    const { world, told } = listening()
    const { matchingId } = world.smdp.orders.create()
    const start = initiated(await call(world, 'initiateAuthentication', initiateRequest({})))
    const forged = authenticateRequest({ signed1: { serverChallenge: new Uint8Array(16) } }, start, matchingId)
    await call(world, 'authenticateClient', forged)
    await call(world, 'authenticateClient', authenticateRequest({}, start, matchingId))
    expect(told).toEqual([])
  })
})

describe('an order that names an SM-DS', () => {
  const smds = async (answers: readonly (number | Error)[]) => {
    const { world, told } = listening(answers)
    await es2(world, ...linked)
    const smdsAddress = 'smds.test:8447'
    const answer = await es2(world, 'confirmOrder', { ...confirmed[1], releaseFlag: true, smdsAddress })
    return { world, told, answer }
  }

  it('is released when its event is registered, and the event goes with the order', async () => {
    const { world, told, answer } = await smds([204])
    expect(outcome(answer)).toBe('ok')
    await es2(world, ...withdrawn)
    expect(told.map(({ url, body: { header: _, ...event } }) => [url, event])).toEqual([
      [
        'https://smds.test:8447/gsma/rsp2/es12/registerEvent',
        { eid: EID, rspServerAddress: ADDRESS, eventId: 'M-1', forwardingIndicator: false },
      ],
      ['https://smds.test:8447/gsma/rsp2/es12/deleteEvent', { eid: EID, eventId: 'M-1' }],
    ])
  })

  it.each([
    ['refuses', 500, '8.9/4.2 event-registered'],
    ['does not answer', new Error('down'), '8.9/5.1 sm-ds-reachable'],
  ])('stays as it was when the SM-DS %s', async (_, fault, refusal) => {
    const { world, answer } = await smds([fault])
    expect([outcome(answer), world.smdp.orders.get(ICCID)?.state]).toEqual([refusal, 'linked'])
  })
})

it('a confirmation code of ConfirmOrder is asked for', async () => {
  const { world } = listening()
  const client = await authenticated(world, { confirmationCode: 'x' })
  expect(outcome(await call(world, 'getBoundProfilePackage', packageRequest({}, client)))).toBe(
    '8.2.7/2.2 confirmation-code-given',
  )
  const right = packageRequest({ confirmationCode: '4711' }, client)
  expect(outcome(await call(world, 'getBoundProfilePackage', right))).toBe('ok')
})
