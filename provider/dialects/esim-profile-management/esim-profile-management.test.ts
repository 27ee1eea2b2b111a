import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PackageResult } from '../../rsp/platform.ts'
import { type CallOptions, globex, newEid, newIccid, type Reply, startWorld, type World } from '../../testing/world.ts'

const day = 86_400_000
const activationCode = 'LPA:1$smdp.example$A'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.eim.set.auto = true
})

const candidates = [
  {
    id: 'esim-profile-management@0.1.0-rc.1',
    basePath: '/esim-profile-management/v0.1rc1',
    mismatch: 'IDENTIFIER_MISMATCH',
    downloadNamesIccid: true,
  },
  {
    id: 'esim-profile-management@0.1.0-rc.2',
    basePath: '/esim-profile-management/v0.1rc2',
    mismatch: 'ESIM_PROFILE_MANAGEMENT.IDENTIFIER_MISMATCH',
    downloadNamesIccid: false,
  },
] as const

const camaraError = (status: number, code: string) => ({
  status,
  body: { status, code, message: expect.stringMatching(/\S/) },
})
const operations = ['enable', 'disable', 'delete', 'set-fallback'] as const
const wants = { enable: 'disabled', disable: 'enabled', delete: 'disabled', 'set-fallback': 'disabled' } as const
const scope = (action: string) => `iot-device-management:esim-profiles:${action}`

