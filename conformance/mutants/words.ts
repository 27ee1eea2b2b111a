/** The words of mutants that are wrong in every dialect alike: what a request is, what an answer says, and what to ask beside, read off the dialect's table. */
import {
  type About,
  type Dialect,
  type OperationName,
  type RequestName,
  type Route,
  type Told,
  tell,
} from '../dialects/dialect.ts'
import { valueAt, withValueAt } from '../scenario/json-path.ts'
import { edited, type Json, parsed } from './changes.ts'
import type { ApiAnswer, ApiRequest, Edge, Layer } from './layer.ts'

export const put = (json: Json, path: string | undefined, value: unknown): Json =>
  path === undefined ? json : withValueAt(json, path, value)

export interface Words {
  readonly dialect: Dialect
  readonly routeOf: (request: ApiRequest) => Route | undefined
  readonly is: (request: ApiRequest, ...names: readonly RequestName[]) => boolean
  /** Whether it asks for one of these operations; for any when none is named. */
  readonly starts: (request: ApiRequest, ...names: readonly OperationName[]) => boolean
  readonly isGranted: (answer: ApiAnswer, request: ApiRequest) => boolean
  readonly told: (answer: ApiAnswer) => Told
  /** The operation as if it had ended so, or not yet. */
  readonly completedAs: (operation: Json, outcome: 'success' | 'failed') => Json
  readonly pending: (operation: Json) => Json
  readonly send: (edge: Edge, name: RequestName, about: Partial<About>, tenant?: 'own' | 'other') => Promise<ApiAnswer>
  /** Sends it, and waits until its operation has ended. */
  readonly carryOut: (edge: Edge, name: RequestName, about: Partial<About>) => Promise<void>
  /** Another request about the same eSIM. */
  readonly insteadOf: (request: ApiRequest, name: RequestName, edge: Edge) => Promise<ApiRequest>
  readonly esims: (answer: ApiAnswer) => readonly { readonly iccid: string; readonly state: string }[]
}

/** A sink where nobody listens. */
export const NOWHERE = 'http://127.0.0.1:9/'
const PAUSE_MS = 20
const nothing: About = { eid: '', activationCode: '', operationId: '', sink: NOWHERE }

export function wordsOf(dialect: Dialect): Words {
  const { operation: reading, requested } = dialect
  const routes = Object.entries(dialect.routes) as [RequestName, Route][]
  const nameOf = (request: ApiRequest) => routes.find(([, route]) => fits(route, request))?.[0]
  const routeNamed = (name: RequestName): Route => {
    const route = dialect.routes[name]
    if (route === undefined) throw new Error(`${dialect.id} has no ${name}`)
    return route
  }
  const routeOf = (request: ApiRequest) => routes.find(([, route]) => fits(route, request))?.[1]
  const told = (answer: ApiAnswer) => tell(reading, parsed(answer))
  const authorized = async (edge: Edge, { scope }: Route, tenant: 'own' | 'other' = 'own') => ({
    authorization: `Bearer ${await edge.token([scope], tenant)}`,
    'content-type': 'application/json',
  })
  const send: Words['send'] = async (edge, name, about, tenant) => {
    const route = routeNamed(name)
    const path = route.path.replace(/\{\w+\}/, about.operationId ?? '')
    const body = route.body ? JSON.stringify(route.body({ ...nothing, ...about })) : ''
    return edge.ask({ method: route.method, path, headers: await authorized(edge, route, tenant), body })
  }
  return {
    dialect,
    routeOf,
    is: (request, ...names) => names.some((name) => name === nameOf(request)),
    starts: (request, ...names) => {
      const started = routeOf(request)?.starts
      return started !== undefined && (names.length === 0 || names.includes(started))
    },
    isGranted: ({ status }, request) => status === routeOf(request)?.success,
    told,
    completedAs: (operation, outcome) => completedAs(dialect, operation, outcome),
    pending: (operation) =>
      put(put(operation, '$.result', undefined), reading.status, wordFor(reading.statuses, 'accepted')),
    send,
    async carryOut(edge, name, about) {
      const { operationId } = tell(dialect.accepted, parsed(await send(edge, name, about)))
      if (operationId === undefined) return
      const isOver = async () =>
        told(await send(edge, 'retrieveOperation', { operationId: String(operationId) })).status !== 'accepted'
      while (!(await isOver())) await edge.sleep(PAUSE_MS)
    },
    async insteadOf(request, name, edge) {
      const route = routeNamed(name)
      const iccid = String(valueAt(parsed(request), requested.iccid))
      const sink = valueAt(parsed(request), '$.sink')
      const body = JSON.stringify(route.body?.({ ...nothing, iccid, ...(typeof sink === 'string' && { sink }) }))
      return { ...request, path: route.path, body, headers: { ...request.headers, ...(await authorized(edge, route)) } }
    },
    esims: (answer) => (dialect.esims(parsed(answer)) ?? []) as ReturnType<Words['esims']>,
  }
}

