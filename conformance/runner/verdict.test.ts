import { expect, test } from 'vitest'
import { exitCode, verdicts, worst } from './verdict.ts'

test('the worst child is the verdict of the parent', () => {
  for (const [index, verdict] of verdicts.entries()) {
    expect(worst([...verdicts.slice(0, index + 1)].reverse())).toBe(verdict)
  }
})

test('a parent without children claims nothing', () => {
  expect(worst([])).toBe('off')
})

test('only a failed requirement ends with 1, and what could not be asked with 2', () => {
  expect(verdicts.map((verdict) => [verdict, exitCode(verdict)])).toEqual([
    ['off', 0],
    ['pass', 0],
    ['skip', 0],
    ['error', 2],
    ['fail', 1],
  ])
})
