import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Json, startWholeWorld } from './testing/whole-world.ts'

/** The provider before other RSP platforms than our eIM's own door: the REST of onomondo-eim, and a recording of it. */
type World = Awaited<ReturnType<typeof startWholeWorld>>

const folder = mkdtempSync(join(tmpdir(), 'recording-'))
const recording = join(folder, 'onomondo.jsonl')
afterAll(() => rmSync(folder, { recursive: true }))

let world: World
beforeAll(async () => {
  world = await startWholeWorld({ 'provider.rsp': 'onomondo-eim', 'provider.recording': recording })
})
afterAll(() => world.close())

interface Esims {
  readonly eid: string
  readonly first: string
  readonly order: { readonly iccid: string; readonly activationCode: string }
}

const statesOf = async ({ api }: World, eid: string) => {
  const { status, body } = await api('POST', '/retrieve-status', { esim: { eid } })
  return status === 200 ? body.esims.map(({ iccid, state }: Json) => `${iccid} ${state}`) : status
}

/** The eUICC's first answer takes one of its polls; until then the provider cannot know it. */
const met = async (there: World, eid: string) => {
  for (;;) {
    const states = await statesOf(there, eid)
    if (states !== 503) return states
  }
}

/** What a consumer is told who does everything that there is. */
const story = async (there: World, { eid, first, order }: Esims): Promise<readonly unknown[]> => {
  const told: unknown[] = [await met(there, eid)]
  const { iccid, activationCode } = order
  const steps: readonly [string, Json][] = [
    ['enable', { esim: { iccid: first } }],
    ['enable', { esim: { iccid: first } }],
    ['download', { esim: { eid, iccid }, activationCode, activateOnDownload: true }],
    ['set-fallback', { esim: { iccid: first } }],
    ['disable', { esim: { iccid } }],
    ['delete', { esim: { iccid: first } }],
    ['enable', { esim: { iccid } }],
    ['delete', { esim: { iccid } }],
    ['download', { esim: { eid, iccid }, activationCode }],
  ]
  for (const [operation, body] of steps) {
    const { completed } = await there.operate(operation, body)
    const { result, error } = await completed
    told.push([
      operation,
      (result as Json)['outcome'],
      (error as Json | undefined)?.['code'],
      await statesOf(there, eid),
    ])
  }
  return told
}

let esims: Esims
let told: readonly unknown[]

test('every operation that the dialect of onomondo-eim can carry is carried, and one that it cannot is refused before the card', async () => {
  const { body } = await world.control('POST', '/leases', { profiles: [{ state: 'disabled' }], orders: [{}] })
  esims = { eid: body.eid, first: body.profiles[0].iccid, order: body.orders[0] }
  const { first } = esims
  const { iccid } = esims.order
  told = await story(world, esims)
  expect(told).toEqual([
    [`${first} disabled`],
    ['enable', 'success', undefined, [`${first} enabled`]],
    ['enable', 'failed', 'ESIM_NOT_DISABLED', [`${first} enabled`]],
    ['download', 'success', undefined, [`${first} disabled`, `${iccid} enabled`]],
    ['set-fallback', 'failed', 'ESIM_OPERATION_FAILED', [`${first} disabled`, `${iccid} enabled`]],
    ['disable', 'success', undefined, [`${first} disabled`, `${iccid} disabled`]],
    ['delete', 'success', undefined, [`${iccid} disabled`]],
    ['enable', 'success', undefined, [`${iccid} enabled`]],
    ['delete', 'success', undefined, []],
    ['download', 'failed', 'ESIM_DOWNLOAD_FAILED', []],
  ])
  expect((await world.control('GET', `/devices/${esims.eid}`)).body.profiles).toEqual([])
})

test('what was recorded of it tells the same story again, without any eIM', async () => {
  expect(readFileSync(recording, 'utf8')).not.toContain('Bearer')
  const again = await startWholeWorld({ 'provider.rsp': 'recorded', 'provider.recording': recording })
  expect(await story(again, esims)).toEqual(told)
  await again.close()
})
