import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestbed, type Testbed } from '../emulator/testbed/index.ts'
import { small, thrown } from '../emulator/testbed/testing/small.ts'

/** Procedures that begin in the device, or at an SM-DS: over sockets, through the control API and the northbound door of the eIM. */
let testbed: Testbed

beforeAll(async () => {
  testbed = await startTestbed(small({ seed: 'local procedures', onError: thrown }))
})

afterAll(() => testbed.close())

async function ask(door: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(door + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}
const control = (method: string, path: string, body?: unknown) => ask(testbed.doors.control, method, path, body)
const northbound = (method: string, path: string, body?: unknown) =>
  ask(`${testbed.doors.eimNorthbound}/eim/v1`, method, path, body)

const lease = async (shape: object = {}) => (await control('POST', '/leases', shape)).body
const order = async (members: object = {}) => (await control('POST', '/orders', members)).body
const smdsAddress = () => new URL(testbed.doors.es11 ?? '').host
const profilesOf = async (eid: string) => (await control('GET', `/devices/${eid}`)).body.profiles
const causes = async (eid: string) =>
  (await control('GET', `/trace?eid=${eid}&limit=1000`)).body.messages
    .filter(
      (message: { operation: string; from: string }) => message.operation === 'GetEimPackage' && message.from === 'IPA',
    )
    .map((message: { octets?: string }) => /800081(01..)/.exec(message.octets ?? '')?.[1])
    .filter(Boolean)

async function run(eid: string, packageOrder: object) {
  const { packageId } = (await northbound('POST', `/euiccs/${eid}/packages`, packageOrder)).body
  await control('POST', `/devices/${eid}/polls`)
  return (await northbound('GET', `/packages/${packageId}`)).body
}

test('a profile that was announced at the SM-DS is found by the EID and installed; then the event is gone', async () => {
  const { eid } = await lease()
  const { iccid } = await order({ eid, smdsAddress: smdsAddress() })
  expect(await run(eid, { download: { contactSmds: {} } })).toMatchObject({
    state: 'done',
    result: { kind: 'profileInstallationResult', outcome: 'success', iccid },
  })
  expect(await run(eid, { download: { contactSmds: { smdsAddress: smdsAddress() } } })).toMatchObject({
    result: { kind: 'profileDownloadError' },
  })
  const { messages } = (await control('GET', `/trace?eid=${eid}&limit=1000`)).body
  expect(new Set(messages.map((message: { interface: string }) => message.interface))).toContain('ES11')
})

test('a profile waits for an EID at the default SM-DP+', async () => {
  const { eid } = await lease()
  await run(eid, { psmo: [{ setDefaultDpAddress: { defaultDpAddress: new URL(testbed.doors.es9plus).host } }] })
  const { iccid } = await order({ eid })
  expect(await run(eid, { download: { contactDefaultSmdp: true } })).toMatchObject({
    result: { outcome: 'success', iccid },
  })
})

test('somebody at the device downloads by activation code and by SM-DS; the eIM is told that something has changed', async () => {
  const { eid } = await lease()
  const { iccid, activationCode } = await order({ profileType: 'typical' })
  const download = (body: object) => control('POST', `/devices/${eid}/downloads`, body)
  expect((await download({ activationCode })).body).toEqual({ downloads: [{ outcome: 'installed', iccid }] })
  expect((await control('GET', `/orders/${iccid}`)).body).toMatchObject({ iccid, state: 'installed', eid })
  const announced = await order({ eid, smdsAddress: smdsAddress() })
  expect((await download({ contactSmds: {} })).body).toEqual({
    downloads: [{ outcome: 'installed', iccid: announced.iccid }],
  })
  expect((await download({ activationCode })).body).toEqual({ downloads: [{ outcome: 'failed', reason: '8.2/1.2' }] })
  expect((await download({ activationCode: 'nonsense' })).body.downloads).toMatchObject([{ outcome: 'failed' }])
  expect((await download({ contactDefaultSmdp: true })).body.downloads).toMatchObject([{ outcome: 'failed' }])
  expect((await download({})).status).toBe(400)
  await control('POST', `/devices/${eid}/polls`)
  expect(await causes(eid)).toEqual(['0103'])
  expect((await northbound('GET', `/euiccs/${eid}`)).body.profiles).toHaveLength(2)
})

test('a profile is enabled at once where the eUICC was told so, and the eIM learns why', async () => {
  const { eid } = await lease()
  await run(eid, { psmo: [{ configureImmediateEnable: { immediateEnableFlag: true } }] })
  const { iccid, activationCode } = await order()
  expect(await run(eid, { download: { activationCode } })).toMatchObject({ result: { outcome: 'success', iccid } })
  expect(await profilesOf(eid)).toMatchObject([{ iccid, state: 'enabled' }])
  expect(await causes(eid)).toEqual(['0105'])
  expect((await northbound('GET', `/profiles/${iccid}`)).body).toMatchObject({ eid, state: 'enabled' })
})

test('for an eCall the emergency profile is enabled and left again, and the eIM learns why', async () => {
  const { eid, profiles } = await lease({ profiles: [{ state: 'enabled' }] })
  const { iccid, activationCode } = await order({ ecallIndication: true })
  expect(await run(eid, { download: { activationCode } })).toMatchObject({ result: { outcome: 'success', iccid } })
  const states = async () =>
    Object.fromEntries((await profilesOf(eid)).map((one: { iccid: string; state: string }) => [one.iccid, one.state]))
  const [usual] = profiles
  expect((await control('PUT', `/devices/${eid}/emergency`, { enabled: true })).status).toBe(200)
  expect(await states()).toEqual({ [usual.iccid]: 'disabled', [iccid]: 'enabled' })
  expect(await run(eid, { psmo: [{ enable: { iccid: usual.iccid } }] })).toMatchObject({
    result: { kind: 'euiccPackageError', verified: true, error: 'ecallActive' },
  })
  expect((await control('PUT', `/devices/${eid}/emergency`, { enabled: false })).status).toBe(200)
  expect(await states()).toEqual({ [usual.iccid]: 'enabled', [iccid]: 'disabled' })
  await control('POST', `/devices/${eid}/polls`)
  expect(new Set(await causes(eid))).toEqual(new Set(['0102']))
})

test('what the eUICC refuses of the local functions is said with its error', async () => {
  const { eid } = await lease({ profiles: [{ state: 'enabled' }] })
  expect(await control('PUT', `/devices/${eid}/emergency`, { enabled: true })).toMatchObject({
    status: 409,
    body: { detail: 'ecallNotAvailable' },
  })
  expect(await control('PUT', `/devices/${eid}/emergency`, { enabled: false })).toMatchObject({
    status: 409,
    body: { detail: 'profileNotInEnabledState' },
  })
  expect(await control('POST', `/devices/${eid}/fallback/return`)).toMatchObject({
    status: 409,
    body: { detail: 'fallbackNotAvailable' },
  })
  const nobody = eid.replace(/..$/, '00')
  expect((await control('POST', `/devices/${nobody}/fallback/return`)).status).toBe(404)
})

test('an order has the identifiers, limits and secrets that it was given, and can be withdrawn', async () => {
  const { eid } = await lease()
  const wanted = { iccid: '8988001234567890128', matchingId: 'MY-CODE', confirmationCode: '1234', eid }
  const made = await order(wanted)
  expect(made).toMatchObject({ iccid: wanted.iccid, matchingId: 'MY-CODE', eid, state: 'released' })
  expect(made.activationCode).toMatch(/^LPA:1\$localhost:\d+\$MY-CODE\$\$1$/)
  expect(JSON.stringify((await control('GET', '/orders')).body)).not.toContain('1234"')
  expect((await control('POST', '/orders', { matchingId: 'MY-CODE' })).status).toBe(422)
  expect((await control('POST', '/orders', { eid: '1' })).status).toBe(400)
  expect((await control('DELETE', `/orders/${wanted.iccid}`)).body).toMatchObject({ state: 'unavailable' })
  expect((await control('DELETE', `/orders/${wanted.iccid}`)).status).toBe(409)
  expect((await control('GET', '/orders/8988001234567890999')).status).toBe(404)
  const late = await order({ expiresAt: '2020-01-01T00:00:00Z' })
  expect(await run(eid, { download: { activationCode: late.activationCode } })).toMatchObject({
    result: { kind: 'profileDownloadError', subjectCode: '8.8.5', reasonCode: '4.10' },
  })
  expect((await control('POST', '/orders', { eid, smdsAddress: 'localhost:1' })).status).toBe(502)
})
