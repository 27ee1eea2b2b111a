import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseFlags, UsageError } from '../bin/command.ts'
import { apiCommand, callApi } from '../bin/commands/api.ts'
import { readConfig } from '../bin/config.ts'
import { startWorld, type World } from '../bin/world.ts'

/** Every dialect over the real stack, as `up` starts it: provider, eIM, SM-DP+, IPA and card, over sockets; asked by the command line's client. */
const ports = [
  ...['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port'],
  ...['provider.port', 'authorization.port'],
]

type Json = { readonly [name: string]: Json }

let world: World
beforeAll(async () => {
  const flags = { ...Object.fromEntries(ports.map((port) => [port, 0])), 'devices.count': 0, 'log.level': 'silent' }
  world = await startWorld(readConfig({ flags }))
})
afterAll(() => world.close())

interface Options {
  readonly environment?: Readonly<Record<string, string>>
  readonly enough?: Promise<void>
  readonly isTerminal?: boolean
}

const never = new Promise<void>(() => {})

const run = async (argv: readonly string[], { environment = {}, enough = never, isTerminal = false }: Options = {}) => {
  let out = ''
  let err = ''
  const args = parseFlags(apiCommand, ['--target', world.doors['provider'] ?? '', ...argv])
  const code = await callApi(args, {
    ...{ environment, enough, isTerminal },
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err }
}

/** With --json: what was printed, line by line. */
const api = async (dialect: string, ...argv: readonly string[]) => {
  const { code, out, err } = await run(['--dialect', dialect, '--json', ...argv])
  const lines = out.split('\n').filter(Boolean)
  return { code, err, printed: lines.map((line) => JSON.parse(line) as Json) }
}

const control = async (method: string, path: string, body?: object): Promise<Json> => {
  const answer = await fetch(`${world.doors['control']}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return (await answer.json()) as Json
}

interface Shape {
  readonly profiles?: readonly object[]
  readonly orders?: readonly object[]
}

const lease = async (shape: Shape) => {
  const leased = await control('POST', '/leases', shape)
  const rows = (name: string) => leased[name] as unknown as readonly Record<string, string>[]
  const eid = String(leased['eid'])
  return {
    eid,
    iccids: rows('profiles').map(({ iccid }) => String(iccid)),
    orders: rows('orders').map(({ iccid, activationCode }) => ({ iccid: String(iccid), code: String(activationCode) })),
    /** What the card itself says: ICCID to state, `*` for the fallback. */
    async truth() {
      const { profiles } = (await control('GET', `/devices/${eid}`)) as unknown as {
        profiles: readonly { iccid: string; state: string; fallbackAttribute: boolean }[]
      }
      return Object.fromEntries(profiles.map((row) => [row.iccid, `${row.state}${row.fallbackAttribute ? '*' : ''}`]))
    },
  }
}

/** A device with nothing on it, and a profile that may be its fallback in the SM-DP+. */
const newDevice = async () => {
  const device = await lease({ orders: [{ fallbackAllowed: true }] })
  const [order = { iccid: '', code: '' }] = device.orders
  return { ...device, ...order }
}

const refusals: readonly [string, string][] = [
  ['esim-management@0.1', '--listen'],
  ['esim-profile-management@0.1.0-rc.1', '--wait'],
  ['esim-profile-management@0.1.0-rc.2', '--wait'],
  ['esim-remote-management@wip', '--listen'],
]

describe('esim-management@0.1', () => {
  const dialect = 'esim-management@0.1'

  test('the life of a profile, each outcome by its event', async () => {
    const { eid, iccid, code, truth } = await newDevice()
    const run = async (...argv: readonly string[]) => {
      const { code, printed, err } = await api(dialect, ...argv, '--listen')
      expect([argv[0], code]).toEqual([argv[0], 0])
      const [answer, event] = printed
      expect(answer).toMatchObject({ status: 'accepted', esim: { eid, iccid } })
      expect(event?.['data']).toMatchObject({ operationId: answer?.['operationId'], result: { outcome: 'success' } })
      expect(err).toContain('has succeeded')
      return String(event?.['type']).split('.').at(-1)
    }
    expect(await run('download', '--eid', eid, '--iccid', iccid, '--activation-code', code)).toBe('esim-downloaded')
    expect(await truth()).toEqual({ [iccid]: 'disabled' })
    expect(await run('set-fallback', '--iccid', iccid)).toBe('esim-fallback-set')
    expect(await run('enable', '--iccid', iccid)).toBe('esim-enabled')
    expect(await truth()).toEqual({ [iccid]: 'enabled*' })
    const { printed } = await api(dialect, 'status', '--eid', eid)
    expect(printed[0]).toEqual({ esims: [{ eid, iccid, state: 'enabled', isFallback: true }] })
    expect(await run('disable', '--iccid', iccid)).toBe('esim-disabled')
    expect(await run('delete', '--iccid', iccid)).toBe('esim-deleted')
    expect(await truth()).toEqual({})
  })

  test('a download that is to be enabled is, and is read by its id', async () => {
    const { eid, iccid, code, truth } = await newDevice()
    const words = ['--eid', eid, '--iccid', iccid, '--activation-code', code, '--activate']
    const { printed } = await api(dialect, 'download', ...words, '--wait')
    expect(await truth()).toEqual({ [iccid]: 'enabled' })
    const read = await api(dialect, 'operation', '--id', String(printed[0]?.['operationId']))
    expect(read).toMatchObject({ code: 0, printed: [{ status: 'completed', result: { outcome: 'success' } }] })
  })

  test('an operation that fails ends with exit code 1, and so does reading it', async () => {
    const { iccids } = await lease({ profiles: [{ state: 'enabled' }] })
    const failed = await api(dialect, 'enable', '--iccid', iccids[0] ?? '', '--wait')
    expect([failed.code, failed.err]).toEqual([1, expect.stringMatching(/has failed: ESIM_NOT_DISABLED/)])
    const read = await api(dialect, 'operation', '--id', String(failed.printed[0]?.['operationId']))
    expect([read.code, read.err]).toEqual([1, expect.stringMatching(/ESIM_NOT_DISABLED/)])
  })

  test.each([
    ['ESIM_DOWNLOAD_FAILED', { orders: [{ refuse: 'matchingId' }] }, ['download']],
    ['ESIM_NOT_ENABLED', { profiles: [{ state: 'disabled' }] }, ['disable']],
    ['ESIM_NOT_DISABLED', { profiles: [{ state: 'enabled', fallbackAllowed: true }] }, ['set-fallback']],
    ['ESIM_FALLBACK_NOT_ALLOWED', { profiles: [{ state: 'disabled', fallbackAllowed: false }] }, ['set-fallback']],
  ] as const)('%s is what the card or the SM-DP+ leads to', async (code, shape, [action]) => {
    const { eid, iccids, orders } = await lease(shape)
    const [order] = orders
    const words = order
      ? ['--eid', eid, '--iccid', order.iccid, '--activation-code', order.code]
      : ['--iccid', iccids[0] ?? '']
    const failed = await api(dialect, action, ...words, '--wait')
    expect([failed.code, failed.err]).toEqual([1, expect.stringContaining(code)])
  })
})

describe.each(['esim-profile-management@0.1.0-rc.1', 'esim-profile-management@0.1.0-rc.2'])('%s', (dialect) => {
  test('the life of a profile, each outcome by asking for it', async () => {
    const { eid, iccid, code, truth } = await newDevice()
    const run = async (...argv: readonly string[]) => {
      const { code, printed } = await api(dialect, ...argv, '--wait')
      expect([argv[0], code]).toEqual([argv[0], 0])
      const [answer, outcome] = printed
      expect(answer).toMatchObject({ status: 'ACCEPTED', esimProfile: { eid } })
      expect(outcome).toMatchObject({
        status: 'COMPLETED',
        esimProfile: { eid, iccid },
        result: { outcome: 'SUCCESS' },
      })
      return outcome?.['result']?.['assignedIccid']
    }
    expect(await run('download', '--eid', eid, '--activation-code', code)).toBe(iccid)
    expect(await truth()).toEqual({ [iccid]: 'disabled' })
    await run('set-fallback', '--iccid', iccid, '--eid', eid)
    await run('enable', '--iccid', iccid)
    const { printed } = await api(dialect, 'status', '--iccid', iccid)
    expect(printed[0]).toEqual({ esimProfiles: [{ eid, iccid, state: 'ENABLED', isFallback: true }] })
    expect(await truth()).toEqual({ [iccid]: 'enabled*' })
    await run('disable', '--iccid', iccid)
    await run('delete', '--iccid', iccid)
    expect(await truth()).toEqual({})
  })

  test('what the SM-DP+ refuses is FAILED, with its codes', async () => {
    const { eid, orders } = await lease({ orders: [{ refuse: 'matchingId' }] })
    const failed = await api(dialect, 'download', '--eid', eid, '--activation-code', orders[0]?.code ?? '', '--wait')
    expect([failed.code, failed.err]).toEqual([1, expect.stringMatching(/has failed: .*8\.2\.6.*3\.8/)])
  })

  test('what can be refused at once is, with the code of the definition', async () => {
    const [mine, other] = [
      await lease({ profiles: [{ state: 'enabled' }, { state: 'disabled', fallbackAllowed: false }] }),
      await lease({}),
    ]
    const [enabled = '', disabled = ''] = mine.iccids
    const rc1 = dialect.endsWith('rc.1')
    const expected: readonly [string, readonly string[]][] = [
      ['409 INCOMPATIBLE_STATE', ['enable', '--iccid', enabled]],
      ['409 INCOMPATIBLE_STATE', ['disable', '--iccid', disabled]],
      ['409 INCOMPATIBLE_STATE', ['delete', '--iccid', enabled]],
      ['422 SERVICE_NOT_APPLICABLE', ['set-fallback', '--iccid', disabled]],
      [
        `422 ${rc1 ? '' : 'ESIM_PROFILE_MANAGEMENT.'}IDENTIFIER_MISMATCH`,
        ['enable', '--iccid', disabled, '--eid', other.eid],
      ],
      ['404 IDENTIFIER_NOT_FOUND', ['enable', '--iccid', '8901000000000000001']],
      ['404 NOT_FOUND', ['operation', '--id', 'nothing']],
    ]
    for (const [refusal, argv] of expected) {
      const { code, err } = await api(dialect, ...argv)
      expect([argv, code, err]).toEqual([argv, 1, expect.stringContaining(`refused: ${refusal} `)])
    }
    expect(await mine.truth()).toEqual({ [enabled]: 'enabled', [disabled]: 'disabled' })
  })

  test('a device that does not answer is busy, and everything else is ABORTED', async () => {
    const { eid, iccids } = await lease({ profiles: [{ state: 'disabled' }] })
    const iccid = iccids[0] ?? ''
    await control('PUT', `/devices/${eid}/connectivity`, { reachable: false })
    const enable = await api(dialect, 'enable', '--iccid', iccid)
    expect(enable.code).toBe(0)
    expect((await api(dialect, 'delete', '--iccid', iccid)).err).toContain('refused: 409 ABORTED ')
    const impatient = await api(dialect, 'enable', '--iccid', iccid, '--wait', '--timeout', '0.1')
    expect(impatient.err).toContain('refused: 409 ABORTED ')
    await control('PUT', `/devices/${eid}/connectivity`, { reachable: true })
    await control('POST', `/devices/${eid}/polls`)
    const read = () => api(dialect, 'operation', '--id', String(enable.printed[0]?.['operationId']), '--wait')
    expect(await read()).toMatchObject({ code: 0 })
  })
})

describe('esim-remote-management@wip', () => {
  const dialect = 'esim-remote-management@wip'

  test('the life of a profile that the provider orders at the SM-DP+', async () => {
    const { eid, truth } = await lease({})
    const iccid = '8988211000000000017'
    const run = async (...argv: readonly string[]) => {
      const { code, printed } = await api(dialect, ...argv, '--listen', '--initial-event')
      expect([argv[0], code]).toEqual([argv[0], 0])
      const [answer, ...events] = printed
      expect(answer).toMatchObject({ code: 100000, taskId: expect.any(String) })
      expect(events.map((event) => [String(event['type']).split('.').at(-1), event['data']?.['operResult']])).toEqual([
        ['operation-accepted', 0],
        ['operation-completed', 1],
      ])
      return String(answer?.['taskId'])
    }
    const taskId = await run('download', '--eid', eid, '--iccid', iccid, '--activate')
    expect(await truth()).toEqual({ [iccid]: 'enabled' })
    const asked = await api(dialect, 'operation', '--id', taskId)
    expect(asked.printed[0]).toMatchObject({ resultCode: 'B100000', data: { taskId, eId: eid, iccid, operResult: 1 } })
    await run('disable', '--iccid', iccid, '--eid', eid)
    const { printed } = await api(dialect, 'status', '--eid', eid)
    expect(printed[0]?.['data']).toEqual({ eId: eid, profiles: [{ iccid, enableStatus: 0 }] })
    await run('enable', '--iccid', iccid)
    await run('disable', '--iccid', iccid)
    await run('delete', '--iccid', iccid)
    expect(await truth()).toEqual({})
  })

  test("what cannot be: an order that is taken, a state that forbids it, somebody else's", async () => {
    const { eid, iccids } = await lease({ profiles: [{ state: 'enabled' }] })
    const iccid = iccids[0] ?? ''
    const ordered = await api(dialect, 'download', '--eid', eid, '--iccid', iccid)
    expect([ordered.code, ordered.err]).toEqual([1, expect.stringContaining('100001: DownloadOrder: 8.2.1')])
    const enable = await api(dialect, 'enable', '--iccid', iccid, '--wait')
    expect([enable.code, enable.err]).toEqual([1, expect.stringContaining('The profile is enabled.')])
    const unknown = await api(dialect, 'enable', '--iccid', '8901000000000000001')
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('404 IDENTIFIER_NOT_FOUND')])
    const nothing = await api(dialect, 'operation', '--id', 'nothing')
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('404 NOT_FOUND')])
  })
})

describe('esim-profile-management-subscriptions@wip', () => {
  const dialect = 'esim-profile-management-subscriptions@wip'
  const names = (printed: readonly Json[]) => printed.slice(1).map(({ type }) => String(type).split('.').at(-1))

  test('events of another dialect of the same API arrive until enough have come', async () => {
    const { eid, iccids } = await lease({ profiles: [{ state: 'disabled' }] })
    const words = ['--eid', eid, '--listen', '--max-events', '2']
    const subscribed = api(dialect, 'subscribe', ...words)
    const profiles = 'esim-profile-management@0.1.0-rc.2'
    for (const action of ['enable', 'disable']) await api(profiles, action, '--iccid', iccids[0] ?? '', '--wait')
    const first = await subscribed
    expect(first.err).toContain('MAX_EVENTS_REACHED')
    expect([first.code, names(first.printed)]).toEqual([
      0,
      ['subscription-started', 'operation-completed', 'operation-completed', 'subscription-ended'],
    ])
  })

  test('somebody who has had enough leaves no subscription behind', async () => {
    const { eid } = await lease({})
    let leave = () => {}
    const enough = new Promise<void>((resolve) => {
      leave = resolve
    })
    const listening = run(['--dialect', dialect, 'subscribe', '--eid', eid, '--listen', '--json'], { enough })
    leave()
    const { code, out, err } = await listening
    expect([code, err]).toEqual([0, expect.stringContaining('SUBSCRIPTION_DELETED')])
    expect(out).toContain('subscription-started')
  })

  test('an EID of nobody is refused', async () => {
    const { code, err } = await api(dialect, 'subscribe', '--eid', '1'.repeat(32), '--listen')
    expect([code, err]).toEqual([1, expect.stringContaining('422 SERVICE_NOT_APPLICABLE')])
  })
})

describe('the client', () => {
  test('shows the exchange, without token, secret and activation code', async () => {
    const { eid, iccid, code } = await newDevice()
    const words = ['download', '--eid', eid, '--iccid', iccid, '--activation-code', code, '--wait', '-v']
    const { err } = await run(words, {
      environment: { ESIM_API_CLIENT_ID: 'acme', ESIM_API_CLIENT_SECRET: 'acme-test-secret' },
    })
    for (const shown of [
      '> GET',
      '/.well-known/openid-configuration',
      '> POST',
      '/esim/download',
      '< 202',
      '< x-correlator: ',
    ])
      expect(err).toContain(shown)
    for (const secret of [code, 'acme-test-secret', btoa('acme:acme-test-secret'), 'eyJ'])
      expect(err).not.toContain(secret)
  })

  test('writes a progress line on a terminal, and the outcome as a sentence', async () => {
    const { eid, iccids } = await lease({ profiles: [{ state: 'disabled' }] })
    await control('PUT', `/devices/${eid}/connectivity`, { reachable: false })
    const dialect = 'esim-profile-management@0.1.0-rc.1'
    const words = ['--dialect', dialect, 'enable', '--iccid', iccids[0] ?? '', '--wait', '--timeout', '1.5']
    const { code, out, err } = await run(words, { isTerminal: true })
    expect([code, out]).toEqual([2, expect.stringContaining('"status": "ACCEPTED"')])
    expect(err).toMatch(/enable [0-9a-f-]+: running, 1 s/)
    expect(err).toContain('No outcome within 1.5 s.')
  })

  test('without a valid secret, or without anybody there, ends with exit code 2 and a sentence', async () => {
    const wrong = await run(['status', '--eid', '1'.repeat(32), '--client-secret', 'wrong'])
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/No token for acme \(401\)/)])
    const nobody = await run(['status', '--eid', '1'.repeat(32), '--target', 'http://127.0.0.1:1'])
    expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('GET http://127.0.0.1:1/esim/openapi.json')])
    const issuer = await run(['status', '--eid', '1'.repeat(32), '--issuer', world.doors['control'] ?? ''])
    expect([issuer.code, issuer.err]).toEqual([2, expect.stringContaining('no token_endpoint')])
  })

  test.each<[string, readonly string[]]>([
    ['api: say one of download', []],
    ['not dance.', ['dance']],
    ['no dialect is called other', ['status', '--dialect', 'other']],
    ['esim-remote-management@wip has no set-fallback', ['set-fallback', '--dialect', 'esim-remote-management@wip']],
    ['--iccid is missing', ['enable', '--wait']],
    ['--eid, --iccid is missing', ['status']],
    ['say --listen, or --sink URL', ['enable', '--iccid', '1']],
    [
      'sends no events about enable',
      ['enable', '--iccid', '1', '--listen', '--dialect', 'esim-profile-management@0.1.0-rc.1'],
    ],
    ['here is not HOST:PORT', ['enable', '--iccid', '1', '--listen', '--listen-at', 'here']],
    ['--timeout takes a number', ['enable', '--iccid', '1', '--listen', '--timeout', 'long']],
  ])('a call that cannot be understood says why: %s', async (why, argv) => {
    const error = await run(argv).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toContain(why)
  })

  test.each(refusals)("somebody else's profile is not revealed in %s", async (dialect, wait) => {
    const { iccids } = await lease({ profiles: [{ state: 'disabled' }] })
    const client = ['--client-id', 'globex', '--client-secret', 'globex-test-secret']
    const theirs = await api(dialect, 'enable', '--iccid', iccids[0] ?? '', wait, ...client)
    const nobodys = await api(dialect, 'enable', '--iccid', '8901000000000000001', wait, ...client)
    expect([theirs.code, theirs.err]).toEqual([1, nobodys.err])
  })
})
