import { expect, test } from 'vitest'
import { compareRuns, readRun } from './compare.ts'

const report = (requirements: Readonly<Record<string, string>>) =>
  readRun(
    JSON.stringify({
      results: {
        tests: Object.entries(requirements).map(([id, rawStatus]) => ({
          name: `scenario of ${id}`,
          rawStatus,
          duration: 500,
        })),
        extra: { requirements: Object.entries(requirements).map(([id, verdict]) => ({ id, verdict })) },
      },
    }),
  )

test('what fails now and did not before is worse', () => {
  const { worse, text } = compareRuns(report({ a: 'pass', b: 'fail' }), report({ a: 'fail', b: 'pass' }))
  expect(worse).toBe(true)
  expect(text).toContain('worse pass -> fail  a\n      fail -> pass  b\n')
  expect(text).toContain('time in scenarios: 1.0 s, then 1.0 s')
})

test('what passed and is no longer asked is worse, what is new and passes is not', () => {
  expect(compareRuns(report({ a: 'pass' }), report({ a: 'skip' })).worse).toBe(true)
  expect(compareRuns(report({ a: 'pass' }), report({})).worse).toBe(true)
  expect(compareRuns(report({}), report({ a: 'pass' })).worse).toBe(false)
})

test('two equal runs differ in nothing', () => {
  expect(compareRuns(report({ a: 'pass' }), report({ a: 'pass' })).text).toContain('no verdict has changed')
})

test('a file of another kind is refused', () => {
  expect(() => readRun('{}')).toThrow('no report.json')
})
