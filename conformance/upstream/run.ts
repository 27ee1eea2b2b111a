/** Somebody else's test definitions as they are, with the OpenAPI document that they are about. */
import { connectAuthorization } from '../authorization/client-http.ts'
import { defaultIcs } from '../ics/ics.ts'
import type { Requirement } from '../requirements/index.ts'
import { askAll, newSeed } from '../runner/asking.ts'
import { systemClock } from '../runner/clock-system.ts'
import type { ScenarioResult } from '../runner/collect.ts'
import { slug } from '../runner/cucumber.ts'
import { createHttpClient } from '../runner/http.ts'
import type { ConformanceOptions } from '../runner/options.ts'
import { outcomeOf } from '../runner/outcome.ts'
import { type ConformanceResult, publish } from '../runner/publish.ts'
import { resultsByRequirement } from '../runner/report.ts'
import { readAuthorization, readText } from '../runner/store-files.ts'
import { connectTestbed } from '../testbed/http.ts'
import { readAssets } from './assets.ts'
import type { Api } from './openapi.ts'
import { understandDefinitions } from './store-definitions.ts'
import type { UpstreamSession } from './world.ts'

export interface DefinitionOptions extends Omit<ConformanceOptions, 'dialect' | 'ics' | 'baseline'> {
  /** Folder with `.feature` files, or one of them. */
  readonly features: string
  /** The OpenAPI document, YAML or JSON. */
  readonly openapi: string
  /** File with values of this environment. */
  readonly assets?: string
  /** File with further overrides. */
  readonly overrides?: string
}

/** Throws OptionsError. */
export async function runDefinitions(options: DefinitionOptions): Promise<ConformanceResult> {
  const startedAt = systemClock.now()
  const seed = options.seed ?? newSeed()
  const { api, plan, notes, close } = await understandDefinitions(options)
  const complete = { rerun: rerunOf(options, seed), ...options, dialect: api.title }
  try {
    const session = await connect(options, api).catch((error: unknown) => String((error as Error).message))
    const asked = typeof session !== 'string'
    const scenarios = asked ? await askAll(options, { plan, session, claimsOf }) : []
    const requirements = resultsByRequirement(requirementsFrom(scenarios, api), scenarios)
    const baseline = { accepted: [], findings: [] }
    const reason = asked ? undefined : session
    return await publish(complete, {
      dialect: api.title,
      target: options.target,
      seed,
      startedAt: new Date(startedAt).toISOString(),
      seconds: (systemClock.now() - startedAt) / 1000,
      requirements,
      scenarios,
      baseline,
      notes,
      ...outcomeOf(scenarios, { baseline, minChecks: options.minChecks ?? 1, reason }),
    })
  } finally {
    await close()
  }
}

async function connect(options: DefinitionOptions, api: Api): Promise<UpstreamSession> {
  const { target, testbed, testbedToken: token, assets, authorization: given } = options
  const [clock, timeoutMs] = [systemClock, defaultIcs.timeouts.answerSeconds * 1000]
  const http = createHttpClient({ clock, timeoutMs })
  const root = target.replace(/\/+$/, '')
  await http({ method: 'GET', url: root })
  const connected = testbed === undefined ? undefined : connectTestbed({ clock, url: testbed, token })
  await connected?.now()
  const authorization = typeof given === 'string' ? await readAuthorization(given) : given
  return {
    target: root,
    api,
    http,
    clock,
    authorization: await connectAuthorization(authorization, clock),
    testbed: connected,
    file: assets === undefined ? { assets: {}, conditions: [] } : readAssets(await readText(assets)),
  }
}

const rerunOf =
  (options: DefinitionOptions, seed: number) =>
  (tags: string): string => {
    const names = ['target', 'features', 'openapi', 'testbed', 'assets', 'overrides'] as const
    const flags = names.flatMap((name) => (options[name] === undefined ? [] : [`--${name} ${options[name]}`]))
    const auth = typeof options.authorization === 'string' ? options.authorization : '"$AUTH_FILE"'
    return `npx esim-testbed conformance run ${flags.join(' ')} --auth ${auth} --seed ${seed} --tags '${tags}'`
  }

/** A scenario of a definition is its own requirement: its tag, as CAMARA's guidelines name scenarios, or else its name. */
const claimsOf = (tags: readonly string[], name: string): readonly string[] => [tags[0]?.slice(1) ?? slug(name)]

const requirementsFrom = (scenarios: readonly ScenarioResult[], { title }: Api): readonly Requirement[] => {
  const ids = new Set(scenarios.flatMap(({ claims }) => claims))
  return [...ids].map((id) => {
    const about = scenarios.find(({ claims }) => claims.includes(id))
    const source = { document: title, section: about?.feature ?? '' }
    return { id, text: about?.name ?? id, source, level: 'SHALL', dialects: [title] }
  })
}
