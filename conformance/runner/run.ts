/** One run: connect, ask everything, look once more at what came late, report. */
import { randomInt, randomUUID } from 'node:crypto'
import { defaultIcs, type Ics, readIcs } from '../ics/ics.ts'
import { reportFiles } from '../reports/files.ts'
import { annotations } from '../reports/github.ts'
import { createProgress } from '../reports/progress.ts'
import { failures, summary } from '../reports/terminal.ts'
import { requirementsOf } from '../requirements/index.ts'
import { holdAgainst, type KnownFailure, readBaseline } from './baseline.ts'
import { systemClock } from './clock-system.ts'
import { createCollector, type ScenarioResult } from './collect.ts'
import { connect } from './connect.ts'
import { type Plan, planScenarios, runScenarios } from './cucumber.ts'
import { type ConformanceOptions, OptionsError } from './options.ts'
import { outcomeOf } from './outcome.ts'
import { type Report, resultsByRequirement } from './report.ts'
import { rerunCommand } from './rerun.ts'
import { tagsOf } from './select.ts'
import { closeSession, openSession, type Session } from './session.ts'
import { readText, writeReports } from './store-files.ts'
import type { Verdict } from './verdict.ts'

export interface ConformanceResult {
  readonly verdict: Verdict
  readonly report: Report
  /** Paths of the report files. */
  readonly files: readonly string[]
}

/** cucumber adds a listener to the process for each running step, and Node takes more than ten for a leak. */
const MOST_PARALLEL = 10
const DEFAULT_PARALLEL = 8
const HIGHEST_SEED = 2 ** 31

/** Feature files by dialect. */
const features: Readonly<Record<string, string>> = { 'esim-management@0.1': 'features/esim-management-0.1/*.feature' }

/** Throws OptionsError. A target that cannot be asked is a verdict. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { write = () => undefined } = options
  const startedAt = systemClock.now()
  const understood = await understand(options)
  const seed = options.seed ?? randomInt(HIGHEST_SEED)
  const asked = await ask(options, { ...understood, seed })
  const report = reportOf(options, { ...understood, seed, asked, startedAt })
  const rerun = options.rerun ?? ((tags: string) => rerunCommand(options, { tags, seed }))
  write(failures(report, rerun))
  write(summary(report))
  if (options.annotate === true) write(annotations(report, rerun))
  const files = options.report === undefined ? [] : await writeReports(options.report, reportFiles(report, rerun))
  return { verdict: report.verdict, report, files }
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
    const ics = typeof given === 'string' ? readIcs(await readText(given)) : (given ?? defaultIcs)
    if (ics.dialect !== dialect)
      throw new Error(`the conformance statement is about ${ics.dialect}, not about ${dialect}`)
    const ids = rows.map(({ id }) => id)
    return { ics, plan, known: baseline === undefined ? [] : readBaseline(await readText(baseline), ids) }
  } catch (error) {
    throw new OptionsError(rootOf(error), { cause: error })
  }
}

/** Throws a sentence for a dialect that nobody knows and for a selection that cannot be read. */
export function planOf({ dialect, ...wanted }: Pick<ConformanceOptions, 'dialect' | Selected>): Promise<Plan> {
  const path = features[dialect]
  if (path === undefined)
    throw new OptionsError(`no features for dialect "${dialect}"; known: ${Object.keys(features).join(', ')}`)
  return planScenarios({ paths: [path], library: 'own', tags: tagsOf(wanted, requirementsOf(dialect)) })
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
  let connected: Session
  try {
    connected = await connect(options, { ics, seed })
  } catch (error) {
    return { scenarios: [], reason: error instanceof Error ? error.message : String(error) }
  }
  const scenarios: ScenarioResult[] = []
  const { write = () => undefined, terminal = false } = options
  const progress = createProgress({ total: plan.scenarios.length, write, terminal })
  const { take } = createCollector({
    started: progress.started,
    ended: (result) => {
      scenarios.push(result)
      progress.ended(result)
    },
  })
  const session = randomUUID()
  openSession(session, connected)
  const parallel = Math.max(1, Math.min(options.parallel ?? DEFAULT_PARALLEL, MOST_PARALLEL))
  try {
    await runScenarios({ plan, session, parallel, seed: options.seed, onMessage: take })
    return { scenarios: scenarios.map((scenario) => withLateFindings(scenario, connected)) }
  } finally {
    progress.close()
    closeSession(session)
    await connected.sinks.close()
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
