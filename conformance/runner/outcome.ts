/** From what was asked to the one verdict of a run. */
import type { BaselineResult } from './baseline.ts'
import type { ScenarioResult } from './collect.ts'
import { blamed } from './report.ts'
import { type Verdict, worst } from './verdict.ts'

export interface Outcome {
  readonly verdict: Verdict
  /** Why the run as a whole says nothing. */
  readonly reason?: string
}

interface Circumstances {
  readonly baseline: BaselineResult
  readonly minChecks: number
  /** Why nothing could be asked. */
  readonly reason?: string | undefined
}

export function outcomeOf(scenarios: readonly ScenarioResult[], given: Circumstances): Outcome {
  const accepted = new Set(given.baseline.accepted.map(({ requirement }) => requirement))
  const verdicts = scenarios.map((scenario): Verdict => {
    const known = scenario.verdict === 'fail' && [...blamed(scenario)].every((id) => accepted.has(id))
    return known ? 'pass' : scenario.verdict
  })
  const reason = given.reason ?? tooFew(scenarios, given.minChecks)
  const broken: readonly Verdict[] = given.baseline.findings.length > 0 ? ['fail'] : []
  const verdict = worst([...verdicts, ...broken, ...(reason === undefined ? [] : ['error' as const])])
  return { verdict, ...(reason === undefined ? {} : { reason }) }
}

/** A run that asked nothing has proved nothing. */
function tooFew(scenarios: readonly ScenarioResult[], wanted: number): string | undefined {
  const executed = scenarios.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length
  if (executed >= wanted && executed > 0) return undefined
  if (executed === 0) return scenarios.some(({ verdict }) => verdict === 'error') ? undefined : 'no check was executed'
  return `only ${executed} checks were executed; at least ${wanted} were wanted`
}
