import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderSettings } from '../../config.ts'
import type { PackageResult } from '../../rsp/platform.ts'
import {
  acme,
  type Caller,
  globex,
  newEid,
  newIccid,
  scopes,
  startWorld,
  stranger,
  type World,
} from '../../testing/world.ts'

const day = 86_400_000
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const activationCode = 'LPA:1$smdp.example$A'

let world: World
let provider: Caller
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.eim.set.auto = true
  world.eim.set.refuse = undefined
})

/** One provider at a time works on the database. */
const withProvider = (choices: NonNullable<ProviderSettings['dialects']>['esim-management@0.1'] = {}) => {
  let running: Awaited<ReturnType<World['start']>>
  beforeAll(async () => {
    running = await world.start({ dialects: { 'esim-management@0.1': choices } })
    provider = running
  })
  afterAll(() => running.close())
}

let lastPath = 0
/** Starts an operation and waits for its event. */
const run = async (path: string, body: object) => {
  const { eventually, ...accepted } = await begin(path, body)
  return { ...accepted, ...(await eventually()) }
}
const begin = async (path: string, body: object) => {
  lastPath += 1
  const at = `/rows/${lastPath}`
  const reply = await provider.post(path, { ...body, sink: `${world.sink.url}${at}` })
  expect(reply.status).toBe(202)
  return {
    reply,
    async eventually() {
      const [received] = await world.sink.received(at)
      const event = JSON.parse(received?.text ?? '')
      const { body } = await provider.get(`/operations/${reply.body.operationId}`)
      return { event, data: event.data, headers: received?.headers, operation: body }
    },
  }
}
const failing = async (path: string, body: object) => (await run(path, body)).data.error
const download = (eid: string, iccid: string) => ({ esim: { eid, iccid }, activationCode })
const leadsTo = (iccid: string) => world.eim.downloads.set(activationCode, { iccid, fallbackAllowed: false })
const camaraError = (status: number, code: string) => ({
  status,
  body: { status, code, message: expect.stringMatching(/\S/) },
})

