/** Runs every mutant and asks whether a check that claims the broken requirement has caught it. */
import { type AuthorizationOptions, connectAuthorization } from '../authorization/client-http.ts'
import { dialectNamed } from '../dialects/index.ts'
import { startDouble } from '../double/double.ts'
import { completeIcs, defaultIcs, type Ics } from '../ics/ics.ts'
import { holdsUnder, requirementsOf } from '../requirements/index.ts'
import { systemClock } from '../runner/clock-system.ts'
import type { ConformanceOptions } from '../runner/options.ts'
import { runConformance } from '../runner/run.ts'
import type { Verdict } from '../runner/verdict.ts'
import { mutants } from './index.ts'
import type { Layer, Mutant } from './layer.ts'
import { portMutants } from './port.ts'
import type { PortLayer } from './port-layer.ts'
import { startProxy } from './proxy-http.ts'

/** A provider that is known to be right, with its surroundings. */
export interface CorrectProvider {
  readonly target: string
  readonly testbed: string
  readonly authorization: AuthorizationOptions
  readonly ics: Ics
}

export interface Catch {
  readonly mutant: Mutant
  readonly caught: boolean
  /** Scenarios that caught it, or what the requirement's scenarios said instead. */
  readonly by: readonly string[]
}

export interface SelfTest {
  readonly catches: readonly Catch[]
  /** Not asked here: their rule is of another reading than the declared one, or needs what this testbed has not. */
  readonly off: readonly Mutant[]
  /** Scenarios in which a layer that changes nothing was blamed. */
  readonly blamed: readonly string[]
}

export interface SelfTestOptions {
  /** Without one, the runner's own double. */
  readonly over?: CorrectProvider
  readonly parallel?: number
  /** Whether a provider without a mutant is asked everything, too; unless `only` is set, it is. */
  readonly fairness?: boolean
  /** Only mutants with this in their id, or of which this holds. */
  readonly only?: string | ((mutant: Mutant) => boolean)
  readonly onCatch?: (result: Catch) => void
}

/** Two scenarios each: cucumber adds a listener to the process for each, and Node takes more than ten, together with those of others, for a leak. */
const DEFAULT_PARALLEL = 4

/**
 * Long enough for a slow machine, since nobody is blamed for that; what mutants never do, the runner waits for no longer.
 * The double loses patience with a silent sink after 5 s.
 */
const hastyIcs = completeIcs({
  timeouts: {
    ...defaultIcs.timeouts,
    answerSeconds: 10,
    completionSeconds: 10,
    eventSeconds: 10,
    redeliverySeconds: 12,
  },
})

export async function selfTest(options: SelfTestOptions = {}): Promise<SelfTest> {
  if (options.over !== undefined) return runAll(options.over, options)
  const double = await startDouble()
  const { target, testbed } = double
  try {
    return await runAll({ target, testbed, authorization: double.authorization.options, ics: hastyIcs }, options)
  } finally {
    await double.close()
  }
}

async function runAll(right: CorrectProvider, options: SelfTestOptions): Promise<SelfTest> {
  const { parallel = DEFAULT_PARALLEL, only = '', fairness = only === '', onCatch = () => undefined } = options
  const isWanted = typeof only === 'function' ? only : ({ id }: Mutant): boolean => id.includes(only)
  const rows = new Map(requirementsOf(right.ics.dialect).map((row) => [row.id, row]))
  const holds = ({ breaks }: Mutant): boolean => holdsUnder(rows.get(breaks) ?? {}, right.ics)
  const wanted = mutants.filter((mutant) => rows.has(mutant.breaks) && isWanted(mutant))
  const waiting = wanted.filter(holds)
  const catches: Catch[] = []
  const off = wanted.filter((mutant) => !holds(mutant))
  const worker = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const result = await hunt(right, mutant)
      if (result === undefined) off.push(mutant)
      else onCatch(result)
      if (result !== undefined) catches.push(result)
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return { catches, off, blamed: fairness ? await blamedFor(right) : [] }
}

/** Mutants at the port to the platform, one after another: there is one provider, and the port is worn by each in turn. */
export async function selfTestAtPort(
  right: CorrectProvider,
  wear: (layer: PortLayer) => void,
  only = '',
): Promise<readonly Catch[]> {
  const catches: Catch[] = []
  for (const mutant of portMutants.filter(({ id }) => id.includes(only))) {
    wear(mutant.layer())
    const result = await hunt(right, { ...mutant, layer: () => ({}) })
    if (result !== undefined) catches.push(result)
  }
  wear({})
  return catches
}

/** Asked until one scenario fails; all of them, when that one says nothing of the broken rule. Undefined: the rule is off here. */
async function hunt(right: CorrectProvider, mutant: Mutant): Promise<Catch | undefined> {
  // the examples must catch it by themselves: shrinking a random sequence takes its time
  const tags = mutant.scenario ? `@scenario:${mutant.scenario}` : `@req:${mutant.breaks} and not @model`
  const ask = (failFast: boolean) =>
    judge(right, mutant.layer(dialectNamed(right.ics.dialect)), { tags, failFast }).then((report) => ({
      report,
      result: report.requirements.find(({ requirement }) => requirement.id === mutant.breaks),
    }))
  let { report, result } = await ask(true)
  for (let attempt = 1; isOpen(result?.verdict, attempt); attempt++) ({ report, result } = await ask(false))
  if (result?.verdict === 'off') return undefined
  const scenarios = result?.scenarios ?? []
  const caught = result?.verdict === 'fail'
  const by = caught
    ? scenarios.filter(({ verdict }) => verdict === 'fail').map(({ scenario }) => scenario.name)
    : scenarios.map(({ scenario, verdict, reason = '' }) => `${scenario.name}: ${verdict} ${reason}`.trim())
  return { mutant, caught, by: by.length > 0 ? by : [report.reason ?? 'no scenario is about it'] }
}

const ATTEMPTS = 8

/** What could not be verified, since the machine was held up, is asked for again. */
const isOpen = (verdict: Verdict | undefined, attempt: number): boolean =>
  verdict !== 'fail' && (attempt === 1 || verdict === 'skip') && attempt <= ATTEMPTS

/** A right provider is never blamed: asked through a layer that changes nothing. */
async function blamedFor(right: CorrectProvider): Promise<readonly string[]> {
  const { scenarios } = await judge(right, {}, {})
  return scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').map(({ name }) => name)
}

type Asked = Pick<ConformanceOptions, 'tags' | 'failFast'>

async function judge({ target, authorization: options, ...right }: CorrectProvider, layer: Layer, asked: Asked) {
  const authorization = await connectAuthorization(options, systemClock)
  const proxy = await startProxy({ target, authorization, layer })
  try {
    const run = {
      ...right,
      target: proxy.url,
      dialect: right.ics.dialect,
      authorization: options,
      ...asked,
      parallel: 2,
    }
    return (await runConformance(run)).report
  } finally {
    await proxy.close()
  }
}

/** The catalogue as tables of Markdown, those at the edge and those at the port; docs/mutants.md holds them. */
export const mutantTable = (): string => tableOf(mutants)
export const portMutantTable = (): string => tableOf(portMutants)

function tableOf(catalogue: readonly Pick<Mutant, 'id' | 'summary' | 'breaks'>[]): string {
  const rows = [...catalogue]
    .sort((one, other) => one.breaks.localeCompare(other.breaks) || one.id.localeCompare(other.id))
    .map(({ id, summary, breaks }) => `| \`${id}\` | ${summary.replaceAll('|', '\\|')} | \`${breaks}\` |`)
  return `| mutant | what it does | requirement that it breaks |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}
