import { expect, test } from 'vitest'
import type { ScenarioResult } from '../runner/collect.ts'
import type { Verdict } from '../runner/verdict.ts'
import { createProgress } from './progress.ts'

function told(terminal: boolean, verdicts: readonly Verdict[]): string {
  const written: string[] = []
  const progress = createProgress({ total: verdicts.length, write: (text) => written.push(text), terminal })
  for (const [index, verdict] of verdicts.entries()) {
    progress.started(`Scenario ${index}`)
    progress.ended({ verdict, feature: 'F', name: `Scenario ${index}` } as ScenarioResult)
  }
  progress.close()
  return written.join('')
}

test('where nobody looks the first result, each failure and each tenth are plain lines', () => {
  const lines = told(false, ['pass', 'fail', ...Array.from({ length: 18 }, () => 'pass' as const)])
  expect(lines).toMatch(/^ok {3}F: Scenario 0\nFAIL F: Scenario 1\n {5}4 of 20 scenarios\n/)
  expect(lines).not.toContain('\x1b')
})

test('on a terminal a bar counts, names the check in hand and leaves failures behind', () => {
  const drawn = told(true, ['pass', 'error'])
  expect(drawn).toContain('░')
  expect(drawn).toContain('1/2 1 pass  Scenario 1')
  expect(drawn).toContain('\x1b[2KERR  F: Scenario 1\n')
  expect(drawn.endsWith('\x1b[2K')).toBe(true)
})
