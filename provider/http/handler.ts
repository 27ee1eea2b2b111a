/**
 * The shell around the dialects' routes: a pure function from message to answer. Checks in order: x-correlator, path, method, token,
 * scope, path parameters, media type, size, JSON, schema; then the route. The first that does not hold answers.
 */
import type { Access } from '../auth/access.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Outside } from '../outside.ts'
import { PlatformUnavailable } from '../rsp/platform.ts'
import type { Services } from '../services.ts'
import { readJson } from './body.ts'
import { correlatorOf } from './correlator.ts'
import { type Refusal, refuse, statusOf } from './errors.ts'
import type { HttpAnswer, HttpMessage } from './message.ts'
import type { Answer, Route } from './route.ts'
import { compileRoutes, type Endpoint } from './router.ts'

interface Handling {
  readonly dialects: readonly Dialect[]
  readonly access: Access
  readonly services: Services
  readonly outside: Pick<Outside, 'random' | 'logger'>
  /** What is read without a token: path -> body. */
  readonly open: Readonly<Record<string, () => Promise<unknown>>>
}

export type Handler = (message: HttpMessage) => Promise<HttpAnswer>

export const createHandler = ({ dialects, access, services, outside, open }: Handling): Handler => {
  const resolve = compileRoutes(dialects, open)

  const answerTo = async (message: HttpMessage, correlator: string): Promise<Reply> => {
    const found = resolve(message.method, message.path)
    if (found.kind === 'refusal') return found
    if (found.kind === 'open') return { kind: 'reply', status: 200, body: await found.read() }
    const client = await access.authorize(message.headers['authorization'], found.endpoint.route.scope)
    if (client.kind === 'refusal') return client
    return callRoute(found.endpoint, { message, tenant: client.tenant, correlator, params: found.params })
  }

  const callRoute = async (endpoint: Endpoint, call: Call): Promise<Reply> => {
    const params = endpoint.params(call.params)
    if (params.kind === 'invalid') return refuse('INVALID_ARGUMENT', params.why)
    const body = readBody(endpoint, call.message)
    if (body.kind === 'refusal') return body
    const { tenant, correlator } = call
    const reply: Answer<unknown> | Refusal = await endpoint.route.handle(
      { body: body.value, params: params.value, tenant, correlator },
      services,
    )
    return reply.kind === 'refusal' ? reply : { kind: 'reply', status: endpoint.route.success.status, body: reply.body }
  }

  return async (message) => {
    const { correlator, refusal } = correlatorOf(message.headers['x-correlator'], outside.random.uuid)
    const logger = outside.logger.child({ correlator })
    const reply = refusal ?? (await answerTo(message, correlator).catch((error: unknown) => refusalOf(error, logger)))
    const answer = httpAnswerOf(reply, correlator)
    logger.info({ method: message.method, path: message.path, status: answer.status, ...codeOf(reply) }, 'answered')
    return answer
  }
}

interface Call {
  readonly message: HttpMessage
  readonly tenant: string
  readonly correlator: string
  readonly params: Readonly<Record<string, string>>
}

type Reply = Refusal | { readonly kind: 'reply'; readonly status: number; readonly body: unknown }

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
  logger.error({ err: error }, 'a request failed inside')
  return refuse('INTERNAL', 'The provider failed.')
}

const codeOf = (reply: Reply) => (reply.kind === 'refusal' ? { code: reply.code, why: reply.message } : {})

const httpAnswerOf = (reply: Reply, correlator: string): HttpAnswer => {
  const headers = { ...securityHeaders, 'content-type': 'application/json', 'x-correlator': correlator }
  if (reply.kind === 'reply') return { status: reply.status, headers, body: reply.body }
  const { code, message, status = statusOf[code] } = reply
  return { status, headers: { ...headers, ...reply.headers }, body: { status, code, message } }
}

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
