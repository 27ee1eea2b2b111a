/** Asks every scenario of a plan, and tells on the way how far it is. */
import { randomInt, randomUUID } from 'node:crypto'
import { createProgress } from '../reports/progress.ts'
import { createCollector, type Listener, type ScenarioResult } from './collect.ts'
import { type Plan, phrasesOf, runScenarios } from './cucumber.ts'
import type { ConformanceOptions } from './options.ts'
import { closeSession, openSession } from './session.ts'

/** cucumber adds a listener to the process for each running step, and Node takes more than ten for a leak. */
const MOST_PARALLEL = 10
const DEFAULT_PARALLEL = 8
const HIGHEST_SEED = 2 ** 31

export const newSeed = (): number => randomInt(HIGHEST_SEED)

interface Asking {
  readonly plan: Plan
  /** What the world of each scenario finds. */
  readonly session: unknown
  readonly claimsOf?: NonNullable<Listener['claimsOf']>
}

type Options = Pick<ConformanceOptions, 'parallel' | 'seed' | 'failFast' | 'terminal' | 'write' | 'onScenario'>

export async function askAll(
  options: Options,
  { plan, session: content, ...more }: Asking,
): Promise<readonly ScenarioResult[]> {
  const scenarios: ScenarioResult[] = []
  const { write = () => undefined, terminal = false } = options
  const progress = createProgress({ total: plan.scenarios.length, write, terminal })
  const ended = (result: ScenarioResult): void => {
    scenarios.push(result)
    progress.ended(result)
    options.onScenario?.(result, plan.scenarios.length)
  }
  const phrases = await phrasesOf(plan.library)
  const { take } = createCollector({ ...more, phrases, started: progress.started, ended })
  const session = randomUUID()
  openSession(session, content)
  const parallel = Math.max(1, Math.min(options.parallel ?? DEFAULT_PARALLEL, MOST_PARALLEL))
  try {
    const { seed, failFast = false } = options
    await runScenarios({ plan, session, parallel, seed, failFast, onMessage: take })
    return scenarios
  } finally {
    progress.close()
    closeSession(session)
  }
}
