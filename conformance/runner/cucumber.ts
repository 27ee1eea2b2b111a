/** cucumber-js as engine: features and steps in, one stream of messages out. Several runs share the process, so that their waiting overlaps. */
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type ISupportCodeLibrary, loadSources, loadSupport, runCucumber } from '@cucumber/cucumber/api'
import { ONE_SCENARIO } from './select.ts'
import { apart, linesOf, type Planned, type Sequence, sequencesOf } from './shards.ts'

export type Envelope = Parameters<NonNullable<Parameters<typeof runCucumber>[2]>>[0]

/** Cucumber imports the steps by itself, without the loader that runs sources in tests: they come from the built files. */
const room = new URL('..', import.meta.url)
const built = import.meta.url.endsWith('.ts') ? new URL('../dist/conformance/', room) : room
const nowhere = new Writable({ write: (_, __, done) => done() })
const environment = { cwd: fileURLToPath(built), stdout: nowhere, stderr: nowhere, env: {} }

/** Steps that belong together with their world; loaded once a process, since to import them a second time would define nothing. */
export type Library = keyof typeof libraries
const libraries = { own: 'steps/*.js', upstream: 'upstream/steps/*.js' } as const

export interface Selection {
  /** Paths or patterns of feature files; relative ones are below this room. */
  readonly paths: readonly string[]
  readonly library: Library
  /** A tag expression, or `@scenario:` and the slug of one scenario. */
  readonly tags: string
  /** A tag expression for those among which is chosen. */
  readonly among?: string
}

interface Sources {
  readonly defaultDialect: string
  readonly paths: string[]
  readonly names: string[]
  readonly tagExpression: string
  readonly order: 'defined'
}

const sourcesOf = (paths: readonly string[], tagExpression = ''): Sources => ({
  defaultDialect: 'en',
  paths: [...paths],
  names: [],
  tagExpression,
  order: 'defined',
})

/** The name of a scenario as a tag: stable, and one for each row of an outline. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** What would run, in the order of the files. */
export interface Plan {
  readonly scenarios: readonly Planned[]
  readonly library: Library
}

/** Throws a sentence for each feature that cannot be read. */
export async function planScenarios({ paths, library, tags, among = '' }: Selection): Promise<Plan> {
  const one = tags.startsWith(ONE_SCENARIO)
  const { plan, errors } = await loadSources(sourcesOf(paths, both(among, one ? '' : tags)), environment)
  if (errors.length > 0) throw new Error(errors.map(({ uri, message }) => `${uri}: ${message}`).join('\n'))
  const wanted = tags.slice(ONE_SCENARIO.length)
  const chosen = one ? plan.filter(({ name }) => slug(name) === wanted) : plan
  return { library, scenarios: chosen.map(({ name, uri, location: { line } }) => ({ name, uri, line })) }
}

const both = (one: string, other: string): string =>
  one === '' || other === '' ? one + other : `(${one}) and (${other})`

/** What cucumber tells of a definition; its types keep it to themselves. */
interface Definitions extends ISupportCodeLibrary {
  readonly stepDefinitions: readonly { readonly keyword: string; readonly pattern: string | RegExp }[]
}

const loaded = new Map<Library, Promise<Definitions>>()

function stepsOf(library: Library): Promise<Definitions> {
  const known = loaded.get(library)
  if (known !== undefined) return known
  const importPaths = [libraries[library]]
  const loading = loadSupport({ sources: sourcesOf([]), support: { importPaths } }, environment) as Promise<Definitions>
  loaded.set(library, loading)
  return loading
}

/** The phrases that features may use. */
export const phrasesOf = async (library: Library): Promise<readonly string[]> =>
  (await stepsOf(library)).stepDefinitions.map(({ keyword, pattern }) => `${keyword} ${readable(pattern)}`).sort()

