import { expect, test } from 'vitest'
import { growthOf } from './growth.ts'

const of = (intervals: readonly number[], heldUpMs = 5, ended = false) => growthOf({ intervals, heldUpMs, ended })

test('intervals that double grow, and are known to after four attempts', () => {
  expect(of([1000, 2000, 4000])).toBe('grows')
  expect(of([1000, 2000])).toBe('unclear')
})

test('intervals that grow to a limit, by a little, or with jitter, grow', () => {
  expect(of([1000, 2000, 4000, 5000, 5000, 5000])).toBe('grows')
  expect(of([1000, 1200, 1440, 1728, 2074, 2488])).toBe('grows')
  expect(of([125, 200, 499, 800, 1248, 1000])).toBe('grows')
})

test('intervals that stay the same do not grow, and that is said at the end only', () => {
  const same = [1001, 1004, 1002, 1010, 1003, 1001]
  expect(same.map((_, index) => of(same.slice(0, index + 1)))).toEqual([...Array(5).fill('unclear'), 'does not grow'])
  expect(of(same.slice(0, 4), 5, true)).toBe('does not grow')
})

test('a slow machine does not make intervals that grow look flat, though it stretches the first ones', () => {
  expect(of([330, 260, 120, 440, 700, 960], 300)).toBe('grows')
  expect(of([600, 600, 600, 600, 600, 960], 400)).toBe('unclear')
})

test('a slow machine does not make intervals that stay the same look grown before all are seen', () => {
  expect(of([1000, 1000, 1600], 700)).toBe('unclear')
  expect(of([1000, 1000, 1600, 1000, 1000, 1000], 700)).toBe('unclear')
  expect(of([1000, 1000, 1150, 1000, 1000, 1000], 150)).toBe('does not grow')
})

test('who gives up after a few attempts has shown nothing', () => {
  expect(of([1000, 1000], 0, true)).toBe('unclear')
})
