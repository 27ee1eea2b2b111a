/** One run: connect, ask everything, look once more at what came late, report. */
import { dialectNamed } from '../dialects/index.ts'
import { completeIcs, type Ics, readIcs } from '../ics/ics.ts'
import { claimsOf, requirementsOf } from '../requirements/index.ts'
import { askAll, newSeed } from './asking.ts'
import { holdAgainst, type KnownFailure, readBaseline } from './baseline.ts'
import { systemClock } from './clock-system.ts'
import type { ScenarioResult } from './collect.ts'
import { connect } from './connect.ts'
import { type Plan, planScenarios } from './cucumber.ts'
import { type ConformanceOptions, OptionsError } from './options.ts'
import { outcomeOf } from './outcome.ts'
import { type ConformanceResult, publish } from './publish.ts'
import { type Report, resultsByRequirement } from './report.ts'
import { tagsOf, tagsOfDialect } from './select.ts'
import type { Session } from './session.ts'
import { readText } from './store-files.ts'

/** Throws OptionsError. A target that cannot be asked is a verdict. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const startedAt = systemClock.now()
  const understood = await understand(options)
  const seed = options.seed ?? newSeed()
  const asked = await ask(options, { ...understood, seed })
  const report = reportOf(options, { ...understood, seed, asked, startedAt })
  return publish(options, report)
}

interface Understood {
  readonly ics: Ics
  readonly plan: Plan
  readonly known: readonly KnownFailure[]
}

async function understand(options: ConformanceOptions): Promise<Understood> {
  const { dialect, ics: given, baseline } = options
  const rows = requirementsOf(dialect)
  try {
    const plan = await planOf(options)
    const ics = typeof given === 'string' ? readIcs(await readText(given)) : (given ?? completeIcs({ dialect }))
    if (ics.dialect !== dialect)
      throw new Error(`the conformance statement is about ${ics.dialect}, not about ${dialect}`)
    const ids = rows.map(({ id }) => id)
    return { ics, plan, known: baseline === undefined ? [] : readBaseline(await readText(baseline), ids) }
  } catch (error) {
    throw new OptionsError(rootOf(error), { cause: error })
  }
}

/** Throws a sentence for a dialect that nobody knows and for a selection that cannot be read. */
export async function planOf({
  dialect: id,
  ...wanted
}: Pick<ConformanceOptions, 'dialect' | Selected>): Promise<Plan> {
  const dialect = dialectNamed(id)
  const paths = dialect.features.map((folder) => `features/${folder}/*.feature`)
  return planScenarios({ paths, library: 'own', among: tagsOfDialect(dialect), tags: tagsOf(wanted, id) })
}
type Selected = 'tags' | 'requirements' | 'sections'

/** The engine wraps what it was told in errors of its own. */
const rootOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? rootOf(error.cause) : error.message) : String(error)

interface Asked {
  readonly scenarios: readonly ScenarioResult[]
  /** Why nothing could be asked. */
  readonly reason?: string
}

async function ask(options: ConformanceOptions, { plan, ics, seed }: Understood & { seed: number }): Promise<Asked> {
  let session: Session
  try {
    session = await connect(options, { ics, seed })
  } catch (error) {
    return { scenarios: [], reason: error instanceof Error ? error.message : String(error) }
  }
  try {
    const scenarios = await askAll(options, { plan, session, claimsOf: (tags) => claimsOf(ics.dialect, tags) })
    return { scenarios: scenarios.map((scenario) => withLateFindings(scenario, session)) }
  } finally {
    await session.shelf.clear()
    await session.sinks.close()
  }
}

interface Run extends Understood {
  readonly seed: number
  readonly asked: Asked
  readonly startedAt: number
}

function reportOf({ dialect, target, minChecks = 1 }: ConformanceOptions, run: Run): Report {
  const { ics, seed, known, startedAt, asked } = run
  const { scenarios, reason } = asked
  const requirements = resultsByRequirement(requirementsOf(dialect), scenarios, ics)
  const began = new Date(startedAt).toISOString()
  const baseline = holdAgainst(known, requirements, began.slice(0, 10))
  return {
    dialect,
    target,
    ics,
    seed,
    startedAt: began,
    seconds: (systemClock.now() - startedAt) / 1000,
    requirements,
    scenarios,
    baseline,
    notes: [],
    ...outcomeOf(scenarios, { baseline, minChecks, reason }),
  }
}

/** What arrived after a scenario had ended. */
function withLateFindings(scenario: ScenarioResult, { audits }: Session): ScenarioResult {
  const known = new Set(scenario.mismatches.map((mismatch) => JSON.stringify(mismatch)))
  const late = (audits.get(scenario.id)?.() ?? []).filter((mismatch) => !known.has(JSON.stringify(mismatch)))
  if (late.length === 0) return scenario
  const mismatches = [...scenario.mismatches, ...late]
  return { step: 'after the scenario', ...scenario, mismatches, verdict: 'fail' }
}
