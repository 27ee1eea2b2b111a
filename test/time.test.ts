/** One clock for every role: what takes hours takes none, and happens in its order. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWholeWorld } from './testing/whole-world.ts'

let world: Awaited<ReturnType<typeof startWholeWorld>>

beforeAll(async () => {
  world = await startWholeWorld({ 'authorization.tokenTtlSeconds': 3600 })
})
afterAll(() => world.close())

const HOUR_MS = 3_600_000
const now = async (): Promise<number> => Date.parse((await world.control('GET', '/clock')).body.now)
const advance = (advanceMs: number) => world.control('POST', '/clock', { advanceMs })

async function order() {
  const { body } = await world.control('POST', '/leases', { orders: [{}] })
  const [{ iccid, activationCode }] = body.orders
  return { eid: body.eid, request: { esim: { eid: body.eid, iccid }, activationCode } }
}

test('the clock stands still while nobody waits for it, goes on when told, and says so', async () => {
  const before = await now()
  await order()
  expect(await now()).toBe(before)
  expect((await advance(1500)).body).toEqual({
    now: new Date(before + 1500).toISOString(),
    mode: 'virtual',
    paused: false,
  })
  expect((await world.control('POST', '/clock', { advanceMs: -1 })).status).toBe(400)
})

test('a token expires with the clock', async () => {
  const authorization = `Bearer ${world.token()}`
  const read = () => fetch(`${world.doors['provider']}/esim/operations/none`, { headers: { authorization } })
  expect((await read()).status).not.toBe(401)
  await advance(HOUR_MS + 1000)
  expect((await read()).status).toBe(401)
})

test('an operation for a device that is away waits for it, and ends with its time limit', async () => {
  const { eid, request } = await order()
  await world.control('PUT', `/devices/${eid}/connectivity`, { reachable: false })
  const started = await now()
  const { operationId, completed } = await world.operate('download', request)
  await advance(599_000)
  expect((await world.api('GET', `/operations/${operationId}`)).body.status).toBe('accepted')
  await advance(1_000)
  expect(await completed).toMatchObject({
    result: { outcome: 'failed', completedAt: new Date(started + 600_000).toISOString() },
    error: { code: 'ESIM_DEVICE_UNREACHABLE' },
  })
})

test('one that comes back in time completes it, at the time at which it came back', async () => {
  const { eid, request } = await order()
  await world.control('PUT', `/devices/${eid}/connectivity`, { reachable: false })
  const started = await now()
  const { completed } = await world.operate('download', request)
  await advance(300_000)
  await world.control('PUT', `/devices/${eid}/connectivity`, { reachable: true })
  expect(await completed).toMatchObject({
    result: { outcome: 'success', completedAt: new Date(started + 300_000).toISOString() },
  })
})

test('devices poll on the way through the night, each at its time', async () => {
  const { eid } = await order()
  const after = (await world.control('GET', `/trace?eid=${eid}&limit=1000`)).body.next
  await advance(5 * 60_000)
  const { messages } = (await world.control('GET', `/trace?eid=${eid}&after=${after}&limit=1000`)).body
  const polls = messages.filter(
    ({ operation, from }: { operation: string; from: string }) => operation === 'GetEimPackage' && from === 'IPA',
  )
  const at = [...new Set<number>(polls.map((message: { at: string }) => Date.parse(message.at)))]
  expect(at).toHaveLength(10)
  expect(new Set(at.slice(1).map((moment, i) => moment - (at[i] ?? 0)))).toEqual(new Set([30_000]))
})
