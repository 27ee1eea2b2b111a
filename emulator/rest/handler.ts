import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { HttpAnswer, HttpHandler, HttpMessage } from '../ports/index.ts'
import { openApi } from './open-api.ts'
import { type Call, type JsonSchema, problem, type Reply, type RestApi, type Route } from './route.ts'

interface CompiledRoute {
  readonly route: Route
  readonly pattern: RegExp
  readonly check: (call: Call) => string | undefined
}

/** Throws on octets that are no UTF-8. */
const utf8 = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()

const ajv = new Ajv({ coerceTypes: false, allowUnionTypes: true, strictRequired: false })
const coercing = new Ajv({ coerceTypes: true, useDefaults: true })

/** The handler of a table of routes. The OpenAPI document of the same table is at `{base}/openapi.json`. */
export function restHandler(api: RestApi): HttpHandler {
  const compiled = api.routes.map(compile)
  const document = openApi(api)
  return async (message) => {
    const [pathname, search] = splitPath(message.path)
    if (pathname === `${api.base}/openapi.json`) return toAnswer({ status: 200, body: document })
    if (api.token && message.headers['authorization'] !== `Bearer ${api.token}`) return toAnswer(unauthorized)
    const path = pathname.startsWith(api.base) ? pathname.slice(api.base.length) || '/' : undefined
    const match = path === undefined ? undefined : matchOf(compiled, message.method, path)
    if (!match || path === undefined) return toAnswer(notFound(compiled, path))
    const query = search === '' ? {} : Object.fromEntries(new URLSearchParams(search))
    return toAnswer(await answer(api, match.found, { message, parameters: match.parameters, query }))
  }
}

/** Before and behind the first question mark. */
function splitPath(path: string): readonly [string, string] {
  const at = path.indexOf('?')
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)]
}

function matchOf(compiled: readonly CompiledRoute[], method: string, path: string) {
  for (const found of compiled) {
    const match = found.route.method === method ? found.pattern.exec(path) : null
    if (match) return { found, parameters: { ...match.groups } }
  }
  return undefined
}

const unauthorized: Reply = {
  ...problem(401, 'A bearer token is required'),
  headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
}

/** Nothing at all is there, or something that has other methods. */
function notFound(compiled: readonly CompiledRoute[], path: string | undefined): Reply {
  const found = path === undefined ? [] : compiled.filter(({ pattern }) => pattern.test(path))
  if (found.length === 0) return problem(404, 'No such resource')
  const allow = found.map(({ route }) => route.method).join(', ')
  const reply = problem(405, 'Method not allowed', `Allowed here: ${allow}.`)
  return { ...reply, headers: { ...reply.headers, allow } }
}

interface Incoming {
  readonly message: HttpMessage
  readonly parameters: Record<string, string>
  readonly query: Record<string, string>
}

async function answer(
  api: RestApi,
  { route, check }: CompiledRoute,
  { message, parameters, query }: Incoming,
): Promise<Reply> {
  const body = readBody(route, message)
  if ('refusal' in body) return body.refusal
  const call = { parameters, query, body: body.value, headers: message.headers }
  const fault = check(call)
  if (fault !== undefined) return problem(400, 'The request does not match its schema', fault)
  try {
    return await route.handle(call)
  } catch (error) {
    api.onError?.(error)
    return problem(500, 'Internal error')
  }
}

function readBody({ body, text }: Route, message: HttpMessage): { value: unknown } | { refusal: Reply } {
  if (body) return readJson(message)
  return text === undefined ? { value: undefined } : readText(message, text)
}

function readText({ headers, body }: HttpMessage, mediaType: string): { value: string } | { refusal: Reply } {
  if (headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== mediaType)
    return { refusal: problem(415, 'Unsupported media type', `Send ${mediaType}.`) }
  try {
    return { value: utf8.decode(body) }
  } catch {
    return { refusal: problem(400, 'The body is not UTF-8') }
  }
}

function readJson({ headers, body }: HttpMessage): { value: unknown } | { refusal: Reply } {
  if (!/^application\/(.+\+)?json\b/i.test(headers['content-type'] ?? ''))
    return { refusal: problem(415, 'Unsupported media type', 'Send application/json.') }
  try {
    return { value: JSON.parse(utf8.decode(body)) }
  } catch (error) {
    return { refusal: problem(400, 'The body is not JSON', (error as Error).message) }
  }
}

function compile(route: Route): CompiledRoute {
  const pattern = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
  const parameters = validator(coercing, asObject(route.parameters ?? {}, true), 'path parameter ')
  const headers = validator(coercing, { type: 'object', properties: route.headers ?? {} }, 'header ')
  const query = validator(coercing, asObject(route.query ?? {}, false), 'query parameter ')
  const body = route.body ? validator(ajv, route.body, '') : () => undefined
  const check: CompiledRoute['check'] = (call) =>
    parameters(call.parameters) ?? query(call.query) ?? headers(call.headers) ?? body(call.body)
  return { route, pattern, check }
}

const asObject = (properties: Readonly<Record<string, JsonSchema>>, required: boolean): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required ? { required: Object.keys(properties) } : {}),
})

/** Compiled with its first use: half of a server's start would be schemas that nobody calls. */
function validator(engine: Ajv, schema: JsonSchema, where: string): (value: unknown) => string | undefined {
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= engine.compile(schema)
    return validate(value) ? undefined : where + sentence(validate.errors?.[0])
  }
}

function sentence(error: ErrorObject | undefined): string {
  const path = error?.instancePath || '/'
  if (error?.keyword === 'additionalProperties')
    return `${path} has the unknown property ${error.params['additionalProperty']}`
  return `${path} ${error?.message ?? 'is wrong'}`
}

function toAnswer({ status, headers = {}, body, pieces }: Reply): HttpAnswer {
  if (pieces) return { status, headers, body: new Uint8Array(), pieces }
  if (body === undefined) return { status, headers, body: new Uint8Array() }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: encoder.encode(text) }
}
