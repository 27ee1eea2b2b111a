import { expect, test } from 'vitest'
import { certainlyAfter, measureOffset } from './clock-offset.ts'

/** Round trips of the given lengths to a clock that is ahead. */
const clocks = (aheadMs: number, tripsMs: readonly number[]) => {
  let time = 1000
  const trips = [...tripsMs]
  return {
    now: () => time,
    remote: async () => {
      const trip = trips.shift() ?? 0
      time += trip
      return time - trip / 2 + aheadMs
    },
  }
}

test('the shortest round trip tells the offset best', async () => {
  const { now, remote } = clocks(70, [40, 4, 20])
  expect(await measureOffset(now, remote, 3)).toEqual({ offsetMs: 70, uncertaintyMs: 3 })
})

test('the card was later only when it was later beyond every doubt', () => {
  const offset = { offsetMs: 70, uncertaintyMs: 3 }
  expect(certainlyAfter(1073, 1000, offset)).toBe(false)
  expect(certainlyAfter(1074, 1000, offset)).toBe(true)
})
