/** The short report: a block for each failed scenario, one line for each requirement. */
import type { ScenarioResult } from '../runner/collect.ts'
import type { Report, RequirementResult } from '../runner/report.ts'
import type { Verdict } from '../runner/verdict.ts'
import { shown } from '../scenario/mismatch.ts'

export const marks: Record<Verdict, string> = { pass: 'ok  ', fail: 'FAIL', error: 'ERR ', skip: 'skip', off: 'off ' }

const indented = (text: string, by = 6): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by))

export const failures = (report: Report, rerun: (tags: string) => string): string =>
  report.scenarios
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
    .map((scenario) => failure(scenario, report, rerun(`@scenario:${scenario.slug}`)))
    .join('')

/** Everything that somebody needs who has to mend the target, or the runner. */
export function failure(scenario: ScenarioResult, report: Report, rerun: string): string {
  const { verdict, feature, name, step, reason, mismatches, evidence } = scenario
  const lines = [`\n${marks[verdict]} ${feature}\n     Scenario: ${name}\n     ${step ?? ''}\n`]
  if (reason !== undefined) lines.push(indented(`could not ask: ${reason}`))
  for (const { requirement, what, expected, actual } of mismatches) {
    lines.push(...requirementLines(report, requirement === undefined ? scenario.claims : [requirement]))
    lines.push(indented(`${what}\nexpected: ${shown(expected)}\nactual:   ${shown(actual)}\n`))
  }
  for (const { request, response } of evidence?.exchanges.slice(-3) ?? []) {
    lines.push(`    Request\n${indented(request)}\n    Response\n${indented(response)}\n`)
  }
  for (const { at, body, answered } of evidence?.events ?? [])
    lines.push(`    Event at ${at}, answered ${answered}\n${indented(body)}`)
  for (const { eid, before, after } of evidence?.cards ?? []) {
    lines.push(
      `    eUICC ${eid}\n      before: ${before.join('; ') || 'no eSIM'}\n      after:  ${after.join('; ') || 'no eSIM'}`,
    )
  }
  if (evidence?.script !== undefined) lines.push(`    Reproduced by\n${indented(evidence.script)}`)
  return `${lines.join('\n')}\n    Again: ${rerun}\n`
}

function requirementLines({ requirements }: Report, ids: readonly string[]): readonly string[] {
  return requirements
    .filter(({ requirement, verdict }) => verdict === 'fail' && ids.includes(requirement.id))
    .map(
      ({ requirement: { id, text, source, level } }) =>
        `    ${id} (${level})\n      ${text}\n      Source: ${source.document}, ${source.section}`,
    )
}

export function summary({
  dialect,
  target,
  seconds,
  seed,
  verdict,
  reason,
  requirements,
  scenarios,
  baseline,
  notes,
}: Report): string {
  const counts = (['pass', 'fail', 'error', 'skip', 'off'] as const)
    .map((each) => [each, scenarios.filter((scenario) => scenario.verdict === each).length] as const)
    .filter(([, count]) => count > 0)
    .map(([each, count]) => `${count} ${each}`)
  const lines = requirements.map(requirementLine)
  const head = `\n${dialect} at ${target}: ${requirements.length} requirements, ${scenarios.length} scenarios in ${seconds.toFixed(1)} s, seed ${seed}\n`
  const end = reason === undefined ? '' : `could not ask: ${reason}\n`
  const known = baseline.accepted.map(
    ({ requirement, expires, reason: why }) => `known ${requirement}, accepted until ${expires}: ${why}\n`,
  )
  const findings = baseline.findings.map((sentence) => `baseline: ${sentence}\n`)
  return `${head}${lines.join('')}${known.join('')}${findings.join('')}${notes.map((note) => `note  ${note}\n`).join('')}${end}${verdict.toUpperCase()}: ${counts.join(', ') || 'nothing was asked'}\n`
}

const requirementLine = ({ requirement, verdict, scenarios }: RequirementResult): string => {
  const reason =
    verdict === 'skip' || verdict === 'off'
      ? `  (${scenarios.find((said) => said.verdict === verdict)?.reason ?? ''})`
      : ''
  return `${marks[verdict]} ${requirement.id}${reason}\n`
}
