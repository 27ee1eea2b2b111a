import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestbed, type Testbed } from '../testbed.ts'
import { small } from '../testing/small.ts'

let testbed: Testbed
let eid = ''
let messages: { octets?: string; operation: string; interface: string; from: string }[] = []

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
  testbed = await startTestbed(small({ seed: 'verdicts' }))
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
    ...['eimSignature', 'euiccCertificate', 'euiccNotificationSignature', 'euiccSignEPR', 'euiccSignPIR'],
    ...['euiccSignature1', 'euiccSignature2', 'serverCertificate', 'serverSignature1'],
    ...['smdpCertificate', 'smdpSign', 'smdpSignature2'],
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

test('a signature that is also over another message is judged with it, and without it nobody can tell', async () => {
  const find = (operation: string, from: string) =>
    messages.find((message) => message.operation === operation && message.from === from)?.octets ?? ''
  const own = find('PrepareDownload', 'eUICC')
  expect(await verdictsOf(own)).toMatchObject([{ field: 'euiccSignature2', by: 'eUICC', holds: true }])
  const others = (await ask('/leases', {})) as { eid: string }
  const { verdicts } = (await ask(`/devices/${others.eid}/verdicts`, {
    octets: [find('PrepareDownload', 'IPA'), own],
  })) as { verdicts: object[] }
  const reason = 'the message that it is also over is not in the trace'
  expect(verdicts).toEqual([
    { field: 'smdpCertificate', kind: 'certificate', by: 'DPpb', holds: true },
    { field: 'smdpSignature2', kind: 'signature', by: 'TEST SM-DP+', reason },
    { field: 'euiccSignature2', kind: 'signature', by: 'eUICC', reason },
  ])
})
