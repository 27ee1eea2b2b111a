/**
 * The shell around the dialects' routes: a pure function from message to answer. Checks in order: x-correlator, path, method, token,
 * scope, rate, path parameters, media type, size, JSON, schema, Idempotency-Key, quota; then the route. The first that does not hold answers.
 */
import type { Access } from '../auth/access.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { type Repeatable, RepeatedMeanwhile } from '../operations/operation.ts'
import type { Outside } from '../outside.ts'
import { PlatformUnavailable } from '../rsp/platform.ts'
import type { Services } from '../services.ts'
import { DatabaseUnavailable } from '../store/database.ts'
import { readJson } from './body.ts'
import { createCorrelator } from './correlator.ts'
import { isOpenDocument } from './documents.ts'
import { type Refusal, refuse, statusOf } from './errors.ts'
import { repeatableOf, usedOtherwise } from './idempotency.ts'
import type { Limits } from './limits-http.ts'
import type { HttpAnswer, HttpMessage } from './message.ts'
import { type Answer, type Route, type RouteRequest, startsOperation } from './route.ts'
import { compileRoutes, type Endpoint } from './router.ts'

interface Handling {
  readonly dialects: readonly Dialect[]
  readonly access: Access
  readonly limits: Limits
  /** How consumers reach the provider; ends without a slash. */
  readonly publicUrl: string
  readonly services: Services
  readonly outside: Pick<Outside, 'random' | 'logger'>
  /** What is read without a token: path -> body. */
  readonly open: Readonly<Record<string, () => Promise<unknown>>>
}

export type Handler = (message: HttpMessage) => Promise<HttpAnswer>

export const createHandler = ({ dialects, access, limits, publicUrl, services, outside, open }: Handling): Handler => {
  const resolve = compileRoutes(dialects, open)
  const correlate = createCorrelator(dialects, outside.random.uuid)

  const answerTo = async (message: HttpMessage, correlator: string): Promise<Reply> => {
    const found = resolve(message.method, message.path)
    if (found.kind === 'refusal') return found
    if (found.kind === 'open') return openReplyOf(await found.read())
    const client = await access.authorize(message.headers['authorization'], found.endpoint.route.scope)
    if (client.kind === 'refusal') return client
    const tooMany = await limits.request(client.client)
    if (tooMany) return tooMany
    return callRoute(found.endpoint, { message, ...client, correlator, params: found.params })
  }

  const callRoute = async (endpoint: Endpoint, call: Call): Promise<Reply> => {
    const params = endpoint.params(call.params)
    if (params.kind === 'invalid') return refuse('INVALID_ARGUMENT', params.why)
    const query = endpoint.query(queryOf(endpoint.route, call.message))
    if (query.kind === 'invalid') return refuse('INVALID_ARGUMENT', query.why)
    const body = readBody(endpoint, call.message)
    if (body.kind === 'refusal') return body
    const { tenant, correlator } = call
    const request = { body: body.value, params: params.value, query: query.value, tenant, correlator }
    const reply = startsOperation(endpoint.route)
      ? await start(endpoint, call, request)
      : await endpoint.route.handle(request, services)
    return reply.kind === 'refusal' ? reply : replyOf(endpoint, reply)
  }

  /** Once for each Idempotency-Key, as often as the quota allows. */
  const start = async ({ route, dialect }: Endpoint, { message, client }: Call, request: RouteRequest<unknown>) => {
    const repeatable = dialect.again ? repeatableOf(message, client, request.body) : undefined
    if (repeatable && 'kind' in repeatable) return repeatable
    const before = await answeredBefore(dialect, repeatable)
    if (before) return before
    const tooMany = await limits.operation(client)
    if (tooMany) return tooMany
    const remembered = repeatable ? remembering(services, repeatable) : services
    const reply = await counted(client, () => route.handle(request, remembered))
    // The same request may have come at the same time, and have been faster.
    return hasStarted(reply) ? reply : ((await answeredBefore(dialect, repeatable)) ?? reply)
  }

  const answeredBefore = async ({ again }: Pick<Dialect, 'again'>, repeatable: Repeatable | undefined) => {
    const before = repeatable && (await services.operations.repeated(repeatable))
    return before === 'another-request' ? usedOtherwise : before && again?.(before)
  }

  /** What starts nothing does not count. */
  const counted = async (client: string, handle: () => ReturnType<Route['handle']>) => {
    let isStarted = false
    try {
      const reply = await handle()
      isStarted = hasStarted(reply)
      return reply
    } finally {
      if (!isStarted) await limits.giveBack(client)
    }
  }

  const replyOf = ({ basePath, route }: Endpoint, { location, body }: Answer<unknown>): Success => {
    const headers = location === undefined ? {} : { location: `${publicUrl}${basePath}${location}` }
    return { kind: 'reply', status: route.success.status, headers, body }
  }

  return async (message) => {
    const { correlator, refusal } = correlate(message)
    const logger = outside.logger.child({ correlator })
    const reply = refusal ?? (await answerTo(message, correlator).catch((error: unknown) => refusalOf(error, logger)))
    const answer = httpAnswerOf(reply, correlator)
    logger.info({ method: message.method, path: message.path, status: answer.status, ...codeOf(reply) }, 'answered')
    return answer
  }
}