describe('with the default reading', () => {
  withProvider()

  it('a POST answers 202 with a UUID, the operation, accepted and no result', async () => {
    const { eid, iccids } = world.card([{}])
    const { reply, eventually } = await begin('/enable', { esim: { iccid: iccids[0] } })
    expect(reply.body).toEqual({
      operationId: expect.stringMatching(uuid),
      operation: 'enable',
      status: 'accepted',
      esim: { eid, iccid: iccids[0] },
    })
    await eventually()
  })

  it('a GET tells the same object, and the result once completed', async () => {
    const { iccids } = world.card([{}])
    world.eim.set.auto = false
    const { reply, eventually } = await begin('/enable', { esim: { iccid: iccids[0] } })
    expect((await provider.get(`/operations/${reply.body.operationId}`)).body).toEqual(reply.body)
    const mine = () => world.eim.packages.find(({ key }) => key?.startsWith(`${reply.body.operationId}`))
    await world.eim.until(() => mine() !== undefined)
    world.eim.set.auto = true
    world.eim.run(mine()?.eid ?? '')
    expect((await eventually()).operation).toEqual({
      ...reply.body,
      status: 'completed',
      result: { outcome: 'success', completedAt: new Date(world.time.now()).toISOString() },
    })
  })

  it.each([
    ['download', 'esim-downloaded'],
    ['enable', 'esim-enabled'],
    ['disable', 'esim-disabled'],
    ['delete', 'esim-deleted'],
    ['set-fallback', 'esim-fallback-set'],
  ])('one event tells the completion of %s, also of a failed one: %s', async (operation, name) => {
    const { eid } = world.card()
    const fresh = newIccid()
    world.eim.downloads.set(activationCode, { kind: 'profileDownloadError', reason: 'undefinedError' })
    const { iccids } = world.card([{ state: operation === 'disable' ? 'disabled' : 'enabled' }])
    if (operation === 'delete') world.eim.set.nextResult = card('disable', 'catBusy')
    const {
      event,
      headers,
      reply,
      operation: read,
    } = await run(`/${operation}`, operation === 'download' ? download(eid, fresh) : { esim: { iccid: iccids[0] } })
    expect(headers).toMatchObject({ 'content-type': 'application/cloudevents+json' })
    expect(event).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(uuid),
      source: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/esim$/),
      type: `org.camaraproject.esim-management.v0.${name}`,
      time: new Date(world.time.now()).toISOString(),
      datacontenttype: 'application/json',
      data: {
        operationId: reply.body.operationId,
        operation,
        status: 'completed',
        esim: reply.body.esim,
        result: { outcome: 'failed', completedAt: event.time },
        error: {
          status: 422,
          code: expect.stringMatching(/^ESIM_/),
          message: expect.any(String),
          ...(operation !== 'set-fallback' && { details: expect.any(String) }),
        },
      },
    })
    expect(read['result']).toEqual({ ...event.data.result, error: event.data.error })
  })

  it.each([
    ['enable', 'enabled', 'ESIM_NOT_DISABLED'],
    ['disable', 'disabled', 'ESIM_NOT_ENABLED'],
    ['set-fallback', 'enabled', 'ESIM_NOT_DISABLED'],
  ] as const)('%s of an eSIM that is %s is accepted and fails with %s', async (operation, state, code) => {
    const { iccids } = world.card([{ state, fallbackAllowed: true }])
    expect(await failing(`/${operation}`, { esim: { iccid: iccids[0] } })).toMatchObject({ status: 422, code })
  })

  it('enabling one eSIM disables the other', async () => {
    const { eid, iccids } = world.card([{ state: 'enabled' }, {}])
    await run('/enable', { esim: { iccid: iccids[1] } })
    const { body } = await provider.post('/retrieve-status', { esim: { eid } })
    expect(body).toEqual({
      esims: [
        { eid, iccid: iccids[0], state: 'disabled', isFallback: false },
        { eid, iccid: iccids[1], state: 'enabled', isFallback: false },
      ],
    })
  })

  it('delete of an enabled eSIM disables it first, in the same operation', async () => {
    const { eid, iccids } = world.card([{ state: 'enabled' }])
    const { data } = await run('/delete', { esim: { iccid: iccids[0] } })
    expect(data.result.outcome).toBe('success')
    expect(world.eim.cards.get(eid)).toEqual([])
    expect(world.eim.packages.at(-1)?.order).toEqual({
      psmo: [{ disable: { iccid: iccids[0] } }, { delete: { iccid: iccids[0] } }],
    })
  })

  it('delete of an enabled eSIM takes two packages where the platform refuses one', async () => {
    const { eid, iccids } = world.card([{ state: 'enabled' }])
    world.eim.set.refuse = (order) => ('psmo' in order && order.psmo.length > 1 ? 'one at a time' : undefined)
    const { data } = await run('/delete', { esim: { iccid: iccids[0] } })
    expect(data.result.outcome).toBe('success')
    expect(world.eim.cards.get(eid)).toEqual([])
  })

  it('download with activateOnDownload is one operation, and ends enabled', async () => {
    const { eid } = world.card([{ state: 'enabled' }])
    const iccid = newIccid()
    leadsTo(iccid)
    const { data } = await run('/download', { ...download(eid, iccid), activateOnDownload: true })
    expect(data).toMatchObject({ operation: 'download', result: { outcome: 'success' } })
    expect(world.eim.cards.get(eid)?.map(({ state }) => state)).toEqual(['disabled', 'enabled'])
  })

  it('download whose activation fails has failed, and says how far it came', async () => {
    const { eid } = world.card()
    const iccid = newIccid()
    leadsTo(iccid)
    world.eim.set.auto = false
    const { reply, eventually } = await begin('/download', { ...download(eid, iccid), activateOnDownload: true })
    const packageOf = (step: string) =>
      world.eim.packages.find(({ key }) => key === `${reply.body.operationId}/${step}`)
    await world.eim.until(() => packageOf('download') !== undefined)
    world.eim.finish(packageOf('download')?.packageId ?? '')
    await world.eim.until(() => packageOf('enable') !== undefined)
    world.eim.finish(packageOf('enable')?.packageId ?? '', card('enable', 'catBusy'))
    expect((await eventually()).data).toMatchObject({
      result: { outcome: 'failed' },
      error: {
        code: 'ESIM_OPERATION_FAILED',
        details: 'The eSIM has been downloaded and is not enabled. enable: catBusy',
      },
    })
  })

  it('download of an ICCID that the eUICC has fails with ESIM_ALREADY_INSTALLED', async () => {
    const { eid, iccids } = world.card([{}])
    expect(await failing('/download', download(eid, iccids[0] ?? ''))).toMatchObject({
      status: 422,
      code: 'ESIM_ALREADY_INSTALLED',
    })
  })

  it.each<[string, PackageResult, string]>([
    [
      'the SM-DP+',
      { kind: 'profileDownloadError', reason: 'undefinedError', subjectCode: '8.2.6', reasonCode: '3.8' },
      'subject 8.2.6, reason 3.8, undefinedError',
    ],
    [
      'the card',
      {
        kind: 'profileInstallationResult',
        verified: true,
        outcome: 'error',
        bppCommandId: 'storeMetadata',
        errorReason: 'pprNotAllowed',
      },
      'storeMetadata: pprNotAllowed',
    ],
  ])('download refused by %s fails with ESIM_DOWNLOAD_FAILED and says why', async (_who, result, details) => {
    const { eid } = world.card()
    world.eim.downloads.set(activationCode, result)
    expect(await failing('/download', download(eid, newIccid()))).toEqual({
      status: 422,
      code: 'ESIM_DOWNLOAD_FAILED',
      message: expect.any(String),
      details,
    })
  })

  it('download that brings another ICCID fails with ESIM_ICCID_MISMATCH and enables nothing', async () => {
    const { eid } = world.card()
    leadsTo(newIccid())
    const asked = { ...download(eid, newIccid()), activateOnDownload: true }
    expect(await failing('/download', asked)).toMatchObject({ status: 422, code: 'ESIM_ICCID_MISMATCH' })
    expect(world.eim.cards.get(eid)).toMatchObject([{ state: 'disabled' }])
  })

  it('set-fallback that the card refuses fails with ESIM_FALLBACK_NOT_ALLOWED', async () => {
    const { iccids } = world.card([{ fallbackAllowed: false }])
    expect(await failing('/set-fallback', { esim: { iccid: iccids[0] } })).toMatchObject({
      status: 422,
      code: 'ESIM_FALLBACK_NOT_ALLOWED',
    })
  })

  it('set-fallback moves the fallback', async () => {
    const { eid, iccids } = world.card([{ fallbackAttribute: true }, { fallbackAllowed: true }])
    await run('/set-fallback', { esim: { iccid: iccids[1] } })
    const { body } = await provider.post('/retrieve-status', { esim: { eid } })
    expect(body).toMatchObject({ esims: [{ isFallback: false }, { isFallback: true }] })
  })

  it('operations on one eUICC run one at a time, in order of acceptance', async () => {
    const { eid, iccids } = world.card([{}, {}])
    const [a, b] = iccids.map((iccid) => ({ esim: { iccid } }))
    if (!a || !b) throw new Error('two eSIMs')
    const begun = []
    for (const [path, body] of [
      ['/enable', a],
      ['/enable', b],
      ['/disable', b],
      ['/delete', a],
      ['/enable', b],
    ] as const)
      begun.push(await begin(path, body))
    const outcomes = await Promise.all(begun.map(async ({ eventually }) => (await eventually()).data.result.outcome))
    expect(outcomes).toEqual(['success', 'success', 'success', 'success', 'success'])
    const keys = world.eim.packages.filter((one) => one.eid === eid).map(({ key }) => key?.split('/')[0])
    expect(keys).toEqual(begun.map(({ reply }) => reply.body.operationId))
  })

  it('an operation on a device that is not reached stays accepted, then fails with ESIM_DEVICE_UNREACHABLE', async () => {
    const { eid, iccids } = world.card([{}])
    world.eim.set.auto = false
    const { reply, eventually } = await begin('/enable', { esim: { iccid: iccids[0] } })
    await world.eim.until(() => world.eim.packages.some((one) => one.eid === eid))
    world.time.pass(day - 1)
    expect((await provider.get(`/operations/${reply.body.operationId}`)).body).toMatchObject({ status: 'accepted' })
    world.time.pass(2)
    expect((await eventually()).data).toMatchObject({
      result: { outcome: 'failed' },
      error: { status: 504, code: 'ESIM_DEVICE_UNREACHABLE' },
    })
    expect(world.eim.packages.find((one) => one.eid === eid)?.state).toBe('cancelled')
  })

  it('an operation whose package somebody else cancels is cancelled, without an error', async () => {
    const { eid, iccids } = world.card([{}])
    world.eim.set.auto = false
    const { eventually } = await begin('/enable', { esim: { iccid: iccids[0] } })
    await world.eim.until(() => world.eim.packages.some((one) => one.eid === eid))
    world.eim.cancel(world.eim.packages.find((one) => one.eid === eid)?.packageId ?? '')
    const { data, operation } = await eventually()
    expect(data.result.outcome).toBe('cancelled')
    expect(data).not.toHaveProperty('error')
    expect(operation['result']).toEqual(data.result)
  })

  it('the status of one eSIM, or of an eSIM on the eUICC that has it, is that eSIM alone', async () => {
    const { eid, iccids } = world.card([{ state: 'enabled' }, {}])
    const esims = [{ eid, iccid: iccids[0], state: 'enabled', isFallback: false }]
    expect((await provider.post('/retrieve-status', { esim: { iccid: iccids[0] } })).body).toEqual({ esims })
    expect((await provider.post('/retrieve-status', { esim: { eid, iccid: iccids[0] } })).body).toEqual({ esims })
  })

  describe('what does not exist and what belongs to another tenant', () => {
    const sink = 'http://sink.example/'
    const cases = () => {
      const theirs = world.card([{}], 'globex')
      const ours = world.card([{}])
      return {
        'an unknown one': { eid: newEid(), iccid: newIccid(), ours },
        'one of nobody': { eid: '12345678901234567890123456789012', iccid: newIccid(), ours },
        "somebody else's": { eid: theirs.eid, iccid: theirs.iccids[0], ours },
      }
    }
    const kinds = ['an unknown one', 'one of nobody', "somebody else's"] as const
    const notApplicable = { status: 422, code: 'SERVICE_NOT_APPLICABLE', message: expect.any(String) }

    it('gets the same answer from a POST that starts an operation', async () => {
      const answers = new Set<string>()
      for (const kind of kinds)
        for (const path of ['/enable', '/disable', '/delete', '/set-fallback']) {
          const { eid, iccid, ours } = cases()[kind]
          for (const esim of [{ iccid }, { eid, iccid }, { eid, iccid: ours.iccids[0] }, { eid: ours.eid, iccid }]) {
            const reply = await provider.post(path, { esim, sink })
            expect(reply).toMatchObject({ status: 422, body: notApplicable })
            if (esim.iccid === iccid || esim.eid === eid) answers.add(JSON.stringify(reply.body))
          }
        }
      expect(answers.size).toBe(1)
    })

    it('gets the same answer from a download', async () => {
      for (const kind of kinds) {
        const { eid } = cases()[kind]
        const reply = await provider.post('/download', { ...download(eid, newIccid()), sink })
        expect(reply).toMatchObject({ status: 422, body: notApplicable })
      }
    })

    it('gets the same answer from retrieve-status', async () => {
      const answers = new Set<string>()
      for (const kind of kinds) {
        const { eid, iccid } = cases()[kind]
        for (const esim of [{ eid }, { iccid }, { eid, iccid }]) {
          const reply = await provider.post('/retrieve-status', { esim })
          expect(reply).toMatchObject(camaraError(404, 'IDENTIFIER_NOT_FOUND'))
          answers.add(JSON.stringify(reply.body))
        }
      }
      expect(answers.size).toBe(1)
    })

    it('gets the same answer from an operation', async () => {
      const { iccids } = world.card([{}])
      const { reply } = await run('/enable', { esim: { iccid: iccids[0] } })
      const theirs = await provider.get(`/operations/${reply.body.operationId}`, { client: globex })
      const nobodys = await provider.get('/operations/00000000-0000-4000-8000-000000000000')
      expect(theirs).toMatchObject(camaraError(404, 'NOT_FOUND'))
      expect(theirs.body).toEqual(nobodys.body)
    })

    it('belongs to its own tenant', async () => {
      const { eid } = world.card([{}], 'globex')
      expect(await provider.post('/retrieve-status', { esim: { eid } }, { client: globex })).toMatchObject({
        status: 200,
      })
    })
  })

  it.each(['/enable', '/disable', '/delete', '/set-fallback', '/retrieve-status'])(
    '%s of an EID and an ICCID that are no pair is not applicable',
    async (path) => {
      const a = world.card([{}])
      const b = world.card([{}])
      const body = {
        esim: { eid: a.eid, iccid: b.iccids[0] },
        ...(path !== '/retrieve-status' && { sink: 'http://s.example/' }),
      }
      expect(await provider.post(path, body)).toMatchObject(camaraError(422, 'SERVICE_NOT_APPLICABLE'))
    },
  )

  describe('a request that cannot be understood', () => {
    const sink = 'https://sink.example/'
    const esim = { iccid: '8901000000000000001' }
    const eid = '89049032000000000000000000000001'
    const token = {
      credentialType: 'ACCESSTOKEN',
      accessToken: 'a',
      accessTokenExpiresUtc: '2030-01-01T00:00:00Z',
      accessTokenType: 'bearer',
    }

    it.each<[string, string, unknown, string]>([
      ['malformed JSON', '/enable', '{"esim":', 'not JSON'],
      ['no JSON object', '/enable', '[]', 'type object'],
      ['octets that are not UTF-8', '/enable', '{"\ud800', 'not JSON'],
      ['an empty body', '/enable', '', 'missing'],
      ['a missing property', '/enable', { esim }, 'sink'],
      ['a missing property deeper', '/enable', { esim: {}, sink }, 'esim.iccid'],
      ['an unknown property', '/enable', { esim, sink, extra: 1 }, 'extra'],
      ['an unknown property deeper', '/enable', { esim: { ...esim, extra: 1 }, sink }, 'esim.extra'],
      [
        'an unknown property of the credential',
        '/enable',
        { esim, sink, sinkCredential: { ...token, extra: 1 } },
        'sinkCredential.extra',
      ],
      [
        'a user name with a colon, behind which Basic has the password',
        '/enable',
        { esim, sink, sinkCredential: { credentialType: 'PLAIN', identifier: 'a:b', secret: 'c' } },
        'sinkCredential.identifier',
      ],
      ...['a\r\nb: c', 'a b', 'ü', '\ud800'].map((accessToken): [string, string, unknown, string] => [
        `a token that no header field can carry (${JSON.stringify(accessToken)})`,
        '/enable',
        { esim, sink, sinkCredential: { ...token, accessToken } },
        'sinkCredential.accessToken',
      ]),
      [
        'a property of another credential',
        '/enable',
        { esim, sink, sinkCredential: { ...token, secret: 'x' } },
        'sinkCredential.secret',
      ],
      [
        'a credential of an unknown type',
        '/enable',
        { esim, sink, sinkCredential: { credentialType: 'X' } },
        'sinkCredential.credentialType',
      ],
      [
        'a credential without its secret',
        '/enable',
        { esim, sink, sinkCredential: { credentialType: 'PLAIN', identifier: 'a' } },
        'sinkCredential.secret',
      ],
      [
        'a property of the prototype',
        '/enable',
        `{"esim":{"iccid":"8901000000000000001"},"sink":"${sink}","__proto__":{}}`,
        '__proto__',
      ],
      ['a wrong type', '/enable', { esim: { iccid: 8901000000000000001n.toString().length }, sink }, 'esim.iccid'],
      ['a wrong pattern', '/enable', { esim: { iccid: '89' }, sink }, 'esim.iccid'],
      ['an EID that is too short', '/download', { esim: { ...esim, eid: '89' }, activationCode, sink }, 'esim.eid'],
      ['a download without an EID', '/download', { esim, activationCode, sink }, 'esim.eid'],
      ['a download without an activation code', '/download', { esim: { ...esim, eid }, sink }, 'activationCode'],
      [
        'activateOnDownload as a word',
        '/download',
        { esim: { ...esim, eid }, activationCode, activateOnDownload: 'yes', sink },
        'activateOnDownload',
      ],
      ['activateOnDownload elsewhere', '/enable', { esim, sink, activateOnDownload: true }, 'activateOnDownload'],
      ['a status without an identifier', '/retrieve-status', { esim: {} }, 'esim'],
      ['a status with a sink', '/retrieve-status', { esim, sink }, 'sink'],
      ['a sink that is no URL', '/enable', { esim, sink: 'nowhere' }, 'sink'],
      ['a sink that is not for HTTP', '/enable', { esim, sink: 'ftp://sink.example/' }, 'sink'],
      ['a sink with credentials in it', '/enable', { esim, sink: 'https://a:b@sink.example/' }, 'sink'],
    ])('with %s is 400 and says what is wrong', async (_name, path, body, named) => {
      const reply = await provider.post(path, body)
      expect(reply).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
      expect(reply.body['message']).toContain(named)
    })

    it('with an operationId that is no UUID is 400', async () => {
      expect(await provider.get('/operations/1')).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
    })

    it.each([['text/plain'], ['application/xml'], ['application/json+x'], ['application/x-www-form-urlencoded']])(
      'as %s is 415',
      async (type) => {
        const reply = await provider.post('/enable', { esim, sink }, { headers: { 'content-type': type } })
        expect(reply).toMatchObject(camaraError(415, 'UNSUPPORTED_MEDIA_TYPE'))
      },
    )

    it('in a content coding is 415', async () => {
      const reply = await provider.post('/enable', { esim, sink }, { headers: { 'content-encoding': 'gzip' } })
      expect(reply).toMatchObject(camaraError(415, 'UNSUPPORTED_MEDIA_TYPE'))
    })

    it('as JSON in UTF-8 by name is understood', async () => {
      const headers = { 'content-type': 'application/JSON; charset=utf-8' }
      const { eid } = world.card()
      expect((await provider.post('/retrieve-status', { esim: { eid } }, { headers })).status).toBe(200)
    })

    it('that is too large is 413', async () => {
      const reply = await provider.post('/enable', { esim, sink, correlationId: 'x'.repeat(70_000) })
      expect(reply).toMatchObject(camaraError(413, 'INVALID_ARGUMENT'))
    })

    it('may hold any character', async () => {
      const { iccids } = world.card([{}])
      const odd = { sinkCredential: { credentialType: 'PLAIN', identifier: 'a\u0000\ud800', secret: '\u0000' } }
      expect((await run('/enable', { esim: { iccid: iccids[0] }, ...odd })).data.result.outcome).toBe('success')
    })
  })

  describe('x-correlator', () => {
    it('is echoed on every answer', async () => {
      const headers = { 'x-correlator': 'a-1_;.\\/<>{}' }
      const replies = [
        await provider.post('/enable', {}, { headers }),
        await provider.get('/operations/00000000-0000-4000-8000-000000000000', { headers }),
        await provider.call('GET', '/nowhere', undefined, { headers }),
        await provider.call('GET', '/health', undefined, { headers }),
        await provider.call('PUT', '/esim/enable', {}, { headers }),
        await provider.post('/enable', {}, { headers: { ...headers, authorization: 'none' } }),
        await provider.post('/enable', { x: 'x'.repeat(70_000) }, { headers }),
      ]
      expect(replies.map((reply) => reply.headers.get('x-correlator'))).toEqual(
        replies.map(() => headers['x-correlator']),
      )
    })

    it('is made when it is absent', async () => {
      expect((await provider.get('/x')).headers.get('x-correlator')).toMatch(uuid)
    })

    it.each(['with space', 'ä', 'x'.repeat(257)])(
      'is 400 when it breaks the pattern, and one is made',
      async (sent) => {
        const headers = { 'x-correlator': sent }
        const reply = await provider.post('/retrieve-status', { esim: { eid: newEid() } }, { headers })
        expect(reply).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
        expect(reply.headers.get('x-correlator')).toMatch(uuid)
      },
    )

    it('goes with the event', async () => {
      const { iccids } = world.card([{}])
      const sink = `${world.sink.url}/correlated`
      const headers = { 'x-correlator': 'mine' }
      await provider.post('/enable', { esim: { iccid: iccids[0] }, sink }, { headers })
      const [event] = await world.sink.received('/correlated')
      expect(event?.headers['x-correlator']).toBe('mine')
    })
  })

  describe('access', () => {
    const routes: [string, string, string][] = [
      ['POST', '/esim/download', 'download'],
      ['POST', '/esim/enable', 'enable'],
      ['POST', '/esim/disable', 'disable'],
      ['POST', '/esim/delete', 'delete'],
      ['POST', '/esim/set-fallback', 'enable'],
      ['POST', '/esim/retrieve-status', 'read'],
      ['GET', '/esim/operations/00000000-0000-4000-8000-000000000000', 'read'],
    ]

    it.each(routes)('%s %s needs a token', async (method, path) => {
      for (const authorization of ['', 'Bearer nonsense', 'Basic YTpi']) {
        const reply = await provider.call(method, path, method === 'POST' ? {} : undefined, {
          headers: { authorization },
        })
        expect(reply).toMatchObject(camaraError(401, 'UNAUTHENTICATED'))
        expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/)
      }
    })

    it.each(routes)('%s %s needs the scope :%s, and no other will do', async (method, path, action) => {
      const needed = `iot-device-management:esims:${action}`
      const body = method === 'POST' ? {} : undefined
      const others = scopes.filter((scope) => scope !== needed).join(' ')
      const refused = await provider.call(method, path, body, { scope: others })
      expect(refused).toMatchObject(camaraError(403, 'PERMISSION_DENIED'))
      const let_in = await provider.call(method, path, body, { scope: needed })
      expect([400, 404]).toContain(let_in.status)
    })

    it('is refused when the token has expired', async () => {
      const token = await world.token(acme)
      world.time.pass(101 * day)
      const reply = await provider.get('/operations/00000000-0000-4000-8000-000000000000', {
        headers: { authorization: `Bearer ${token}` },
      })
      world.time.pass(-101 * day)
      expect(reply).toMatchObject(camaraError(401, 'UNAUTHENTICATED'))
    })

    it('is refused to a client that belongs to no tenant', async () => {
      const reply = await provider.post('/retrieve-status', { esim: { eid: newEid() } }, { client: stranger })
      expect(reply).toMatchObject(camaraError(403, 'PERMISSION_DENIED'))
    })
  })

  describe('a path', () => {
    it.each([
      '/',
      '/esim',
      '/esim/',
      '/esim/enable/',
      '/esim/Enable',
      '/esim/operations',
      '/esim/operations/',
      '/esim/%',
      '/toString',
      '//esim/enable',
    ])('%s that is unknown is 404', async (path) => {
      expect(await provider.call('GET', path)).toMatchObject(camaraError(404, 'NOT_FOUND'))
    })

    it.each([
      ['GET', '/esim/enable', 'POST'],
      ['PUT', '/esim/download', 'POST'],
      ['DELETE', '/esim/operations/00000000-0000-4000-8000-000000000000', 'GET'],
      ['POST', '/esim/openapi.json', 'GET'],
      ['OPTIONS', '/esim/retrieve-status', 'POST'],
      ['POST', '/health', 'GET'],
    ])('does not have %s: %s', async (method, path, allowed) => {
      const reply = await provider.call(method, path)
      expect(reply).toMatchObject(camaraError(405, 'METHOD_NOT_ALLOWED'))
      expect(reply.headers.get('allow')).toBe(allowed)
    })
  })

  it('every answer forbids sniffing, framing and caching', async () => {
    const { headers } = await provider.call('GET', '/health')
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
    expect(headers.has('x-powered-by')).toBe(false)
  })

  it('is healthy', async () => {
    expect(await provider.call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'up' } })
  })

  describe('a sink credential', () => {
    const bearer = { accessToken: 't-secret', accessTokenExpiresUtc: '2090-01-01T00:00:00Z', accessTokenType: 'bearer' }
    it.each([
      ['none', undefined, undefined],
      ['PLAIN', { identifier: 'me', secret: 'p-secret' }, `Basic ${btoa('me:p-secret')}`],
      ['ACCESSTOKEN', bearer, 'Bearer t-secret'],
      [
        'REFRESHTOKEN',
        { ...bearer, refreshToken: 'r-secret', refreshTokenEndpoint: 'https://as.example/' },
        'Bearer t-secret',
      ],
    ])('%s is used, never returned, never logged, and forgotten', async (credentialType, rest, authorization) => {
      const { iccids } = world.card([{}])
      const credential = rest && { sinkCredential: { credentialType, ...rest } }
      const { headers, reply, operation, event } = await run('/enable', { esim: { iccid: iccids[0] }, ...credential })
      expect(headers?.authorization).toBe(authorization)
      expect(JSON.stringify([reply.body, operation, event])).not.toMatch(/secret/)
      expect(world.logs.join('')).not.toMatch(/[ptr]-secret/)
    })
  })

  it('a refreshTokenEndpoint where no event might go is refused, and nothing starts', async () => {
    const { iccids } = world.card([{}])
    const refreshTokenEndpoint = 'ftp://as.example/'
    const bearer = { accessToken: 't', accessTokenExpiresUtc: '2090-01-01T00:00:00Z', accessTokenType: 'bearer' }
    const sinkCredential = { credentialType: 'REFRESHTOKEN', ...bearer, refreshToken: 'r', refreshTokenEndpoint }
    const esim = { iccid: iccids[0] }
    expect(await provider.post('/enable', { esim, sink: 'https://sink.example/', sinkCredential })).toMatchObject({
      ...{ status: 400, body: { code: 'INVALID_ARGUMENT', message: expect.stringMatching(/refreshTokenEndpoint/) } },
    })
  })

  it('a sink credential may expire in a leap second', async () => {
    const { iccids } = world.card([{}])
    const sinkCredential = {
      credentialType: 'ACCESSTOKEN',
      accessToken: 'leap',
      accessTokenExpiresUtc: '2090-12-31T23:59:60Z',
      accessTokenType: 'bearer',
    }
    const { headers } = await run('/enable', { esim: { iccid: iccids[0] }, sinkCredential })
    expect(headers?.authorization).toBe('Bearer leap')
  })

  it('says 503 when the platform does not answer, and starts nothing', async () => {
    world.eim.set.failing = () => 500
    const reply = await provider.post('/retrieve-status', { esim: { eid: newEid() } })
    world.eim.set.failing = undefined
    expect(reply).toMatchObject(camaraError(503, 'UNAVAILABLE'))
  })
})

