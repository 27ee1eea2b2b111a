import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestbed, type Testbed } from './testbed.ts'

let testbed: Testbed
let eid = ''
let messages: { octets?: string; operation: string; interface: string }[] = []

const ask = async (path: string, body?: unknown) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(
    testbed.doors.control + path,
    body ? { method: 'POST', headers, body: JSON.stringify(body) } : {},
  )
  return (await answer.json()) as never
}
const verdictsOf = async (...octets: string[]) =>
  ((await ask(`/devices/${eid}/verdicts`, { octets })) as { verdicts: { field: string; holds: boolean; by: string }[] })
    .verdicts

beforeAll(async () => {
  testbed = await startTestbed({
    ...{
      version: 'test',
      seed: 'verdicts',
      host: '127.0.0.1',
      name: 'localhost',
      devices: 0,
      pollIntervalMs: 3_600_000,
    },
    ...{ control: { port: 0, token: '' }, smdp: { port: 0 }, smds: { port: 0 } },
    eim: { id: 'eim.testbed.example', esipaPort: 0, northboundPort: 0, onomondoPort: 0 },
  })
  const lease = (await ask('/leases', { profiles: [{ state: 'enabled' }] })) as { eid: string }
  eid = lease.eid
  messages = ((await ask(`/trace?eid=${eid}&limit=1000`)) as { messages: typeof messages }).messages
})
afterAll(() => testbed?.close())

test('everything that a device, its eIM and its SM-DP+ have signed holds', async () => {
  const fields = new Set<string>()
  for (const { octets } of messages)
    for (const { field, holds } of octets ? await verdictsOf(octets) : []) {
      expect([field, holds]).toEqual([field, true])
      fields.add(field)
    }
  expect([...fields].sort()).toEqual([
    ...['eimSignature', 'euiccCertificate', 'euiccSignEPR', 'euiccSignPIR', 'euiccSignature1'],
    ...['serverCertificate', 'serverSignature1'],
  ])
})

test('a flipped bit under a signature is found, and octets that are no message have no verdict', async () => {
  const request = messages.find(
    ({ operation, octets }) => operation === 'LoadEuiccPackage' && octets?.startsWith('bf51'),
  )
  const octets = request?.octets ?? ''
  const flipped = octets.slice(0, -1) + (octets.endsWith('0') ? '1' : '0')
  expect(await verdictsOf(flipped)).toMatchObject([{ field: 'eimSignature', by: 'eim.testbed.example', holds: false }])
  expect(await verdictsOf('00', 'ff', 'bf38')).toEqual([])
})
