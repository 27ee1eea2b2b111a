/** OpenAPI 3.0.3 document of a dialect, made from the rows that the shell runs. */
import type { Dialect } from '../dialects/dialect.ts'
import type { Schema } from '../schema.ts'
import { correlatorPatterns } from './correlator.ts'
import { type ErrorCode, statusOf } from './errors.ts'
import { type Route, startsOperation } from './route.ts'

interface Where {
  readonly publicUrl: string
  readonly issuer: string
}

const correlatorSchema = ({ correlator }: Dialect) => ({ type: 'string', pattern: correlatorPatterns[correlator] })
const json = (schema: Schema<unknown>) => ({ 'application/json': { schema } })

/** What the shell answers by itself, on every route; the last two only where there is a body. */
const shellErrors: readonly ErrorCode[] = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'TOO_MANY_REQUESTS',
  'INTERNAL',
  'UNAVAILABLE',
]

/** What it answers where an operation would have been started. */
const startErrors: readonly ErrorCode[] = ['IDEMPOTENCY_KEY_REUSED', 'QUOTA_EXCEEDED']

export const openApiOf = (dialect: Dialect, { publicUrl, issuer }: Where) => ({
  openapi: '3.0.3',
  info: {
    title: dialect.title,
    version: dialect.version,
    description: dialect.description,
    license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0.html' },
  },
  servers: [{ url: `${publicUrl}${dialect.basePath}` }],
  paths: pathsOf(dialect.routes),
  components: {
    securitySchemes: {
      openId: {
        type: 'openIdConnect',
        openIdConnectUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      },
      sink: { type: 'http', scheme: 'bearer', description: 'sinkCredential of the request.' },
    },
    headers: {
      'x-correlator': { description: 'As sent, or made for this request.', schema: correlatorSchema(dialect) },
    },
    parameters: {
      'x-correlator': {
        name: 'x-correlator',
        in: 'header',
        description: 'Echoed in the answer.',
        schema: correlatorSchema(dialect),
      },
      'Idempotency-Key': {
        name: 'Idempotency-Key',
        in: 'header',
        description: 'A request that comes again with the same key starts nothing again and is answered as before.',
        schema: { type: 'string', minLength: 1, maxLength: 257 },
      },
    },
  },
})

const pathsOf = (routes: readonly Route[]) => {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) }
  return paths
}

const operationOf = (route: Route) => ({
  operationId: route.operationId,
  summary: route.summary,
  description: route.description,
  security: [{ openId: [route.scope] }],
  parameters: [
    { $ref: '#/components/parameters/x-correlator' },
    ...(startsOperation(route) ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
    ...pathParameters(route),
    ...queryParameters(route),
  ],
  ...(route.body && { requestBody: { required: true, content: json(route.body) } }),
  responses: responsesOf(route),
  ...(route.callback && { callbacks: callbackOf(route.callback) }),
})

const pathParameters = ({ params = {} }: Route) =>
  Object.entries(params).map(([name, schema]) => ({ name, in: 'path', required: true, schema }))

const queryParameters = ({ query = {} }: Route) =>
  Object.entries(query).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))

const responsesOf = (route: Route) => {
  const { status, description, body, location } = route.success
  const located = location && {
    Location: { description: location, required: true, schema: { type: 'string', format: 'uri' } },
  }
  return {
    [status]: { description, headers: { ...headers, ...located }, ...(body && { content: json(body) }) },
    ...errorResponses([...shellErrors, ...(startsOperation(route) ? startErrors : []), ...route.errors]),
    ...(route.body && { 413: error(413, ['INVALID_ARGUMENT']), 415: error(415, ['UNSUPPORTED_MEDIA_TYPE']) }),
  }
}

const headers = { 'x-correlator': { $ref: '#/components/headers/x-correlator' } }

const errorResponses = (codes: readonly ErrorCode[]) => {
  const statuses = new Set(codes.map((code) => statusOf[code]))
  const ofStatus = (status: number) => [...new Set(codes)].filter((code) => statusOf[code] === status)
  return Object.fromEntries([...statuses].map((status) => [status, error(status, ofStatus(status))]))
}

const error = (status: number, codes: readonly ErrorCode[]) => ({
  description: codes.join(' or '),
  headers,
  content: json({
    type: 'object',
    required: ['status', 'code', 'message'],
    properties: {
      status: { type: 'integer', enum: [status] },
      code: { type: 'string', enum: codes },
      message: { type: 'string' },
    },
  }),
})

const callbackOf = ({ summary, event }: NonNullable<Route['callback']>) => ({
  completed: {
    '{$request.body#/sink}': {
      post: {
        summary,
        security: [{}, { sink: [] }],
        requestBody: { required: true, content: { 'application/cloudevents+json': { schema: event } } },
        responses: { 204: { description: 'Received.' }, 410: { description: 'Do not send it again.' } },
      },
    },
  },
})
