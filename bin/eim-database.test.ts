import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startTestbed } from './library.ts'

test('what an eIM knows outlives its process, and its devices, made anew, are believed again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'eim-'))
  const options = { seed: 'kept', provider: false, devices: 1, config: { 'eim.dataFolder': join(folder, 'eim') } }
  const first = await startTestbed(options)
  const { devices } = (await first.control('GET', '/devices')) as { devices: { eid: string }[] }
  const eid = devices[0]?.eid ?? ''
  const order = async (eimNorthbound = '') => {
    const answer = await fetch(`${eimNorthbound}/eim/v1/euiccs/${eid}/packages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ psmo: [{ listProfileInfo: {} }] }),
    })
    return ((await answer.json()) as { packageId: string }).packageId
  }
  const stateOf = async (eimNorthbound = '', packageId: string) =>
    (await (await fetch(`${eimNorthbound}/eim/v1/packages/${packageId}`)).json()) as { state: string }
  const before = await order(first.doors['eimNorthbound'])
  await first.poll(eid)
  expect(await stateOf(first.doors['eimNorthbound'], before)).toMatchObject({ state: 'done' })
  await first.close()

  const second = await startTestbed(options)
  expect(await stateOf(second.doors['eimNorthbound'], before)).toMatchObject({ state: 'done' })
  const after = await order(second.doors['eimNorthbound'])
  await second.poll(eid)
  expect(await stateOf(second.doors['eimNorthbound'], after)).toMatchObject({ state: 'done' })
  await second.close()
  rmSync(folder, { recursive: true })
})
