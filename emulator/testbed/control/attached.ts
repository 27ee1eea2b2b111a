/** What others lend to the testbed so that the console can reach it: an API that is served beside it, and a runner that judges that API. */
import { problem, type Reply, type Route } from '../../rest/index.ts'
import type { EventLog } from '../event-log.ts'
import { attachedSchemas as schemas } from './schemas/attached.ts'

export interface ApiCall {
  readonly tenant: string
  readonly method: string
  /** With the base path of the dialect, for example `/esim/enable`. */
  readonly path: string
  readonly body?: unknown
}

export interface ApiOperation {
  readonly dialect: string
  readonly method: string
  readonly path: string
  readonly summary: string
  /** Of the body, when there is one. */
  readonly example?: unknown
}

export interface ServedApi {
  readonly tenants: readonly string[]
  operations(): Promise<readonly ApiOperation[]>
  /** Rejects when there is no answer. */
  call(
    call: ApiCall,
  ): Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }>
}

export interface CheckResult {
  readonly name: string
  readonly feature: string
  readonly claims: readonly string[]
  readonly verdict: string
  readonly startedAt: string
  readonly durationMs: number
  readonly step?: string
  readonly reason?: string
  readonly mismatches: readonly unknown[]
  /** Devices whose messages tell what happened. */
  readonly eids: readonly string[]
}

export interface Judge {
  readonly dialects: readonly string[]
  /** Tells of every check that has ended; resolves to the verdict of the run. */
  run(wanted: { readonly tags?: string }, told: (result: CheckResult, total: number) => void): Promise<string>
}

export interface Attached {
  readonly api?: ServedApi
  readonly judge?: Judge
}

interface ConformanceRun {
  state: 'running' | 'ended'
  readonly startedAt: string
  total: number
  verdict?: string
  /** Why it could not run. */
  reason?: string
  readonly results: CheckResult[]
}

export interface AttachedParts {
  readonly attached: () => Attached
  readonly events: EventLog
  readonly now: () => number
}

const noApi = problem(404, 'No API is served beside this testbed')
const noJudge = problem(404, 'No conformance runner is attached to this testbed')

export function attachedRoutes({ attached, events, now }: AttachedParts): readonly Route[] {
  const { start, latest } = createRuns(events, now)
  return [
    {
      method: 'GET',
      path: '/api',
      summary: 'The API that is served beside the testbed: tenants and operations of every dialect.',
      answers: { 200: { description: 'The API.', schema: schemas.api }, 404: { description: 'There is none.' } },
      async handle() {
        const { api } = attached()
        return api ? { status: 200, body: { tenants: api.tenants, operations: await api.operations() } } : noApi
      },
    },
    {
      method: 'POST',
      path: '/api/calls',
      summary: 'Calls that API as a tenant, with a token of its own.',
      body: schemas.call,
      answers: {
        200: { description: 'What it answered.', schema: schemas.answer },
        404: { description: 'There is none.' },
        502: { description: 'It did not answer.' },
      },
      handle: ({ body }) => callApi(attached().api, body as ApiCall),
    },
    {
      method: 'GET',
      path: '/conformance',
      summary: 'The last conformance run that was started here, as far as it has come.',
      answers: { 200: { description: 'The run.', schema: schemas.run }, 404: { description: 'There was none.' } },
      handle: () => (latest() ? { status: 200, body: latest() } : problem(404, 'No run was started here')),
    },
    {
      method: 'POST',
      path: '/conformance',
      summary: 'Starts a conformance run against that API. The event stream tells of it: `conformance`.',
      body: schemas.wanted,
      answers: {
        202: { description: 'It has begun.', schema: schemas.run },
        404: { description: 'No runner is attached.' },
        409: { description: 'One is under way.' },
      },
      handle({ body }) {
        const { judge } = attached()
        if (!judge) return noJudge
        if (latest()?.state === 'running') return problem(409, 'A run is under way')
        return { status: 202, body: start(judge, body as { tags?: string }) }
      },
    },
  ]
}

async function callApi(api: ServedApi | undefined, call: ApiCall): Promise<Reply> {
  if (!api) return noApi
  if (!api.tenants.includes(call.tenant)) return problem(404, 'No such tenant', `Known: ${api.tenants.join(', ')}.`)
  try {
    return { status: 200, body: await api.call(call) }
  } catch (error) {
    return problem(502, 'The API did not answer', (error as Error).message)
  }
}

/** One run at a time; the last one is kept. */
function createRuns(events: EventLog, now: () => number) {
  let run: ConformanceRun | undefined
  const tell = (change: object) => events.append('conformance', change)
  const start = (judge: Judge, wanted: { readonly tags?: string }): ConformanceRun => {
    const begun: ConformanceRun = { state: 'running', startedAt: new Date(now()).toISOString(), total: 0, results: [] }
    run = begun
    tell({ state: 'running', startedAt: begun.startedAt })
    const told = (result: CheckResult, total: number) => {
      begun.total = total
      begun.results.push(result)
      tell({ state: 'running', total, result })
    }
    const end = (outcome: Pick<ConformanceRun, 'verdict' | 'reason'>) => {
      Object.assign(begun, outcome, { state: 'ended' })
      tell({ state: 'ended', ...outcome })
    }
    judge.run(wanted, told).then(
      (verdict) => end({ verdict }),
      (error: Error) => end({ verdict: 'error', reason: error.message }),
    )
    return begun
  }
  return { start, latest: () => run }
}
