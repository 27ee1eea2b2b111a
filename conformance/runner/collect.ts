/** From cucumber's messages to what each scenario says: its verdict, and what was wrong. */
import { type Edge, edgesType } from '../scenario/edges.ts'
import { type Evidence, evidenceType, reasonType } from '../scenario/evidence.ts'
import type { Mismatch } from '../scenario/mismatch.ts'
import { type Envelope, slug } from './cucumber.ts'
import { nearestPhrase } from './phrases.ts'
import type { Verdict } from './verdict.ts'

export interface ScenarioResult {
  /** Id of the started test case. */
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly feature: string
  /** Ids of the requirements that it claims. */
  readonly claims: readonly string[]
  readonly verdict: Verdict
  /** Why it was skipped or off, or what stopped the runner. */
  readonly reason?: string
  /** Where it went wrong, when it did not pass. */
  readonly step?: string
  /** A step ended it, so that what follows that step was not asked. */
  readonly ended: boolean
  readonly mismatches: readonly Mismatch[]
  readonly evidence?: Evidence
  /** Operations with the state from which they began and their outcome. */
  readonly edges: readonly Edge[]
  readonly startedAt: number
  readonly durationMs: number
}

type Pickle = NonNullable<Envelope['pickle']>
type TestCase = NonNullable<Envelope['testCase']>
type StepResult = NonNullable<Envelope['testStepFinished']>['testStepResult']

interface Running {
  readonly pickle: Pickle
  readonly testCase: TestCase
  readonly startedAt: number
  reason?: { readonly verdict: 'off' | 'skip'; readonly reason: string }
  evidence?: Evidence
  edges?: readonly Edge[]
  readonly finished: { readonly step: string; readonly result: StepResult }[]
}

export interface Collector {
  readonly take: (envelope: Envelope) => void
}

export interface Listener {
  /** Name of a scenario that begins. */
  readonly started?: (name: string) => void
  readonly ended: (result: ScenarioResult) => void
  /** Phrases that a definition could have used, for a step that nobody defined. */
  readonly phrases?: readonly string[]
  /** Ids of requirements, from a scenario's tags and name; its `@req:` tags unless said otherwise. */
  readonly claimsOf?: (tags: readonly string[], name: string) => readonly string[]
}

const ownClaims = (tags: readonly string[]): readonly string[] =>
  tags.filter((tag) => tag.startsWith(CLAIM)).map((tag) => tag.slice(CLAIM.length))

/** Tells of each scenario that begins and ends. */
export function createCollector(listener: Listener): Collector {
  const { started = () => undefined, ended: onScenario, phrases = [], claimsOf = ownClaims } = listener
  const features = new Map<string, string>()
  const pickles = new Map<string, Pickle>()
  const testCases = new Map<string, TestCase>()
  const suggestions = new Map<string, string>()
  const running = new Map<string, Running>()
  return {
    take: (envelope) => {
      const {
        gherkinDocument,
        pickle,
        testCase,
        suggestion,
        testCaseStarted,
        attachment,
        testStepFinished,
        testCaseFinished,
      } = envelope
      if (gherkinDocument?.feature) features.set(gherkinDocument.uri ?? '', gherkinDocument.feature.name)
      if (pickle) pickles.set(pickle.id, pickle)
      if (testCase) testCases.set(testCase.id, testCase)
      if (suggestion) suggestions.set(suggestion.pickleStepId, suggestion.snippets[0]?.code ?? '')
      if (testCaseStarted) started(begin(running, testCases, pickles, testCaseStarted))
      if (attachment?.testCaseStartedId) attach(running.get(attachment.testCaseStartedId), attachment)
      if (testStepFinished) finishStep(running.get(testStepFinished.testCaseStartedId), testStepFinished)
      const ended = testCaseFinished && running.get(testCaseFinished.testCaseStartedId)
      if (!ended) return
      const durationMs = milliseconds(testCaseFinished.timestamp) - ended.startedAt
      const feature = features.get(ended.pickle.uri) ?? ended.pickle.uri
      onScenario({
        ...judge(ended, { suggestions, phrases, claimsOf }),
        id: testCaseFinished.testCaseStartedId,
        feature,
        durationMs,
      })
    },
  }
}

