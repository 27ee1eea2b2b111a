/** Common Test Report Format (CTRF): a test for each scenario; requirements and evidence under `extra`. */
import type { ScenarioResult } from '../runner/collect.ts'
import type { Report } from '../runner/report.ts'
import type { Verdict } from '../runner/verdict.ts'
import { shown } from '../scenario/mismatch.ts'

const statuses: Record<Verdict, string> = {
  pass: 'passed',
  fail: 'failed',
  error: 'other',
  skip: 'skipped',
  off: 'skipped',
}

export function ctrf(report: Report, rerun: (tags: string) => string): string {
  const { scenarios, startedAt, seconds, target, dialect, verdict, reason, ics, seed, baseline, notes } = report
  const count = (...verdicts: readonly Verdict[]): number =>
    scenarios.filter((scenario) => verdicts.includes(scenario.verdict)).length
  const start = Date.parse(startedAt)
  const content = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: {
      tool: { name: 'esim-testbed' },
      summary: {
        tests: scenarios.length,
        passed: count('pass'),
        failed: count('fail'),
        pending: 0,
        skipped: count('skip', 'off'),
        other: count('error'),
        start,
        stop: Math.round(start + seconds * 1000),
      },
      tests: scenarios.map((scenario) => test(scenario, rerun)),
      environment: { testEnvironment: target, extra: { dialect, ...(ics && { ics }) } },
      extra: {
        verdict,
        seed,
        baseline,
        notes,
        ...(reason === undefined ? {} : { reason }),
        requirements: requirementsIn(report),
      },
    },
  }
  return `${JSON.stringify(content, null, 2)}\n`
}

function test(scenario: ScenarioResult, rerun: (tags: string) => string) {
  const { name, feature, verdict, durationMs, startedAt, claims, mismatches, reason, step, evidence, slug } = scenario
  const sentences = mismatches.map(
    ({ what, expected, actual }) => `${what}: expected ${shown(expected)}, got ${shown(actual)}`,
  )
  const message = reason ?? sentences.join('\n')
  const again = verdict === 'fail' || verdict === 'error' ? { rerun: rerun(`@scenario:${slug}`) } : {}
  return {
    name,
    status: statuses[verdict],
    rawStatus: verdict,
    duration: Math.round(durationMs),
    start: Math.round(startedAt),
    stop: Math.round(startedAt + durationMs),
    suite: [feature],
    tags: claims,
    ...(message === '' ? {} : { message }),
    ...(verdict === 'pass' ? {} : { extra: { step, mismatches, evidence, ...again } }),
  }
}

const requirementsIn = ({ requirements }: Report) =>
  requirements.map(({ requirement: { id, text, source, level }, verdict, scenarios }) => ({
    id,
    verdict,
    level,
    text,
    source,
    scenarios: scenarios.map((said) => ({
      name: said.scenario.name,
      verdict: said.verdict,
      ...(said.reason && { reason: said.reason }),
    })),
  }))