describe('with the events of the draft', () => {
  withProvider({ events: 'operation-completed' })

  it('every event has the one type', async () => {
    const { iccids } = world.card([{}])
    const { event } = await run('/enable', { esim: { iccid: iccids[0] } })
    expect(event.type).toBe('com.camara.esim-management.vwip.operation-completed')
  })
})

describe('with synchronous state conflicts, delete of an enabled eSIM being one', () => {
  withProvider({ stateConflicts: 'synchronous', deleteEnabled: 'conflict' })

  it.each([
    ['enable', 'enabled', 'ESIM_NOT_DISABLED'],
    ['disable', 'disabled', 'ESIM_NOT_ENABLED'],
    ['delete', 'enabled', 'ESIM_NOT_DISABLED'],
    ['set-fallback', 'enabled', 'ESIM_NOT_DISABLED'],
  ] as const)('%s of an eSIM that is %s is refused at once with %s', async (operation, state, code) => {
    const { eid, iccids } = world.card([{ state, fallbackAllowed: true }])
    const reply = await provider.post(`/${operation}`, { esim: { iccid: iccids[0] }, sink: 'http://s.example/' })
    expect(reply).toMatchObject(camaraError(422, code))
    expect(world.eim.packages.filter((one) => one.eid === eid)).toEqual([])
  })

  it('an operation in the right state is accepted', async () => {
    const { iccids } = world.card([{ fallbackAllowed: true }])
    for (const path of ['/set-fallback', '/enable', '/disable', '/delete'])
      expect((await run(path, { esim: { iccid: iccids[0] } })).data.result.outcome).toBe('success')
  })
})

