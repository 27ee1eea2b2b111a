import { type RunningTestbed, startTestbed } from 'esim-testbed'
import { runConformance } from 'esim-testbed/conformance'
import { euicc } from 'esim-testbed/emulator'
import { ber, sgp32 } from 'esim-testbed/protocol'
import { startProvider } from 'esim-testbed/provider'
import { afterAll, beforeAll, expect, test } from 'vitest'

let testbed: RunningTestbed

beforeAll(async () => {
  testbed = await startTestbed({ seed: 'a stranger' })
})
afterAll(() => testbed.close())

test('a leased card answers an APDU and tells what it did', async () => {
  const { eid, profiles } = await testbed.lease({ profiles: [{ state: 'enabled' }] })
  expect(await testbed.apdu(eid, '00a4040010a0000005591010ffffffff8900000100')).toMatch(/^61|9000$/)
  expect((await testbed.device(eid)).profiles.map(({ iccid }) => iccid)).toEqual(profiles.map(({ iccid }) => iccid))
  expect((await testbed.events(eid)).map(({ type }) => type)).toContain('profile-enabled')
})

test('every door is open', () => {
  expect(Object.keys(testbed.doors)).toEqual(
    expect.arrayContaining(['provider', 'authorization', 'esipa', 'es9plus', 'control']),
  )
})

test('the rooms have doors of their own', () => {
  const request = ber.encode(sgp32.GetEimPackageRequest, { eidValue: '89049032123451234512345678901235' })
  expect(ber.decode(sgp32.GetEimPackageRequest, request).eidValue).toBe('89049032123451234512345678901235')
  expect(typeof euicc.createCard).toBe('function')
  expect(typeof startProvider).toBe('function')
  expect(typeof runConformance).toBe('function')
})