/** Of two requests by one path each says in its body which it is, by a number. */
function fits({ method, path, body }: Route, request: ApiRequest): boolean {
  const [asked = ''] = request.path.split('?')
  const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/, '[^/]+')}$`)
  if (method !== request.method || !pattern.test(asked)) return false
  const kind = '$.config.subscriptionDetail.optType'
  const wanted = valueAt(body?.(nothing), kind)
  return wanted === undefined || valueAt(parsed(request), kind) === wanted
}

/** A number where the dialect counts. */
function wordFor(words: Readonly<Record<string, string>>, meaning: string): string | number {
  const [word = ''] = Object.entries(words).find(([, means]) => means === meaning) ?? []
  return /^\d+$/.test(word) ? Number(word) : word
}

function completedAs({ operation: reading, abilities }: Dialect, operation: Json, outcome: 'success' | 'failed'): Json {
  const isFailed = outcome === 'failed'
  const error = abilities.includes('error-codes') ? { status: 500, code: 'INTERNAL', message: 'Wrong.' } : 'Wrong.'
  const steps: readonly [string | undefined, unknown][] = [
    [reading.status, wordFor(reading.statuses, 'completed')],
    [reading.outcome, wordFor(reading.outcomes ?? {}, outcome)],
    [reading.completedAt, valueAt(operation, reading.completedAt ?? '$.none') ?? new Date().toISOString()],
    [reading.error, isFailed || reading.completedAt === undefined ? error : undefined],
  ]
  return steps.reduce((json, [path, value]) => put(json, path, value), operation)
}

/** Once an operation is seen to be completed, and before that is told, does something of its own. */
export const onceCompleted =
  (
    { starts, is, told, isGranted, dialect }: Words,
    operation: OperationName,
    deed: (ended: Told, request: ApiRequest, edge: Edge) => Promise<void>,
  ): (() => Layer) =>
  () => {
    const started = new Map<string, ApiRequest>()
    const done = new Map<string, Promise<void>>()
    return {
      async api(request, edge) {
        const answer = await edge.ask(request)
        if (starts(request, operation) && isGranted(answer, request))
          started.set(String(tell(dialect.accepted, parsed(answer)).operationId), request)
        const ended = is(request, 'retrieveOperation') ? told(answer) : undefined
        const id = String(ended?.operationId)
        const asked = started.get(id)
        if (ended?.status !== 'completed' || asked === undefined) return answer
        if (!done.has(id)) done.set(id, deed(ended, asked, edge))
        await done.get(id)
        return answer
      },
    }
  }

/** The answer to a request for the state of an operation that is seen to be completed, changed. */
export const inCompleted =
  ({ is, told }: Words, change: (operation: Json, ended: Told) => Json): (() => Layer) =>
  () => ({
    api: async (request, edge) => {
      const answer = await edge.ask(request)
      const ended = is(request, 'retrieveOperation') ? told(answer) : undefined
      return ended?.status === 'completed' ? edited(answer, (operation) => change(operation, ended)) : answer
    },
  })
