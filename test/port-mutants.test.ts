/** Wrong providers whose layer is at their port to the platform: the reference provider over the whole stack, with something between it and its eIM. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAtPort } from '../bin/reference.ts'
import { selfTestAtPort } from '../conformance/index.ts'

let stack: Awaited<ReturnType<typeof startAtPort>>
beforeAll(async () => {
  stack = await startAtPort()
})
afterAll(() => stack.close())

test('each is caught by the requirement that it breaks', async () => {
  const catches = await selfTestAtPort(stack.right, stack.wear)
  expect(catches.length).toBeGreaterThanOrEqual(8)
  expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
}, 600_000)
