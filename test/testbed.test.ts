import { afterAll, beforeAll, expect, test } from 'vitest'
import { replay, startTestbed, type Testbed } from '../emulator/testbed/index.ts'
import { small, thrown } from '../emulator/testbed/testing/small.ts'

let testbed: Testbed

beforeAll(async () => {
  testbed = await startTestbed(small({ seed: 'a test', devices: 1, onError: thrown }))
})

afterAll(() => testbed.close())

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(testbed.doors.control + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson =
    answer.headers.get('content-type')?.includes('json') && !answer.headers.get('content-type')?.includes('ndjson')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text }
}

const shape = {
  profiles: [
    { state: 'enabled' },
    { state: 'disabled', fallback: true },
    { state: 'disabled', fallbackAllowed: false },
  ],
  orders: [{}, { refuse: 'matchingId' }],
}

test('a lease is a device of its own whose card really has the profiles, and orders that wait at the SM-DP+', async () => {
  const { status, body: lease } = await call('POST', '/leases', shape)
  expect(status).toBe(201)
  const { body: device } = await call('GET', `/devices/${lease.eid}`)
  expect(
    device.profiles.map(({ iccid, state, fallbackAttribute }: Record<string, unknown>) => [
      iccid,
      state,
      fallbackAttribute,
    ]),
  ).toEqual([
    [lease.profiles[0].iccid, 'enabled', false],
    [lease.profiles[1].iccid, 'disabled', true],
    [lease.profiles[2].iccid, 'disabled', false],
  ])
  expect(lease.orders[0].activationCode).toMatch(/^LPA:1\$localhost:\d+\$/)
  const { body: events } = await call('GET', `/devices/${lease.eid}/events`)
  expect(
    events.events
      .filter(({ type }: { type: string }) => type.startsWith('profile-'))
      .map(({ type }: { type: string }) => type),
  ).toEqual(['profile-installed', 'profile-installed', 'profile-installed', 'profile-enabled'])
  expect((await call('GET', `/leases/${lease.leaseId}`)).body).toEqual(lease)
  expect((await call('DELETE', `/leases/${lease.leaseId}`)).status).toBe(204)
  expect((await call('GET', `/leases/${lease.leaseId}`)).status).toBe(404)
})

test('a lease that contradicts itself is refused with the reason', async () => {
  const twice = { profiles: [{ state: 'enabled' }, { state: 'enabled' }] }
  expect(await call('POST', '/leases', twice)).toMatchObject({
    status: 422,
    body: { detail: 'Only one profile can be enabled.' },
  })
})

test.each([
  ['the card refuses its eIM configuration', {}, 'ES10.AddInitialEim'],
  ['a profile is not installed', { profiles: [{ state: 'disabled' }] }, 'ES10.LoadBoundProfilePackage'],
])(
  'a lease over which a fault strikes is refused with its name: %s; without the fault it is made',
  async (_what, shape, message) => {
    await call('POST', '/faults', { fault: 'card/status-word', message })
    expect(await call('POST', '/leases', shape)).toMatchObject({
      status: 409,
      body: {
        title: 'A fault struck while the device was made',
        detail: expect.stringMatching(/^card\/status-word: /),
      },
    })
    await call('DELETE', '/faults')
    expect((await call('POST', '/leases', shape)).status).toBe(201)
  },
)

test('devices are listed page by page in the order of their EIDs', async () => {
  await call('POST', '/leases', {})
  const first = (await call('GET', '/devices?limit=1')).body
  const second = (await call('GET', `/devices?limit=1&after=${first.next}`)).body
  expect(first.devices).toHaveLength(1)
  expect(second.devices[0].eid > first.devices[0].eid).toBe(true)
})

