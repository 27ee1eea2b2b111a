import { expect, test } from 'vitest'
import { createHistogram, drawHistogram } from './histogram.ts'

const of = (...milliseconds: readonly number[]) => {
  const histogram = createHistogram()
  for (const duration of milliseconds) histogram.record(duration * 1000)
  return histogram
}

test('quantiles are the ends of classes: never less than what was recorded, at most a tenth more', () => {
  const { count, p50, p90, p99, max } = of(...Array.from({ length: 100 }, (_, i) => i + 1)).summary
  expect(count).toBe(100)
  for (const [shown, recorded] of [
    [p50, 50],
    [p90, 90],
    [p99, 99],
    [max, 100],
  ] as const) {
    expect(shown).toBeGreaterThanOrEqual(recorded)
    expect(shown).toBeLessThanOrEqual(recorded * 1.1)
  }
})

test('histograms of several threads add up to that of all', () => {
  const [all, some, others] = [of(1, 2, 3, 40), of(1, 40), of(2, 3)]
  some.add(others.counts)
  expect(some.summary).toEqual(all.summary)
})

test('nothing recorded has no quantiles and no bars', () => {
  const { summary } = createHistogram()
  expect(summary).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, max: 0, classes: [] })
  expect(drawHistogram(summary)).toEqual([])
})

test('bars are ten at most, count everything, and the longest is the same in every picture', () => {
  const bars = drawHistogram(of(...Array.from({ length: 500 }, (_, i) => i + 1)).summary)
  expect(bars.length).toBeLessThanOrEqual(10)
  expect(bars.map((bar) => Number(/ms +(\d+)/.exec(bar)?.[1])).reduce((a, b) => a + b)).toBe(500)
  expect(Math.max(...bars.map((bar) => bar.split('#').length - 1))).toBe(40)
})
