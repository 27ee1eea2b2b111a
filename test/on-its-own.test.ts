/** What a device does on its own is noticed and shows in the status that the API tells. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Json, startWholeWorld } from './testing/whole-world.ts'

let world: Awaited<ReturnType<typeof startWholeWorld>>
beforeAll(async () => {
  world = await startWholeWorld({ 'provider.rollback': true })
})
afterAll(() => world.close())

const lease = async (shape: Json) => {
  const { body } = await world.control('POST', '/leases', shape)
  const iccids: string[] = body.profiles.map(({ iccid }: Json) => iccid)
  return { eid: String(body.eid), iccids, orders: body.orders }
}
/** ICCID and state of each, `*` at the fallback. */
const status = async (eid: string): Promise<readonly string[]> => {
  const { body } = await world.api('POST', '/retrieve-status', { esim: { eid } })
  return body.esims.map(({ iccid, state, isFallback }: Json) => `${iccid} ${state}${isFallback ? '*' : ''}`)
}
const act = async (method: string, path: string, body?: unknown) => {
  const answer = await world.control(method, path, body)
  expect([path, answer.status]).toEqual([path, expect.toSatisfy((code: number) => code < 300)])
}
const links = (eid: string, profiles: readonly Json[]) =>
  act('PUT', `/devices/${eid}/connectivity`, { reachable: true, profiles })
const advance = (seconds: number) => world.control('POST', '/clock', { advanceMs: seconds * 1000 })

test('a device that falls back, and returns', async () => {
  const { eid, iccids } = await lease({
    profiles: [{ state: 'enabled' }, { state: 'disabled', fallbackAllowed: true, fallback: true }],
  })
  const [home = '', fallback = ''] = iccids
  expect(await status(eid)).toEqual([`${home} enabled`, `${fallback} disabled*`])
  await links(eid, [{ iccid: home, dead: {} }])
  await advance(200)
  expect(await status(eid)).toEqual([`${home} disabled`, `${fallback} enabled*`])
  await links(eid, [])
  await act('POST', `/devices/${eid}/fallback/return`)
  await advance(60)
  expect(await status(eid)).toEqual([`${home} enabled`, `${fallback} disabled*`])
})

test('a device that rolls back, since the profile that was enabled has no connectivity: the operation fails and says so', async () => {
  const { eid, iccids } = await lease({ profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  const [home = '', dead = ''] = iccids
  await links(eid, [{ iccid: dead, dead: {} }])
  const { completed } = await world.operate('enable', { esim: { iccid: dead } })
  expect(await completed).toMatchObject({
    result: { outcome: 'failed' },
    error: { code: 'ESIM_OPERATION_FAILED', details: 'enable: rolled back (ok)' },
  })
  expect(await status(eid)).toEqual([`${home} enabled`, `${dead} disabled`])
})

test('somebody at the device who installs a profile', async () => {
  const { eid, iccids, orders } = await lease({ profiles: [{ state: 'disabled' }], orders: [{}] })
  const [{ iccid, activationCode }] = orders
  await act('POST', `/devices/${eid}/downloads`, { activationCode })
  await advance(60)
  expect(await status(eid)).toEqual([`${iccids[0]} disabled`, `${iccid} disabled`])
})

test('a card that is wiped at the device', async () => {
  const { eid, iccids } = await lease({ profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  expect(await status(eid)).toEqual([`${iccids[0]} enabled`, `${iccids[1]} disabled`])
  await act('POST', `/devices/${eid}/memory-resets`, { resetOptions: ['deleteOperationalProfiles'] })
  await advance(60)
  expect(await status(eid)).toEqual([])
})