test('an unreachable device does nothing until it is reachable again', async () => {
  const { body: lease } = await call('POST', '/leases', { profiles: [{ state: 'disabled' }] })
  await call('PUT', `/devices/${lease.eid}/connectivity`, { reachable: false })
  const order = { psmo: [{ enable: { iccid: lease.profiles[0].iccid } }] }
  const queued = await fetch(`${testbed.doors.eimNorthbound}/eim/v1/euiccs/${lease.eid}/packages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  })
  expect(queued.status).toBe(202)
  expect((await call('POST', `/devices/${lease.eid}/polls`)).body).toEqual({ packagesProcessed: 0 })
  expect((await call('GET', `/devices/${lease.eid}`)).body.profiles[0].state).toBe('disabled')
  await call('PUT', `/devices/${lease.eid}/connectivity`, { reachable: true })
  await call('POST', `/devices/${lease.eid}/polls`)
  expect((await call('GET', `/devices/${lease.eid}`)).body.profiles[0].state).toBe('enabled')
})

test('the connectivity of a device is that of its enabled profile', async () => {
  const { body: lease } = await call('POST', '/leases', { profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  const [{ iccid: first }, { iccid: second }] = lease.profiles
  const put = (profiles: unknown) => call('PUT', `/devices/${lease.eid}/connectivity`, { reachable: true, profiles })
  const profiles = [
    { iccid: first, slow: { delayMs: 1 } },
    { iccid: second, lossy: { chance: 0 } },
  ]
  expect((await put(profiles)).body).toMatchObject({ reachable: true, connectivity: profiles })
  expect((await call('POST', `/devices/${lease.eid}/polls`)).body).toEqual({ packagesProcessed: 0 })
  for (const wrong of [{ iccid: first }, { iccid: first, dead: {}, slow: { delayMs: 1 } }, { iccid: 'x', dead: {} }])
    expect((await put([wrong])).status).toBe(400)
  expect((await put([{ iccid: first, lossy: { chance: 2 } }])).status).toBe(400)
  expect((await put([])).body).not.toHaveProperty('connectivity')
})

test('one command reaches the card beside its IPA, and nonsense gets its status word', async () => {
  const { body: lease } = await call('POST', '/leases', {})
  const select = '00A4040010A0000005591010FFFFFFFF8900000100'
  expect((await call('POST', `/devices/${lease.eid}/apdu`, { apdu: select })).body.response).toMatch(/^61/)
  expect((await call('POST', `/devices/${lease.eid}/apdu`, { apdu: '00FF0000' })).body.response).toBe('6d00')
  expect((await call('POST', `/devices/${lease.eid}/apdu`, { apdu: 'zz' })).status).toBe(400)
})

test('the recording of a card with a download replays octet for octet, and a changed octet is found at its step', async () => {
  const { body: lease } = await call('POST', '/leases', { profiles: [{ state: 'enabled' }] })
  const { body: recording } = await call('GET', `/devices/${lease.eid}/recording`)
  let exchanges = 0
  for await (const step of replay(recording)) {
    if (step.step === 'reset') continue
    exchanges++
    expect(step.replayed).toBe(step.recorded)
  }
  expect(exchanges).toBe(recording.match(/"step":"apdu"/g).length)

  const lines = recording.split('\n')
  const at = lines.findIndex((line: string) => line.includes('bf2e1280'))
  lines[at] = lines[at].replace(/(bf2e1280\w\w)\w\w/, '$100')
  const steps = []
  for await (const step of replay(lines.join('\n'))) steps.push(step)
  const last = steps.at(-1)
  expect(last?.step === 'apdu' && last.replayed !== last.recorded).toBe(true)
  expect(steps).toHaveLength(at)
})

test('the trace shows every hop of a download', async () => {
  const { body: lease } = await call('POST', '/leases', { profiles: [{ state: 'disabled' }] })
  const { body } = await call('GET', `/trace?eid=${lease.eid}&limit=1000`)
  const seen = new Set(
    body.messages.map(({ interface: hop, operation }: Record<string, string>) => `${hop} ${operation}`),
  )
  for (const message of [
    'ESipa GetEimPackage',
    'ES9+ InitiateAuthentication',
    'ES9+ GetBoundProfilePackage',
    'ES10 AuthenticateServer',
  ])
    expect([...seen]).toContain(message)
})

test('the trace is exported as lines, all of it or that of one device', async () => {
  const { body: lease } = await call('POST', '/leases', {})
  const answer = await fetch(`${testbed.doors.control}/trace/export?eid=${lease.eid}`)
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
  const lines = (await answer.text()).trim().split('\n')
  const { body } = await call('GET', `/trace?eid=${lease.eid}&limit=1000`)
  expect(lines.map((line) => JSON.parse(line))).toEqual(body.messages)
  const all = await (await fetch(`${testbed.doors.control}/trace/export?format=ndjson`)).text()
  expect(all.trim().split('\n').length).toBeGreaterThan(lines.length)
})

test('the APDUs of cards are exported as a capture, each card with a source address of its own', async () => {
  const answer = await fetch(`${testbed.doors.control}/trace/export?format=pcapng`)
  expect(answer.headers.get('content-type')).toBe('application/x-pcapng')
  expect(answer.headers.get('transfer-encoding')).toBe('chunked')
  const octets = new DataView(await answer.arrayBuffer())
  const sources = new Set<number>()
  let at = 0
  for (; at < octets.byteLength; at += octets.getUint32(at + 4, true))
    if (octets.getUint32(at, true) === 6) sources.add(octets.getUint32(at + 40))
  expect(at).toBe(octets.byteLength)
  const { body } = await call('GET', '/devices?limit=1000')
  expect(sources.size).toBe(body.devices.length)
  expect(await call('GET', '/trace/export?format=pdf')).toMatchObject({ status: 400 })
  expect(await call('GET', `/trace/export?eid=${'0'.repeat(32)}`)).toMatchObject({ status: 404 })
})

test('every device, lease and path that is not there is a problem document', async () => {
  const eid = '0'.repeat(32)
  for (const path of [
    `/devices/${eid}`,
    `/devices/${eid}/events`,
    `/devices/${eid}/recording`,
    '/leases/x',
    '/nothing',
  ])
    expect(await call('GET', path)).toMatchObject({ status: 404, body: { status: 404 } })
})
