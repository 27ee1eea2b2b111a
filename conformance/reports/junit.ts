/** JUnit XML, as Jenkins, GitLab and GitHub read it: a suite for each requirement, a test case for each scenario about it. */

import type { Report, RequirementResult } from '../runner/report.ts'
import type { Verdict } from '../runner/verdict.ts'
import { shown } from '../scenario/mismatch.ts'
import { attributes, escaped } from './markup.ts'

type Said = RequirementResult['scenarios'][number]

const counted = (all: readonly { readonly verdict: Verdict }[]) => {
  const count = (...verdicts: readonly Verdict[]): number =>
    all.filter(({ verdict }) => verdicts.includes(verdict)).length
  return { tests: all.length, failures: count('fail'), errors: count('error'), skipped: count('skip', 'off') }
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

export function junit(report: Report): string {
  const suites = report.requirements.map((result, id) => suite(result, id, report.startedAt))
  const all = counted(report.requirements.flatMap(({ scenarios }) => scenarios))
  const { tests, failures, errors } = all
  const name = `${report.dialect} at ${report.target}`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name, tests, failures, errors, time: report.seconds.toFixed(3) })}>\n${suites.join('')}</testsuites>\n`
}

function suite({ requirement, scenarios }: RequirementResult, id: number, startedAt: string): string {
  const time = seconds(scenarios.reduce((sum, { scenario }) => sum + scenario.durationMs, 0))
  const properties = {
    requirement: requirement.text,
    source: `${requirement.source.document}, ${requirement.source.section}`,
    level: requirement.level,
  }
  const described = Object.entries(properties).map(
    ([name, value]) => `      <property${attributes({ name, value })}/>\n`,
  )
  const head = attributes({
    name: requirement.id,
    id,
    ...counted(scenarios),
    time,
    timestamp: startedAt.slice(0, 19),
    hostname: 'localhost',
  })
  return `  <testsuite${head}>\n    <properties>\n${described.join('')}    </properties>\n${scenarios.map(testCase).join('')}  </testsuite>\n`
}

function testCase({ scenario, verdict, reason }: Said): string {
  const head = attributes({ name: scenario.name, classname: scenario.feature, time: seconds(scenario.durationMs) })
  const outcome = outcomeOf(verdict, scenario, reason)
  return outcome === '' ? `    <testcase${head}/>\n` : `    <testcase${head}>\n      ${outcome}\n    </testcase>\n`
}

function outcomeOf(verdict: Verdict, { mismatches, step = '' }: Said['scenario'], reason = ''): string {
  if (verdict === 'pass') return ''
  if (verdict === 'skip' || verdict === 'off') return `<skipped${attributes({ message: `${verdict}: ${reason}` })}/>`
  if (verdict === 'error') return `<error${attributes({ type: 'error', message: reason })}>${escaped(step)}</error>`
  const [first] = mismatches
  const sentences = mismatches.map(
    ({ what, expected, actual }) => `${what}\nexpected: ${shown(expected)}\nactual: ${shown(actual)}`,
  )
  return `<failure${attributes({ type: 'Nonconformity', message: first?.what ?? step })}>${escaped([step, ...sentences].join('\n\n'))}</failure>`
}
