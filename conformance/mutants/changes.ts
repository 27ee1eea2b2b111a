/** The small words in which mutants are written. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { Route } from '../dialects/dialect.ts'
import { routes } from '../dialects/esim-management-0.1.ts'
import { readJson } from '../runner/http.ts'
import type { ApiAnswer, ApiRequest, Attempt, Edge, Layer } from './layer.ts'

// biome-ignore lint/suspicious/noExplicitAny: mutants put anything anywhere
export type Json = any

export const parsed = ({ body }: { readonly body: string }): Json => readJson(body).json

/** The message with its JSON body changed; one without JSON stays. */
export function edited<Message extends { readonly body: string }>(
  message: Message,
  change: (json: Json) => Json,
): Message {
  const json = parsed(message)
  return json === undefined || json === null ? message : { ...message, body: JSON.stringify(change(json)) }
}

export const header = <Message extends { readonly headers: Readonly<Record<string, string>> }>(
  message: Message,
  name: string,
  value?: string,
): Message => {
  const { [name]: _, ...others } = message.headers
  return { ...message, headers: value === undefined ? others : { ...others, [name]: value } }
}

export const error = (status: number, code: string, { headers }: ApiAnswer): ApiAnswer => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify({ status, code, message: 'Something is wrong.' }),
})

export const routeOf = ({ path }: ApiRequest): Route | undefined =>
  Object.values(routes).find(
    (route) => path === route.path || (route.path.includes('{') && path.startsWith('/esim/operations/')),
  )

export const starts = (request: ApiRequest, ...names: readonly string[]): boolean => {
  const started = request.method === 'POST' ? routeOf(request)?.starts : undefined
  return started !== undefined && (names.length === 0 || names.includes(started))
}
export const readsOperation = ({ method, path }: ApiRequest): boolean =>
  method === 'GET' && path.startsWith('/esim/operations/')
export const readsStatus = ({ path }: ApiRequest): boolean => path === routes.getEsimStatus.path

/** Changes answers. */
export const answers =
  (change: (answer: ApiAnswer, request: ApiRequest, edge: Edge) => ApiAnswer | Promise<ApiAnswer>): (() => Layer) =>
  () => ({ api: async (request, edge) => change(await edge.ask(request), request, edge) })

/** Changes requests before the provider sees them. */
export const requests =
  (change: (request: ApiRequest, edge: Edge) => ApiRequest | Promise<ApiRequest>): (() => Layer) =>
  () => ({ api: async (request, edge) => edge.ask(await change(request, edge)) })

/** Changes events on their way to the sink. */
export const attempts =
  (change: (attempt: Attempt) => Attempt): (() => Layer) =>
  () => ({ event: (attempt, edge) => edge.deliver(change(attempt)) })

/** Changes what the sink's answer means to the provider. */
export const verdicts =
  (change: (status: number) => number): (() => Layer) =>
  () => ({ event: async (attempt, edge) => change(await edge.deliver(attempt)) })

/** With a genuine token in the place of the one that was sent, when that one is of this kind. */
export const trusting = (isTrusted: (claims: Json, header: string) => boolean): (() => Layer) =>
  requests(async (request, edge) => {
    const sent = request.headers['authorization'] ?? ''
    const { scope } = routeOf(request) ?? {}
    if (scope === undefined || !isTrusted(claimsOf(sent), sent)) return request
    return header(request, 'authorization', `Bearer ${await edge.token([scope])}`)
  })

export function claimsOf(authorization: string): Json {
  try {
    return decodeJwt(authorization.replace(/^Bearer /, ''))
  } catch {
    return undefined
  }
}

/** The header of a token. */
export function tokenHeaderOf(authorization: string): Json {
  try {
    return decodeProtectedHeader(authorization.replace(/^Bearer /, ''))
  } catch {
    return undefined
  }
}

/** As the other tenant, or with more scopes. */
export const asOther = async (request: ApiRequest, edge: Edge): Promise<ApiRequest> =>
  header(request, 'authorization', `Bearer ${await edge.token([routeOf(request)?.scope ?? ''], 'other')}`)

export const ask = async (
  edge: Edge,
  path: string,
  body: Json,
  tenant: 'own' | 'other' = 'own',
): Promise<ApiAnswer> => {
  const method = body === undefined ? 'GET' : 'POST'
  const { scope = '' } = routeOf({ method, path, headers: {}, body: '' }) ?? {}
  const headers = { authorization: `Bearer ${await edge.token([scope], tenant)}`, 'content-type': 'application/json' }
  return edge.ask({ method, path, headers, body: body === undefined ? '' : JSON.stringify(body) })
}

/** Asks the provider until the operation is completed. */
export async function completed(edge: Edge, operationId: string): Promise<Json> {
  for (;;) {
    const operation = parsed(await ask(edge, `/esim/operations/${operationId}`, undefined))
    if (operation?.status !== 'accepted') return operation
    await edge.sleep(10)
  }
}

const eventNames: Readonly<Record<string, string>> = {
  download: 'esim-downloaded',
  enable: 'esim-enabled',
  disable: 'esim-disabled',
  delete: 'esim-deleted',
  'set-fallback': 'esim-fallback-set',
}

/** An event that nobody has sent yet. */
export function inventedEvent(sink: string, operation: Json, eid: string): Attempt {
  const now = new Date().toISOString()
  const result = { outcome: 'success', completedAt: now }
  const event = {
    specversion: '1.0',
    id: `invented-${operation.operationId}`,
    source: 'urn:example:mutant',
    type: `org.camaraproject.esim-management.v0.${eventNames[operation.operation]}`,
    time: now,
    datacontenttype: 'application/json',
    data: { ...operation, esim: { eid, iccid: operation.esim.iccid }, status: 'completed', result },
  }
  return { sink, headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(event) }
}
