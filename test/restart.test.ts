import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type RunningTestbed, startTestbed } from '../bin/library.ts'
import { createHttpClient } from '../emulator/ports/index.ts'
import { freePort } from './kill/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'restart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ports = ['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port']
const fixed = Object.fromEntries(await Promise.all(ports.map(async (key) => [key, await freePort()])))
const config = { ...fixed, 'eim.dataFolder': join(folder, 'eim'), 'devices.dataFolder': join(folder, 'devices') }
const start = (seed = 'kept') => startTestbed({ seed, provider: false, devices: 1, config })

type Json = Record<string, unknown>

/** As a stranger's SM-DP+ has it with the SM-DS: whether it was done, or subject and reason. */
const es12 = async ({ doors }: RunningTestbed, name: string, members: Json) => {
  const header = { functionRequesterIdentifier: 'stranger', functionCallIdentifier: '1' }
  const send = createHttpClient({ insecure: true })
  const body = new TextEncoder().encode(JSON.stringify({ header, ...members }))
  const headers = { 'content-type': 'application/json' }
  const answer = await send(`${doors['es11']}/gsma/rsp2/es12/${name}`, { method: 'POST', headers, body })
  const { status, statusCodeData } = JSON.parse(new TextDecoder().decode(answer.body)).header.functionExecutionStatus
  return statusCodeData ? `${statusCodeData.subjectCode}/${statusCodeData.reasonCode}` : status
}

const northbound = async ({ doors }: RunningTestbed, method: string, path: string, body?: unknown): Promise<Json> => {
  const answer = await fetch(`${doors['eimNorthbound']}/eim/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return answer.json() as Promise<Json>
}

test('devices, their cards, orders and counters are after a restart as before, and what was broken off is completed', async () => {
  const first = await start()
  const { devices } = (await first.control('GET', '/devices')) as { devices: { eid: string }[] }
  const eid = devices[0]?.eid ?? ''
  await first.poll(eid)
  const lease = await first.lease({ profiles: [{ state: 'enabled', fallback: true }], orders: [{}] })
  const open = (await first.control('POST', '/orders', { eid, confirmationCode: '1234' })) as Json
  const shown = async (testbed: RunningTestbed) => ({
    devices: await testbed.control('GET', '/devices'),
    orders: await testbed.control('GET', '/orders'),
    euicc: await northbound(testbed, 'GET', `/euiccs/${lease.eid}`),
  })
  const before = await shown(first)
  const event = { eid, eventId: 'A-STRANGER', rspServerAddress: 'smdp.test', forwardingIndicator: false }
  const gone = { ...event, eventId: 'GONE' }
  for (const one of [event, gone]) expect(await es12(first, 'registerEvent', one)).toBe('Executed-Success')
  expect(await es12(first, 'deleteEvent', gone)).toBe('Executed-Success')

  // The IPA dies before it tells the eIM that the profile is installed, and does not come back.
  await first.control('POST', '/faults', {
    fault: 'ipa/crash',
    message: 'ESipa.ProvideEimPackageResult',
    devices: [eid],
    parameters: { restartMs: 86_400_000 },
    when: { count: 1 },
  })
  const { activationCode } = (await first.control('POST', '/orders', {})) as Json
  const { packageId } = await northbound(first, 'POST', `/euiccs/${eid}/packages`, { download: { activationCode } })
  const installed = async () => (await first.device(eid)).profiles.length > 0
  while (!(await installed())) await new Promise((resolve) => setTimeout(resolve, 20))
  await first.close()

  const second = await start()
  expect(await es12(second, 'registerEvent', event)).toBe('8.9.5/3.3')
  expect(await es12(second, 'deleteEvent', gone)).toBe('8.9.5/3.9')
  const after = await shown(second)
  expect(after.euicc).toMatchObject({ counterValue: before.euicc['counterValue'], profiles: before.euicc['profiles'] })
  expect(await second.device(lease.eid)).toMatchObject({ profiles: [{ state: 'enabled', fallbackAttribute: true }] })
  expect(JSON.stringify(after.orders)).toContain(String(open['matchingId']))
  expect((after.devices as { devices: Json[] }).devices).toHaveLength(
    (before.devices as { devices: Json[] }).devices.length,
  )
  await second.poll(eid)
  expect(await northbound(second, 'GET', `/packages/${packageId}`)).toMatchObject({
    state: 'done',
    result: { kind: 'profileInstallationResult', verified: true, outcome: 'success' },
  })
  // The card goes on counting, and so does the eIM.
  const { packageId: next } = await northbound(second, 'POST', `/euiccs/${lease.eid}/packages`, {
    psmo: [{ getRAT: {} }],
  })
  await second.poll(lease.eid)
  expect(await northbound(second, 'GET', `/packages/${next}`)).toMatchObject({
    state: 'done',
    result: { verified: true },
  })
  const made = await second.lease()
  expect([eid, lease.eid]).not.toContain(made.eid)
  await second.close()
}, 240_000)

test('cards of another seed are not taken up: their keys would be others', async () => {
  await expect(start('another')).rejects.toThrow('of seed kept')
})