describe('with synchronous state conflicts and automatic disabling', () => {
  withProvider({ stateConflicts: 'synchronous' })

  it('delete of an enabled eSIM is accepted', async () => {
    const { iccids } = world.card([{ state: 'enabled' }])
    expect((await run('/delete', { esim: { iccid: iccids[0] } })).data.result.outcome).toBe('success')
  })
})

describe('with delete of an enabled eSIM as a conflict', () => {
  withProvider({ deleteEnabled: 'conflict' })

  it('it is accepted and fails with ESIM_NOT_DISABLED', async () => {
    const { eid, iccids } = world.card([{ state: 'enabled' }])
    expect(await failing('/delete', { esim: { iccid: iccids[0] } })).toMatchObject({
      status: 422,
      code: 'ESIM_NOT_DISABLED',
    })
    expect(world.eim.cards.get(eid)).toMatchObject([{ state: 'enabled' }])
  })
})

describe.each([
  [404, 'IDENTIFIER_NOT_FOUND'],
  [403, 'PERMISSION_DENIED'],
] as const)('with %d for unknown identifiers', (status, code) => {
  withProvider({ unknownIdentifier: status })

  it('a POST that starts an operation says so, and no pair is still not applicable', async () => {
    const sink = 'http://s.example/'
    const mine = world.card([{}])
    expect(await provider.post('/enable', { esim: { iccid: newIccid() }, sink })).toMatchObject(
      camaraError(status, code),
    )
    expect(await provider.post('/download', { ...download(newEid(), newIccid()), sink })).toMatchObject(
      camaraError(status, code),
    )
    const noPair = { esim: { eid: world.card().eid, iccid: mine.iccids[0] }, sink }
    expect(await provider.post('/enable', noPair)).toMatchObject(camaraError(422, 'SERVICE_NOT_APPLICABLE'))
  })

  it('retrieve-status says so too', async () => {
    const reply = await provider.post('/retrieve-status', { esim: { iccid: newIccid() } })
    expect(reply).toMatchObject(camaraError(status, code))
  })
})

const card = (operation: string, result: string): PackageResult => ({
  kind: 'euiccPackageResult',
  verified: true,
  results: [{ operation, result }],
})