const hasStarted = (reply: Answer<unknown> | Refusal): boolean => reply.kind === 'answer' && !reply.isIdle

/** Whatever the route accepts is found again by the key. */
const remembering = (services: Services, repeatable: Repeatable): Services => {
  const { operations } = services
  const accept: typeof operations.accept = (asked) => operations.accept({ ...asked, repeatable })
  const acceptIfIdle: typeof operations.acceptIfIdle = (asked) => operations.acceptIfIdle({ ...asked, repeatable })
  return { ...services, operations: { ...operations, accept, acceptIfIdle } }
}

interface Call {
  readonly message: HttpMessage
  readonly client: string
  readonly tenant: string
  readonly correlator: string
  readonly params: Readonly<Record<string, string>>
}

interface Success {
  readonly kind: 'reply'
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}
type Reply = Refusal | Success

const openReplyOf = (body: unknown): Success => {
  if (!isOpenDocument(body)) return { kind: 'reply', status: 200, body }
  const { contentType, text, policy } = body
  const headers = { 'content-type': contentType, ...(policy !== undefined && { 'content-security-policy': policy }) }
  return { kind: 'reply', status: 200, headers, body: text }
}

/** The first of each name counts. */
const queryOf = ({ query = {} }: Route, message: HttpMessage): Readonly<Record<string, string>> => {
  const sent = new URLSearchParams(message.query)
  return Object.fromEntries(
    Object.keys(query).flatMap((name) => {
      const value = sent.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}

const readBody = ({ body, route }: Endpoint, message: HttpMessage): Refusal | { kind: 'body'; value: unknown } => {
  if (!hasBody(route)) return { kind: 'body', value: undefined }
  const json = readJson(message)
  if (json.kind === 'refusal') return json
  const validated = body(json.value)
  if (validated.kind === 'invalid') return refuse('INVALID_ARGUMENT', validated.why)
  return { kind: 'body', value: validated.value }
}

const hasBody = (route: Route): boolean => route.body !== undefined

const refusalOf = (error: unknown, logger: Outside['logger']): Refusal => {
  if (error instanceof PlatformUnavailable) {
    logger.warn({ error: error.message }, 'the RSP platform does not answer')
    return refuse('UNAVAILABLE', 'The RSP platform does not answer.', { headers: { 'retry-after': '5' } })
  }
  if (error instanceof RepeatedMeanwhile) return usedOtherwise
  if (error instanceof DatabaseUnavailable) {
    logger.warn({ error: error.message }, 'the database does not answer')
    return refuse('UNAVAILABLE', 'The provider cannot read or write now.', { headers: { 'retry-after': '5' } })
  }
  logger.error({ err: error }, 'a request failed inside')
  return refuse('INTERNAL', 'The provider failed.')
}

const codeOf = (reply: Reply) => (reply.kind === 'refusal' ? { code: reply.code, why: reply.message } : {})

const httpAnswerOf = (reply: Reply, correlator: string): HttpAnswer => {
  const headers = {
    ...securityHeaders,
    ...(reply.kind === 'reply' && reply.body === undefined ? {} : { 'content-type': 'application/json' }),
    'x-correlator': correlator,
    ...reply.headers,
  }
  if (reply.kind === 'reply') return { status: reply.status, headers, body: reply.body }
  const { code, message, status = statusOf[code] } = reply
  return { status, headers, body: { status, code, message } }
}

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
