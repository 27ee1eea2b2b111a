/** The suite of faults, on a virtual clock: the reference provider shows what the catalogue of the testbed promises. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judge } from '../bin/judge.ts'
import { faultRound, startRight } from '../bin/reference.ts'
import { scenariosOf, selfTest } from '../conformance/index.ts'
import { faultNames } from '../emulator/faults/index.ts'
import { startJudgedWorld } from './testing/judged-world.ts'

let world: Awaited<ReturnType<typeof startJudgedWorld>>
beforeAll(async () => {
  world = await startJudgedWorld({ time: 'virtual', 'provider.operationTimeoutSeconds': 600 })
})
afterAll(() => world.close())

test('every fault of the catalogue has a scenario', async () => {
  const scenarios = await scenariosOf({ dialect: 'esim-management@0.1', tags: '@fault' })
  expect(scenarios.map(({ name }) => name).sort()).toEqual([...faultNames].sort())
})

test('each fault ends as its row promises: told, overcome or waited for, and the API is as the card afterwards', async () => {
  const { report } = await judge(world.config, world, { tags: '@fault' })
  const bad = report.scenarios.filter(({ verdict }) => verdict !== 'pass')
  expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
  expect(report.scenarios).toHaveLength(faultNames.length)
}, 300_000)

test('wrong providers are caught by what the faults promise', async () => {
  const { right, close } = await startRight(faultRound)
  const { catches } = await selfTest({ over: right, fairness: false, only: faultRound.only, parallel: 1 }).finally(
    close,
  )
  expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
  expect(catches).toHaveLength(4)
}, 300_000)