describe.each(candidates)('$id', ({ id, basePath, mismatch, downloadNamesIccid }) => {
  let provider: Awaited<ReturnType<World['start']>>
  let api: ReturnType<(typeof provider)['at']>
  beforeAll(async () => {
    provider = await world.start()
    api = provider.at(basePath)
  })
  afterAll(() => provider.close())

  const completed = async (accepted: Reply) => {
    const { operationId } = accepted.body
    await world.logged(
      (line) => line.includes(`"operationId":"${operationId}"`) && line.includes('"phase":"completed"'),
    )
    return (await api.get(`/operations/${operationId}`)).body
  }
  const run = async (operation: string, esimProfile: object, more: object = {}) => {
    const accepted = await api.post(`/${operation}`, { esimProfile, ...more })
    expect(accepted.status).toBe(202)
    return completed(accepted)
  }
  const installable = () => {
    const iccid = newIccid()
    world.eim.downloads.set(activationCode, { iccid, fallbackAllowed: true })
    return iccid
  }

  describe('an operation', () => {
    it.each(operations)('%s is ACCEPTED with its place in Location, and COMPLETED with SUCCESS there', async (kind) => {
      const { eid, iccids } = world.card([{ state: wants[kind], fallbackAllowed: true }])
      const accepted = await api.post(`/${kind}`, { esimProfile: { iccid: iccids[0] } })
      const { operationId } = accepted.body
      expect(accepted.status).toBe(202)
      expect(accepted.headers.get('location')).toBe(`${provider.url}${basePath}/operations/${operationId}`)
      expect(accepted.body).toEqual({
        operationId: expect.stringMatching(/^[a-zA-Z0-9-_:.]{1,64}$/),
        operation: kind,
        status: 'ACCEPTED',
        esimProfile: { eid, iccid: iccids[0] },
      })
      expect(await completed(accepted)).toEqual({
        ...accepted.body,
        status: 'COMPLETED',
        result: { outcome: 'SUCCESS', completedAt: new Date(world.time.now()).toISOString() },
      })
    })

    it('download needs no ICCID, and tells which one it was', async () => {
      const { eid } = world.card()
      const iccid = installable()
      const accepted = await api.post('/download', { esimProfile: { eid }, activationCode })
      expect([accepted.status, accepted.body['operation'], accepted.body['esimProfile']]).toEqual([
        202,
        'download',
        { eid },
      ])
      expect(accepted.headers.get('location')).toMatch(/\/operations\//)
      expect(await completed(accepted)).toMatchObject({
        esimProfile: { eid, iccid },
        result: { outcome: 'SUCCESS', assignedIccid: iccid },
      })
      expect((await api.post('/retrieve-status', { esimProfile: { eid } })).body).toEqual({
        esimProfiles: [{ eid, iccid, state: 'DISABLED', isFallback: false }],
      })
    })

    it('is not COMPLETED before the card has done it', async () => {
      const { eid, iccids } = world.card([{}])
      world.eim.set.auto = false
      const accepted = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
      expect((await api.get(`/operations/${accepted.body['operationId']}`)).body).toEqual(accepted.body)
      await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
      world.eim.set.auto = true
      world.eim.run(eid)
      expect(await completed(accepted)).toMatchObject({ status: 'COMPLETED', result: { outcome: 'SUCCESS' } })
    })

    it('takes an EID beside the ICCID as a pair that must hold', async () => {
      const { eid, iccids } = world.card([{}])
      expect(await run('enable', { eid, iccid: iccids[0] })).toMatchObject({ result: { outcome: 'SUCCESS' } })
    })

    it.each<[string, PackageResult, RegExp]>([
      [
        'that the SM-DP+ refuses',
        { kind: 'profileDownloadError', reason: 'es9', subjectCode: '8.2.6', reasonCode: '3.8' },
        /could not be downloaded.*8\.2\.6.*3\.8/,
      ],
      [
        'that the card refuses',
        {
          kind: 'profileInstallationResult',
          verified: true,
          outcome: 'error',
          bppCommandId: 'loadProfileElements',
          errorReason: 'x'.repeat(300),
        },
        /^The profile could not be downloaded\. loadProfileElements: x+…$/,
      ],
    ])(
      'a download %s is accepted, and FAILED with a reason of at most 256 characters',
      async (_what, result, reason) => {
        const { eid } = world.card()
        world.eim.downloads.set(activationCode, result)
        const { result: outcome } = await run('download', { eid }, { activationCode })
        expect(outcome).toMatchObject({ outcome: 'FAILED', failureReason: expect.stringMatching(reason) })
        expect(outcome).not.toHaveProperty('assignedIccid')
        expect(String(outcome?.['failureReason']).length).toBeLessThanOrEqual(256)
      },
    )

    it('on a device that is not reached in time is accepted, and FAILED', async () => {
      const { iccids } = world.card([{}])
      world.eim.set.auto = false
      const accepted = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
      await world.eim.until(() =>
        world.eim.packages.some(({ key }) => key?.startsWith(`${accepted.body['operationId']}`)),
      )
      world.time.pass(day)
      expect((await completed(accepted))['result']).toMatchObject({
        outcome: 'FAILED',
        failureReason: expect.stringContaining('not reached in time'),
      })
    })

    it('that was cancelled at the platform is FAILED', async () => {
      const { eid, iccids } = world.card([{}])
      world.eim.set.auto = false
      const accepted = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
      const mine = () => world.eim.packages.find((queued) => queued.eid === eid)
      await world.eim.until(() => mine() !== undefined)
      world.eim.cancel(mine()?.packageId ?? '')
      expect((await completed(accepted))['result']).toMatchObject({
        outcome: 'FAILED',
        failureReason: expect.stringContaining('cancelled'),
      })
    })

    it('is found by its dialect alone, and by its tenant alone', async () => {
      const { iccids } = world.card([{}])
      const accepted = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
      await completed(accepted)
      const path = `/operations/${accepted.body['operationId']}`
      expect(await api.get(path, { client: globex })).toMatchObject(camaraError(404, 'NOT_FOUND'))
      const others = candidates.filter((other) => other.id !== id).map((other) => other.basePath)
      for (const other of [...others, '/esim'])
        expect(await provider.at(other).get(path)).toMatchObject(camaraError(404, 'NOT_FOUND'))
    })

    it('can be read for as long as operations are kept, and not for a moment longer', async () => {
      const { iccids } = world.card([{}])
      const accepted = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
      await completed(accepted)
      const path = `/operations/${accepted.body['operationId']}`
      world.time.pass(7 * day - 1)
      expect((await api.get(path)).status).toBe(200)
      world.time.pass(1)
      expect(await api.get(path)).toMatchObject(camaraError(404, 'NOT_FOUND'))
      const { operationId } = accepted.body
      const isWritten = async () =>
        (await world.database.query('select 1 from operation where operation_id = $1', [operationId])).length > 0
      world.time.pass(120_000)
      while (await isWritten()) await new Promise(setImmediate)
    })
  })

  describe('is refused at once:', () => {
    it.each(operations)('%s in the wrong state, with 409 INCOMPATIBLE_STATE', async (kind) => {
      const state = wants[kind] === 'enabled' ? 'disabled' : 'enabled'
      const { eid, iccids } = world.card([{ state, fallbackAllowed: true }])
      expect(await api.post(`/${kind}`, { esimProfile: { iccid: iccids[0] } })).toMatchObject(
        camaraError(409, 'INCOMPATIBLE_STATE'),
      )
      expect(world.eim.packages.filter((queued) => queued.eid === eid)).toEqual([])
    })

    it.each(operations)('%s while another operation on the eUICC is in progress, with 409 ABORTED', async (kind) => {
      const { eid, iccids } = world.card([{}, { state: wants[kind], fallbackAllowed: true }])
      world.eim.set.auto = false
      const first = await api.post('/download', { esimProfile: { eid }, activationCode })
      expect(await api.post(`/${kind}`, { esimProfile: { iccid: iccids[1] } })).toMatchObject(
        camaraError(409, 'ABORTED'),
      )
      installable()
      await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
      world.eim.set.auto = true
      world.eim.run(eid)
      await completed(first)
      expect(await run(kind, { iccid: iccids[1] })).toMatchObject({ result: { outcome: 'SUCCESS' } })
    })

    it('all but one of many that come at the same time', async () => {
      const { iccids } = world.card([{}])
      const replies = await Promise.all(
        [1, 2, 3, 4].map(() => api.post('/enable', { esimProfile: { iccid: iccids[0] } })),
      )
      const [accepted] = replies.filter(({ status }) => status === 202)
      expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409])
      if (accepted) await completed(accepted)
    })

    it('set-fallback of a profile that never may be it, with 422 SERVICE_NOT_APPLICABLE', async () => {
      const { iccids } = world.card([{ fallbackAllowed: false }])
      expect(await api.post('/set-fallback', { esimProfile: { iccid: iccids[0] } })).toMatchObject(
        camaraError(422, 'SERVICE_NOT_APPLICABLE'),
      )
    })

    it.each([...operations, 'retrieve-status'])('%s of two that are not a pair, with 422', async (kind) => {
      const { iccids } = world.card([{}])
      const { eid } = world.card()
      expect(await api.post(`/${kind}`, { esimProfile: { eid, iccid: iccids[0] } })).toMatchObject(
        camaraError(422, mismatch),
      )
    })

    it.each([...operations, 'retrieve-status'])(
      '%s of what is unknown or of another tenant, with 404',
      async (kind) => {
        const theirs = world.card([{}], 'globex')
        const mine = world.card([{}])
        for (const esimProfile of [
          { iccid: newIccid() },
          { iccid: theirs.iccids[0] },
          { eid: newEid(), iccid: mine.iccids[0] },
          { eid: theirs.eid, iccid: mine.iccids[0] },
        ])
          expect(await api.post(`/${kind}`, { esimProfile })).toMatchObject(camaraError(404, 'IDENTIFIER_NOT_FOUND'))
      },
    )

    it('download to an eUICC that is unknown or of another tenant, with 404', async () => {
      for (const eid of [newEid(), world.card([], 'globex').eid])
        expect(await api.post('/download', { esimProfile: { eid }, activationCode })).toMatchObject(
          camaraError(404, 'IDENTIFIER_NOT_FOUND'),
        )
    })

    it.each(['x y', 'x%2Fy', 'ä', 'x'.repeat(65)])(
      'an operationId that breaks its pattern, with 400: %s',
      async (operationId) => {
        expect(await api.get(`/operations/${operationId}`)).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
      },
    )

    it('an operationId that is none of ours, with 404', async () => {
      expect(await api.get('/operations/a_b:c.d-1')).toMatchObject(camaraError(404, 'NOT_FOUND'))
    })

    const esimProfile = { iccid: '8901000000000000001' }
    const eid = '89049032000000000000000000000001'
    it.each<[string, string, unknown]>([
      ['an unknown property', '/enable', { esimProfile, extra: 1 }],
      ['an unknown property further down', '/enable', { esimProfile: { ...esimProfile, extra: 1 } }],
      ['a sink, which this dialect has not', '/enable', { esimProfile, sink: 'https://sink.example/' }],
      [
        'activateOnDownload, which it has not',
        '/download',
        { esimProfile: { eid }, activationCode, activateOnDownload: true },
      ],
      ['no ICCID', '/enable', { esimProfile: { eid } }],
      ['an ICCID of 18 digits', '/enable', { esimProfile: { iccid: '890100000000000000' } }],
      ['no EID', '/download', { esimProfile: {}, activationCode }],
      ['no activation code', '/download', { esimProfile: { eid } }],
      ['an activation code of another form', '/download', { esimProfile: { eid }, activationCode: 'A' }],
      [
        'an activation code that is too long',
        '/download',
        { esimProfile: { eid }, activationCode: `LPA:1$${'x'.repeat(256)}` },
      ],
      ['neither EID nor ICCID', '/retrieve-status', { esimProfile: {} }],
      ['nothing', '/retrieve-status', {}],
      ['no object', '/retrieve-status', []],
      ['no JSON', '/retrieve-status', '{'],
    ])('a body with %s, with 400', async (_what, path, body) => {
      expect(await api.post(path, body)).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
    })

    it.each([
      ...[...operations, 'download'].map((kind) => ['POST', `/${kind}`, kind]),
      ['POST', '/retrieve-status', 'retrieve-status'],
      ['GET', '/operations/x', 'retrieve-operation'],
    ])(
      '%s %s without its own scope, with 403, and without a token, with 401',
      async (method = '', path = '', action = '') => {
        const every = [...operations, 'download', 'retrieve-status', 'retrieve-operation'].map(scope)
        const others = every.filter((other) => other !== scope(action)).join(' ')
        const ask = (options: CallOptions) =>
          provider.call(method, `${basePath}${path}`, method === 'GET' ? undefined : {}, options)
        expect(await ask({ scope: others })).toMatchObject(camaraError(403, 'PERMISSION_DENIED'))
        expect(await ask({ headers: { authorization: '' } })).toMatchObject(camaraError(401, 'UNAUTHENTICATED'))
      },
    )

    it('an x-correlator with a backslash, with 400; any other is echoed', async () => {
      const ask = (correlator: string) => api.get('/operations/x', { headers: { 'x-correlator': correlator } })
      expect(await ask('a\\b')).toMatchObject(camaraError(400, 'INVALID_ARGUMENT'))
      expect((await ask('a/b<c>{d};e:f.g_h-1')).headers.get('x-correlator')).toBe('a/b<c>{d};e:f.g_h-1')
    })
  })

  describe(downloadNamesIccid ? 'a download may name its ICCID' : 'a download names no ICCID', () => {
    const download = (eid: string, iccid: string) => ({ esimProfile: { eid, iccid }, activationCode })
    if (!downloadNamesIccid)
      it('and one that does is refused with 400', async () => {
        expect(await api.post('/download', download(world.card().eid, newIccid()))).toMatchObject(
          camaraError(400, 'INVALID_ARGUMENT'),
        )
      })
    if (downloadNamesIccid) {
      it('and succeeds when that one arrives', async () => {
        const { eid } = world.card()
        expect(await run('download', { eid, iccid: installable() }, { activationCode })).toMatchObject({
          result: { outcome: 'SUCCESS' },
        })
      })

      it('and is FAILED when another one arrives', async () => {
        const { eid } = world.card()
        installable()
        expect(await run('download', { eid, iccid: newIccid() }, { activationCode })).toMatchObject({
          result: { outcome: 'FAILED', failureReason: expect.stringContaining('another ICCID') },
        })
      })

      it('and is FAILED when the eUICC has it already', async () => {
        const { eid, iccids } = world.card([{}])
        expect(await run('download', { eid, iccid: iccids[0] }, { activationCode })).toMatchObject({
          result: { outcome: 'FAILED', failureReason: expect.stringContaining('already has') },
        })
      })

      it('and is refused when it is on another eUICC', async () => {
        const { iccids } = world.card([{}])
        expect(await api.post('/download', download(world.card().eid, iccids[0] ?? ''))).toMatchObject(
          camaraError(422, mismatch),
        )
      })
    }
  })
})

describe('with whenBusy: queue', () => {
  it('an operation on a busy eUICC waits for its turn', async () => {
    const id = 'esim-profile-management@0.1.0-rc.2'
    const provider = await world.start({ dialects: { [id]: { whenBusy: 'queue' } } })
    const api = provider.at('/esim-profile-management/v0.1rc2')
    const { eid, iccids } = world.card([{}])
    world.eim.set.auto = false
    const enable = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
    const again = await api.post('/enable', { esimProfile: { iccid: iccids[0] } })
    expect([enable.status, again.status]).toEqual([202, 202])
    await world.eim.until(() => world.eim.packages.some((queued) => queued.eid === eid))
    world.eim.set.auto = true
    world.eim.run(eid)
    await world.logged((line) => line.includes(`${again.body['operationId']}`) && line.includes('"phase":"completed"'))
    expect((await api.get(`/operations/${again.body['operationId']}`)).body['result']).toMatchObject({
      outcome: 'FAILED',
      failureReason: expect.stringContaining('not DISABLED'),
    })
    expect((await provider.call('GET', '/esim/openapi.json')).status).toBe(404)
    await provider.close()
  })
})
