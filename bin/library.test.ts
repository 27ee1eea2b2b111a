import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigurationError } from './config.ts'
import { type RunningTestbed, startTestbed } from './library.ts'

let testbed: RunningTestbed

beforeAll(async () => {
  testbed = await startTestbed({ seed: 'library', provider: false })
})
afterAll(() => testbed.close())

test('a lease is a device of the wanted shape, whose card is read, polled and spoken to', async () => {
  const lease = await testbed.lease({ profiles: [{ state: 'enabled' }, { state: 'disabled' }] })
  const { profiles } = await testbed.device(lease.eid)
  expect(profiles.map(({ state }) => state)).toEqual(['enabled', 'disabled'])
  expect(await testbed.poll(lease.eid)).toEqual({ packagesProcessed: 0 })
  expect(await testbed.apdu(lease.eid, '00a4000c023f00')).toBe('9000')
  const events = await testbed.events(lease.eid)
  expect(events.map(({ type }) => type)).toContain('profile-enabled')
  expect(await testbed.events(lease.eid, events.at(-1)?.sequence)).toEqual([])
  await testbed.release(lease.leaseId)
  await expect(testbed.release(lease.leaseId)).rejects.toThrow('404')
})

test('two testbeds stand side by side, and the same seed gives the same identifiers', async () => {
  const options = { seed: 'library', provider: false, devices: 1 }
  const others = [await startTestbed(options), await startTestbed(options)]
  const [one, other] = await Promise.all(others.map(({ control }) => control('GET', '/devices')))
  expect(one).toEqual(other)
  for (const { [Symbol.asyncDispose]: dispose } of others) await dispose()
})

test('a key that there is not is refused', async () => {
  await expect(startTestbed({ config: { 'devices.colour': 'red' } })).rejects.toThrow(ConfigurationError)
})
