/** One run: connect, ask everything, look once more at what came late, report. */
import { randomUUID } from 'node:crypto'
import { type AuthorizationOptions, connectAuthorization } from '../authorization/client-http.ts'
import { schemaChecks } from '../dialects/esim-management-0.1.ts'
import { defaultIcs, type Ics, readIcs } from '../ics/ics.ts'
import { ctrf } from '../reports/ctrf.ts'
import { junit } from '../reports/junit.ts'
import { createProgress, failures, summary } from '../reports/terminal.ts'
import { requirementsOf } from '../requirements/index.ts'
import { startSink } from '../sink/http.ts'
import { measureOffset } from '../testbed/clock-offset.ts'
import { connectTestbed } from '../testbed/http.ts'
import { systemClock } from './clock-system.ts'
import { createCollector, type ScenarioResult } from './collect.ts'
import { type Plan, planScenarios, runScenarios } from './cucumber.ts'
import { createHttpClient } from './http.ts'
import { type Report, resultsByRequirement } from './report.ts'
import { closeSession, openSession, type Session } from './session.ts'
import { readAuthorization, readText, writeReports } from './store-files.ts'
import { type Verdict, worst } from './verdict.ts'

export interface ConformanceOptions {
  /** API root of the provider, without the base path of the API. */
  readonly target: string
  readonly dialect: string
  /** Where the testbed's control API is. */
  readonly testbed: string
  /** Bearer token of the control API, when it wants one. */
  readonly testbedToken?: string
  /** Address at which the provider reaches this machine; events are received there. */
  readonly sinkHost?: string
  /** The options, or a YAML or JSON file with them. */
  readonly authorization: AuthorizationOptions | string
  /** The implementation conformance statement, or its YAML file; without one the defaults hold. */
  readonly ics?: Ics | string
  /** A tag expression, or `@scenario:` and the slug of one scenario. */
  readonly tags?: string
  /** Folder for `report.json` (CTRF) and `junit.xml`. */
  readonly report?: string
  /** Scenarios at the same time. */
  readonly parallel?: number
  /** Where progress and summary are written. */
  readonly write?: (text: string) => void
  /** The command line that repeats a scenario, given its tag. */
  readonly rerun?: (tags: string) => string
}

export interface ConformanceResult {
  readonly verdict: Verdict
  readonly report: Report
  /** Paths of the report files. */
  readonly files: readonly string[]
}

/** cucumber adds a listener to the process for each running step, and Node takes more than ten for a leak. */
const MOST_PARALLEL = 10
const DEFAULT_PARALLEL = 8

const folders: Readonly<Record<string, string>> = { 'esim-management@0.1': 'esim-management-0.1' }

/** The options make no sense; the message is a sentence for whoever gave them. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

/** Throws OptionsError. A target that cannot be asked is a verdict. */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceResult> {
  const { dialect, target, write = () => undefined } = options
  const startedAt = systemClock.now()
  const { ics, plan } = await understood(options)
  const asked = await ask(options, { plan, ics, progress: createProgress(plan.names.length, write) })
  const report: Report = {
    dialect,
    target,
    ics,
    startedAt: new Date(startedAt).toISOString(),
    seconds: (systemClock.now() - startedAt) / 1000,
    verdict: asked.reason === undefined ? worst(asked.scenarios.map((scenario) => scenario.verdict)) : 'error',
    requirements: resultsByRequirement(requirementsOf(dialect), asked.scenarios, ics),
    ...asked,
  }
  const rerun = options.rerun ?? ((tags) => rerunCommand(options, tags))
  write(failures(report, rerun))
  write(summary(report))
  const texts = { 'junit.xml': junit(report), 'report.json': ctrf(report, rerun) }
  const files = options.report === undefined ? [] : await writeReports(options.report, texts)
  return { verdict: report.verdict, report, files }
}

