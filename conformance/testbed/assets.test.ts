import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectAuthorization } from '../authorization/client-http.ts'
import { type Double, startDouble } from '../double/double.ts'
import { answers } from '../mutants/changes.ts'
import { startProxy } from '../mutants/proxy-http.ts'
import { systemClock } from '../runner/clock-system.ts'
import type { Report } from '../runner/report.ts'
import { runConformance } from '../runner/run.ts'
import { lendDevices, readDevices } from './assets.ts'
import { connectTestbed } from './http.ts'

const eid = '89049032000000000000000000000001'
const [one, other] = ['8988303000000000001', '8988303000000000002']

describe('devices from a file', () => {
  const lend = (yaml: string) => lendDevices(readDevices(yaml), () => 0)
  const yaml = `devices: [{ eid: "${eid}", profiles: [{ iccid: "${one}", state: disabled }, { iccid: "${other}", state: enabled }] }]`

  test('are lent to whoever wants exactly what is on them, once, in the wanted order', async () => {
    const testbed = lend(yaml)
    const wanted = { profiles: [{ state: 'enabled' }, { state: 'disabled', fallbackAllowed: true }] } as const
    const { profiles } = await testbed.lease(wanted)
    expect(profiles.map(({ iccid }) => iccid)).toEqual([other, one])
    await expect(testbed.lease(wanted)).rejects.toThrow('no device is left in --assets with owner acme')
  })

  test('are lent to their owner only, and not with more eSIMs than were wanted', async () => {
    const testbed = lend(yaml)
    await expect(testbed.lease({ owner: 'globex', profiles: [] })).rejects.toThrow('owner globex')
    await expect(testbed.lease({ profiles: [{ state: 'enabled' }] })).rejects.toMatchObject({ name: 'NotAvailable' })
  })

  test('tell nothing of what the card does', async () => {
    const testbed = lend(yaml)
    expect(testbed.truth).toBe(false)
    await expect(testbed.events(eid, 0)).rejects.toThrow('nobody sees what the card did')
    await expect(testbed.setReachable(eid, false)).rejects.toMatchObject({ name: 'NotAvailable' })
  })

  test('that make no sense are refused with a sentence', () => {
    expect(() => readDevices('devices: [{ eid: "12" }]')).toThrow('/devices/0/eid must match pattern')
  })
})

describe('a run without a testbed', () => {
  let double: Double
  let file: string
  beforeAll(async () => {
    double = await startDouble()
    const testbed = connectTestbed({ url: double.testbed, clock: systemClock, token: undefined })
    const shape = { profiles: [{ state: 'disabled', fallbackAllowed: true }] } as const
    const leases = await Promise.all(Array.from({ length: 8 }, () => testbed.lease(shape)))
    const devices = leases.map((lease) => ({
      eid: lease.eid,
      profiles: lease.profiles.map(({ iccid, state }) => ({ iccid, state })),
    }))
    file = join(mkdtempSync(join(tmpdir(), 'assets-')), 'assets.json')
    writeFileSync(file, JSON.stringify({ devices }))
  })
  afterAll(() => double.close())

  const judge = async (target: string, requirements: readonly string[]): Promise<Report> => {
    const options = {
      target,
      assets: file,
      dialect: 'esim-management@0.1',
      authorization: double.authorization.options,
    }
    return (await runConformance({ ...options, requirements })).report
  }
  const verdictsOf = ({ scenarios }: Report) =>
    scenarios.map(({ name, verdict, reason = '' }) => `${name}: ${verdict} ${reason}`.trim())

  test('passes what the API alone can tell, and says what it could not see', async () => {
    const report = await judge(double.target, ['enable/enables', 'errors/too-large', 'delete/is-final'])
    const verdicts = verdictsOf(report).join('\n')
    expect(verdicts).toMatch(/becomes enabled: skip not verified, since nobody sees the card: eSIM "A" on the eUICC/)
    expect(report.scenarios.every(({ verdict }) => verdict === 'skip' || verdict === 'pass')).toBe(true)
  })

  test('still finds what is wrong in the API', async () => {
    const authorization = await connectAuthorization(double.authorization.options, systemClock)
    const layer = answers((answer) => (answer.status === 202 ? { ...answer, status: 200 } : answer))()
    const proxy = await startProxy({ target: double.target, authorization, layer })
    const report = await judge(proxy.url, ['enable/enables'])
    await proxy.close()
    expect(report.verdict).toBe('fail')
  })
})
