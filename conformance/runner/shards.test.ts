import { expect, test } from 'vitest'
import { type Planned, sequencesOf, shuffled } from './shards.ts'

const scenarios: readonly Planned[] = Array.from({ length: 7 }, (_, index) => ({
  name: `${index}`,
  uri: index === 6 ? 'event-delivery.feature' : index % 2 === 0 ? 'a.feature' : 'b.feature',
  line: index + 1,
}))

test('every scenario is in one sequence; a quick one begins by itself, then those that wait longest', () => {
  expect(sequencesOf(scenarios, 2)).toEqual([
    [['a.feature:1'], ['b.feature:2:4:6']],
    [['event-delivery.feature:7', 'a.feature:3:5']],
  ])
  const refused = { name: 'refused', uri: 'authorization.feature', line: 9 }
  expect(sequencesOf([...scenarios, refused], 1)[0]?.[0]).toEqual(['authorization.feature:9'])
})

test('there are no more sequences than scenarios', () => {
  expect(sequencesOf(scenarios.slice(0, 2), 8)).toEqual([[['a.feature:1']], [['b.feature:2']]])
  expect(sequencesOf([], 8)).toEqual([])
})

test('a seed gives an order of its own, always the same', () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index)
  expect(shuffled(numbers, 1)).toEqual(shuffled(numbers, 1))
  expect(shuffled(numbers, 1)).not.toEqual(shuffled(numbers, 2))
  expect([...shuffled(numbers, 3)].sort((a, b) => a - b)).toEqual(numbers)
})