async function understood({ dialect, tags = '', ics: given }: ConformanceOptions): Promise<{ ics: Ics; plan: Plan }> {
  const folder = folders[dialect]
  const known = Object.keys(folders).join(', ')
  if (folder === undefined) throw new OptionsError(`no features for dialect "${dialect}"; known: ${known}`)
  try {
    const ics = typeof given === 'string' ? readIcs(await readText(given)) : (given ?? defaultIcs)
    if (ics.dialect !== dialect)
      throw new Error(`the conformance statement is about ${ics.dialect}, not about ${dialect}`)
    return { ics, plan: await planScenarios({ folder, tags }) }
  } catch (error) {
    throw new OptionsError(rootOf(error), { cause: error })
  }
}

/** The engine wraps what it was told in errors of its own. */
const rootOf = (error: unknown): string =>
  error instanceof Error ? (error.cause instanceof Error ? rootOf(error.cause) : error.message) : String(error)

interface Asking {
  readonly plan: Plan
  readonly ics: Ics
  readonly progress: (result: ScenarioResult) => void
}

interface Asked {
  readonly scenarios: readonly ScenarioResult[]
  /** Why nothing could be asked. */
  readonly reason?: string
}

async function ask(options: ConformanceOptions, { plan, ics, progress }: Asking): Promise<Asked> {
  let connected: Session
  try {
    connected = await connect(options, ics)
  } catch (error) {
    return { scenarios: [], reason: error instanceof Error ? error.message : String(error) }
  }
  const scenarios: ScenarioResult[] = []
  const { take } = createCollector((result) => {
    scenarios.push(result)
    progress(result)
  })
  const session = randomUUID()
  openSession(session, connected)
  const parallel = Math.max(1, Math.min(options.parallel ?? DEFAULT_PARALLEL, MOST_PARALLEL))
  try {
    await runScenarios({ plan, session, parallel, onMessage: take })
    const audited = scenarios.map((scenario) => withLateFindings(scenario, connected))
    const executed = audited.some(({ verdict }) => verdict === 'pass' || verdict === 'fail')
    return {
      scenarios: audited,
      ...(executed || audited.some(({ verdict }) => verdict === 'error') ? {} : { reason: 'no check was executed' }),
    }
  } finally {
    closeSession(session)
    await connected.sinks.close()
  }
}

/** Asks each of the three once, so that a run against nothing ends at once and says why. */
async function connect(options: ConformanceOptions, ics: Ics): Promise<Session> {
  const { target, authorization: given } = options
  const clock = systemClock
  const api = createHttpClient({ clock, timeoutMs: ics.timeouts.answerSeconds * 1000 })
  const root = target.replace(/\/+$/, '')
  await api({ method: 'GET', url: `${root}/esim` })
  const testbed = connectTestbed({ clock, url: options.testbed, token: options.testbedToken })
  const testbedClock = await measureOffset(clock.now, testbed.now)
  const authorization = await connectAuthorization(
    typeof given === 'string' ? await readAuthorization(given) : given,
    clock,
  )
  const sinks = await startSink({ clock, host: options.sinkHost })
  return {
    target: root,
    ics,
    clock,
    api,
    testbed,
    testbedClock,
    sinks,
    authorization,
    schemas: schemaChecks(ics),
    audits: new Map(),
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

/** Secrets are not for reports: their places are shown as variables of the shell. */
function rerunCommand({ target, dialect, testbed, authorization, ics }: ConformanceOptions, tags: string): string {
  const auth =
    typeof authorization === 'string'
      ? `--auth ${authorization}`
      : `--issuer ${authorization.issuer} --client-id ${authorization.client.id} --client-secret "$CLIENT_SECRET"` +
        ` --other-client-id ${authorization.otherClient.id} --other-client-secret "$OTHER_CLIENT_SECRET"`
  const statement = typeof ics === 'string' ? ` --ics ${ics}` : ''
  const world = `--target ${target} --dialect ${dialect} --testbed ${testbed} ${auth}${statement}`
  return `npx esim-testbed conformance ${world} --tags '${tags}'`
}