/** A pattern as somebody would write the step: of alternatives the first. */
function readable(pattern: string | RegExp): string {
  if (typeof pattern === 'string') return pattern
  let text = pattern.source.replaceAll(/^\^|\$$/g, '').replaceAll(/\(\?![^)]*\)/g, '')
  text = text.replaceAll(/\[\^"\][*+]|\[A-Z\]\+|\.[*+]\??/g, '…').replaceAll(/\\d(\{\d\}|\+)/g, '0')
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replaceAll(/\((?:\?:)?([^()|]*)(?:\|[^()]*)?\)\??/g, '$1')
  }
  return text
    .replaceAll(/-\?|(?<=[a-z:",])\?/g, '')
    .replaceAll('[- ]', '-')
    .replaceAll('\\', '')
}

export interface Listed {
  readonly feature: string
  readonly name: string
  /** With the at sign. */
  readonly tags: readonly string[]
}

/** What a plan would ask, without asking. */
export async function listScenarios(plan: Plan): Promise<readonly Listed[]> {
  const listed: Listed[] = []
  const [features, pickles] = [new Map<string, string>(), new Map<string, NonNullable<Envelope['pickle']>>()]
  const take = ({ gherkinDocument, pickle, testCase }: Envelope): void => {
    if (gherkinDocument?.feature) features.set(gherkinDocument.uri ?? '', gherkinDocument.feature.name)
    if (pickle) pickles.set(pickle.id, pickle)
    const { name, uri, tags = [] } = (testCase && pickles.get(testCase.pickleId)) ?? {}
    if (name === undefined) return
    listed.push({ feature: features.get(uri ?? '') ?? '', name, tags: tags.map((tag) => tag.name) })
  }
  const paths = linesOf(plan.scenarios)
  if (paths.length === 0) return []
  const options = { ...runtime, dryRun: true, worldParameters: {} }
  const support = await stepsOf(plan.library)
  await runCucumber({ sources: sourcesOf(paths), support, formats, runtime: options }, environment, take)
  return listed
}

export interface EngineOptions {
  readonly plan: Plan
  readonly session: string
  readonly parallel: number
  readonly seed?: number | undefined
  readonly failFast: boolean
  readonly onMessage: (envelope: Envelope) => void
}

export async function runScenarios({ plan, session, onMessage, ...how }: EngineOptions): Promise<void> {
  const { parallel, seed, failFast } = how
  const { together, alone } = apart(plan.scenarios)
  if (plan.scenarios.length === 0) return
  const support = await stepsOf(plan.library)
  const options = { support, formats, runtime: { ...runtime, failFast, worldParameters: { session } } }
  const run: Run = async (sequence, take) => {
    for (const paths of sequence) {
      const { success } = await runCucumber({ sources: sourcesOf(paths), ...options }, environment, take)
      if (failFast && !success) return
    }
  }
  await besideEachOther(sequencesOf(together, parallel, seed), run, onMessage)
  await besideEachOther(sequencesOf(alone, 1, seed), run, onMessage)
}

type Take = (envelope: Envelope) => void
type Run = (sequence: Sequence, take: Take) => Promise<void>

/** Each begins when a scenario of the one before it runs: what all of them have to read first would hold up the first result. */
async function besideEachOther(sequences: readonly Sequence[], run: Run, onMessage: Take): Promise<void> {
  const running: Promise<void>[] = []
  for (const sequence of sequences) {
    const begun = new Promise<void>((resolve) => {
      const take: Take = (envelope) => {
        if (envelope.testStepStarted) resolve()
        onMessage(envelope)
      }
      const ended = run(sequence, take).finally(resolve)
      ended.catch(() => undefined) // told below
      running.push(ended)
    })
    await begun
  }
  await Promise.all(running)
}

const formats = { stdout: 'summary', files: {}, publish: false, options: {} } as const

const runtime = {
  dryRun: false,
  failFast: false,
  filterStacktraces: true,
  parallel: 0,
  retry: 0,
  retryTagFilter: '',
  strict: true,
}