const milliseconds = ({ seconds, nanos }: { seconds: number; nanos: number }): number => seconds * 1000 + nanos / 1e6

type Started = NonNullable<Envelope['testCaseStarted']>

function begin(
  running: Map<string, Running>,
  testCases: Map<string, TestCase>,
  pickles: Map<string, Pickle>,
  started: Started,
): string {
  const testCase = testCases.get(started.testCaseId)
  const pickle = testCase && pickles.get(testCase.pickleId)
  if (!testCase || !pickle)
    throw new Error(`cucumber started a test case that it had not announced: ${started.testCaseId}`)
  running.set(started.id, { pickle, testCase, startedAt: milliseconds(started.timestamp), finished: [] })
  return pickle.name
}

function attach(
  scenario: Running | undefined,
  { mediaType, body, contentEncoding }: NonNullable<Envelope['attachment']>,
): void {
  if (!scenario) return
  const text = String(contentEncoding) === 'BASE64' ? Buffer.from(body, 'base64').toString('utf8') : body
  if (mediaType === reasonType) scenario.reason = JSON.parse(text)
  if (mediaType === evidenceType) scenario.evidence = JSON.parse(text)
  if (mediaType === edgesType) scenario.edges = JSON.parse(text)
}

function finishStep(
  scenario: Running | undefined,
  { testStepId, testStepResult }: NonNullable<Envelope['testStepFinished']>,
): void {
  if (!scenario) return
  const pickleStepId = scenario.testCase.testSteps.find(({ id }) => id === testStepId)?.pickleStepId
  const step = scenario.pickle.steps.find(({ id }) => id === pickleStepId)?.text ?? ''
  scenario.finished.push({ step, result: testStepResult })
}

type Judged = Omit<ScenarioResult, 'id' | 'feature' | 'durationMs'>

interface Judging {
  readonly suggestions: ReadonlyMap<string, string>
  readonly phrases: readonly string[]
  readonly claimsOf: NonNullable<Listener['claimsOf']>
}

/** The environment has not what the step needs, or nobody can see what it asks for. */
const notAsked: ReadonlySet<string | undefined> = new Set(['NotAvailable', 'NotVerified'])

function judge(
  { pickle, startedAt, reason, evidence, finished, edges = [] }: Running,
  { suggestions, phrases, claimsOf }: Judging,
): Judged {
  const claims = claimsOf(
    pickle.tags.map(({ name }) => name),
    pickle.name,
  )
  const mismatches = evidence?.mismatches ?? []
  const known = {
    name: pickle.name,
    slug: slug(pickle.name),
    claims,
    startedAt,
    mismatches,
    edges,
    ...(evidence && { evidence }),
  }
  const undefinedStep = pickle.steps.find(({ id }) => suggestions.has(id))
  if (undefinedStep) {
    const [hint] = (suggestions.get(undefinedStep.id) ?? '').split('\n')
    const near = nearestPhrase(undefinedStep.text, phrases)
    const proposal = near === undefined ? `a definition could begin with: ${hint}` : `the nearest phrase is: ${near}`
    const sentence = `nobody has defined this step; ${proposal}`
    return { ...known, verdict: 'error', ended: true, step: undefinedStep.text, reason: sentence }
  }
  if (reason) return { ...known, ...reason, ended: true }
  const bad = finished.find(({ result }) => String(result.status) !== 'PASSED')
  if (bad === undefined) return { ...known, verdict: 'pass', ended: false }
  const where = { ended: bad.step !== '', step: bad.step || 'at the end of the scenario' }
  const { exception, message, status } = bad.result
  const said = exception?.message ?? message ?? String(status)
  if (notAsked.has(exception?.type) && mismatches.length === 0)
    return { ...known, ...where, verdict: 'skip', reason: said }
  if (exception?.type === 'Nonconformity') return { ...known, ...where, verdict: 'fail' }
  // what a step could not read may be what was found wrong before
  return { ...known, ...where, verdict: mismatches.length > 0 ? 'fail' : 'error', reason: said }
}

const CLAIM = '@req:'
