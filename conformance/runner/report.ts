/** What a run says, requirement by requirement. */
import type { Ics } from '../ics/ics.ts'
import { holdsUnder, type Requirement } from '../requirements/index.ts'
import type { BaselineResult } from './baseline.ts'
import type { ScenarioResult } from './collect.ts'
import { type Verdict, worst } from './verdict.ts'

export interface RequirementResult {
  readonly requirement: Requirement
  readonly verdict: Verdict
  readonly scenarios: readonly {
    readonly verdict: Verdict
    readonly scenario: ScenarioResult
    readonly reason?: string
  }[]
}

export interface Report {
  readonly dialect: string
  readonly target: string
  /** Absent for a test definition that knows no readings. */
  readonly ics?: Ics
  readonly startedAt: string
  readonly seconds: number
  /** What randomness in the run comes from: order of the scenarios, fuzzed bodies, sequences of operations. */
  readonly seed: number
  readonly verdict: Verdict
  /** Why the run as a whole could not ask. */
  readonly reason?: string
  /** Only what the selected scenarios are about. */
  readonly requirements: readonly RequirementResult[]
  readonly scenarios: readonly ScenarioResult[]
  readonly baseline: BaselineResult
  /** What a reader must know beside: defects of a definition that were mended, a truth that nobody could see. */
  readonly notes: readonly string[]
}

/** Requirements that a mismatch speaks about: the one it names, or else those of its scenario. */
export const blamed = ({ mismatches, claims }: ScenarioResult): ReadonlySet<string> =>
  new Set(mismatches.flatMap(({ requirement }) => requirement ?? claims))

/** What a scenario says about one requirement. A mismatch elsewhere leaves its own claims undecided when it ended the scenario. */
function say(scenario: ScenarioResult, id: string): { verdict: Verdict; reason?: string } {
  if (scenario.verdict !== 'fail')
    return { verdict: scenario.verdict, ...(scenario.reason && { reason: scenario.reason }) }
  const found = blamed(scenario)
  if (found.has(id)) return { verdict: 'fail' }
  return scenario.ended
    ? { verdict: 'skip', reason: `not decided: the scenario ended with ${[...found].join(', ')}` }
    : { verdict: 'pass' }
}

/** A requirement of another reading than the declared one is off, whatever its scenarios say. */
export const resultsByRequirement = (
  requirements: readonly Requirement[],
  scenarios: readonly ScenarioResult[],
  ics?: Ics,
): readonly RequirementResult[] =>
  requirements.flatMap((requirement) => {
    const about = scenarios.filter(
      (scenario) => scenario.claims.includes(requirement.id) || blamed(scenario).has(requirement.id),
    )
    const off = { verdict: 'off' as const, reason: 'the conformance statement declares another reading' }
    const said = about.map((scenario) => ({
      scenario,
      ...(ics === undefined || holdsUnder(requirement, ics) ? say(scenario, requirement.id) : off),
    }))
    return said.length === 0
      ? []
      : [{ requirement, verdict: worst(said.map(({ verdict }) => verdict)), scenarios: said }]
  })
