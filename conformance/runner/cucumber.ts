/** cucumber-js as engine: features and steps in, one stream of messages out. Several runs share the process, so that their waiting overlaps. */
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type ISupportCodeLibrary, loadSources, loadSupport, runCucumber } from '@cucumber/cucumber/api'

export type Envelope = Parameters<NonNullable<Parameters<typeof runCucumber>[2]>>[0]

/** Cucumber imports the steps by itself, without the loader that runs sources in tests: they come from the built files. */
const room = new URL('..', import.meta.url)
const built = import.meta.url.endsWith('.ts') ? new URL('../dist/conformance/', room) : room
const nowhere = new Writable({ write: (_, __, done) => done() })
const environment = { cwd: fileURLToPath(built), stdout: nowhere, stderr: nowhere, env: {} }

export interface Selection {
  /** Folder below `features/`. */
  readonly folder: string
  /** A tag expression, or `@scenario:` and the slug of one scenario. */
  readonly tags: string
}

interface Sources {
  readonly defaultDialect: string
  readonly paths: string[]
  readonly names: string[]
  readonly tagExpression: string
  readonly order: 'defined'
}

/** The name of a scenario as a tag: stable, and one for each row of an outline. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const ONE_SCENARIO = '@scenario:'

/** What would run, in order. */
export interface Plan {
  readonly names: readonly string[]
  readonly sources: Sources
}

/** Throws a sentence for each feature that cannot be read. */
export async function planScenarios({ folder, tags }: Selection): Promise<Plan> {
  const all: Sources = {
    defaultDialect: 'en',
    paths: [`features/${folder}/*.feature`],
    names: [],
    tagExpression: tags.startsWith(ONE_SCENARIO) ? '' : tags,
    order: 'defined',
  }
  const { plan, errors } = await loadSources(all, environment)
  if (errors.length > 0) throw new Error(errors.map(({ uri, message }) => `${uri}: ${message}`).join('\n'))
  const wanted = tags.slice(ONE_SCENARIO.length)
  const chosen = tags.startsWith(ONE_SCENARIO) ? plan.filter(({ name }) => slug(name) === wanted) : plan
  const files = [...new Set(chosen.map(({ uri }) => uri))] // each run reads its files anew: only those it needs
  const one = tags.startsWith(ONE_SCENARIO) ? { names: chosen.map(({ name }) => `^${escaped(name)}$`) } : {}
  return { names: chosen.map(({ name }) => name), sources: { ...all, ...one, paths: files } }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Loaded once a process: to import the steps a second time would define nothing. */
let steps: Promise<ISupportCodeLibrary> | undefined

export interface EngineOptions {
  readonly plan: Plan
  readonly session: string
  readonly parallel: number
  readonly onMessage: (envelope: Envelope) => void
}

export async function runScenarios({ plan, session, parallel, onMessage }: EngineOptions): Promise<void> {
  const { names, sources } = plan
  if (names.length === 0) return
  steps ??= loadSupport({ sources, support: { importPaths: ['steps/*.js'] } }, environment)
  const support = await steps
  const run = (shard: number) =>
    runCucumber(
      {
        sources: { ...sources, shard: `${shard}/${parallel}` },
        support,
        formats: { stdout: 'summary', files: {}, publish: false, options: {} },
        runtime: { ...runtime, worldParameters: { session } },
      },
      environment,
      onMessage,
    )
  await Promise.all(Array.from({ length: parallel }, (_, index) => run(index + 1)))
}

const runtime = {
  dryRun: false,
  failFast: false,
  filterStacktraces: true,
  parallel: 0,
  retry: 0,
  retryTagFilter: '',
  strict: true,
}
