/** How a scenario of a test definition builds and sends its requests. */
import { randomUUID } from 'node:crypto'
import type { Exchange, HttpFailure } from '../runner/http.ts'
import { valueAt, withValueAt } from '../scenario/json-path.ts'
import type { ApiOperation } from './openapi.ts'
import { sampleOf } from './sample.ts'
import { type Later, NotAvailable, type Token, type UpstreamDraft, type UpstreamWorld } from './world.ts'

/** "a valid EID". Throws NotAvailable when nobody has one. */
export const validOf =
  (world: UpstreamWorld, name: string): Later =>
  async ({ operationId }) => {
    const value = await world.assets.find(name, operationId)
    if (value === undefined) throw new NotAvailable(`nobody has named ${name}: give it in --assets`)
    return value
  }

/** The smallest body that complies, with the environment's own values where a member's name is that of an asset. */
export const compliantBody =
  (world: UpstreamWorld, schema: unknown): Later =>
  async (operation) => {
    const { api } = world.session
    const names = new Set<string>()
    sampleOf(api, schema ?? operation.body, (name) => void names.add(name))
    const known = new Map<string, unknown>()
    for (const name of names) if (name !== '') known.set(name, await world.assets.find(name, operation.operationId))
    return sampleOf(api, schema ?? operation.body, (name) => known.get(name))
  }

export async function send(world: UpstreamWorld, operation: ApiOperation, draft = world.draft): Promise<Exchange> {
  const { target, http, clock } = world.session
  const body = operation.method === 'GET' ? undefined : await bodyOf(world, draft, operation)
  const request = {
    method: operation.method,
    url: `${target}${await pathOf(draft, operation)}`,
    headers: await headersOf(world, draft, operation),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
  const sentAt = clock.now()
  const exchange = await http(request).catch((error: unknown) => {
    if ((error as Partial<HttpFailure>).kind !== 'no-answer') throw error
    return { request, response: { status: 0, headers: {}, body: String(error) }, sentAt, receivedAt: clock.now() }
  })
  world.exchanges.push(exchange)
  if (draft === world.draft) world.asked = { operation, exchange }
  return exchange
}

async function pathOf({ resource, path, query }: UpstreamDraft, operation: ApiOperation): Promise<string> {
  let filled = resource ?? operation.path
  for (const [name, value] of path)
    filled = filled.replace(`{${name}}`, encodeURIComponent(String(await value(operation))))
  const parameters = new URLSearchParams([...query]).toString()
  return parameters === '' ? filled : `${filled}?${parameters}`
}

async function bodyOf(world: UpstreamWorld, draft: UpstreamDraft, operation: ApiOperation): Promise<unknown> {
  const begun = draft.body ?? (draft.edits.length > 0 ? () => ({}) : compliantBody(world, undefined))
  if (draft.body === undefined && operation.body === undefined && draft.edits.length === 0) return undefined
  let body = await begun(operation)
  for (const { path, value } of draft.edits) body = withValueAt(body, path, await value(operation))
  return body
}

async function headersOf(world: UpstreamWorld, { headers, token }: UpstreamDraft, operation: ApiOperation) {
  const authorization = await authorizationOf(world, token, operation)
  return {
    accept: 'application/json',
    ...Object.fromEntries([...headers].filter(([name]) => name !== 'content-type' || operation.method !== 'GET')),
    ...(authorization === undefined ? {} : { authorization }),
  }
}

async function authorizationOf({ session: { authorization } }: UpstreamWorld, token: Token, { scopes }: ApiOperation) {
  if (token.kind === 'none') return undefined
  if (token.kind === 'literal') return token.value
  if (token.kind === 'valid') return `Bearer ${await authorization.token(scopes)}`
  if (token.kind === 'scopes') return `Bearer ${await authorization.token(token.scopes)}`
  if (token.forgery === 'expired' && !authorization.canSign)
    throw new NotAvailable('without the signing key of the issuer no expired token can be made')
  return `Bearer ${await authorization.forged(token.forgery, scopes)}`
}

/** The id of something that an earlier request of this consumer made: asked for now, when the assets do not name one. */
export const existingId =
  (world: UpstreamWorld, name: string, member: string): Later =>
  async (operation) => {
    const named = await world.assets.find(name, operation.operationId)
    if (named !== undefined) return named
    const maker = makerOf(world)
    if (maker === undefined) throw new NotAvailable(`nobody has named ${name}, and no operation makes one`)
    const draft: UpstreamDraft = {
      ...world.draft,
      resource: undefined,
      token: { kind: 'valid' },
      headers: new Map([...world.draft.headers, ['content-type', 'application/json'], ['x-correlator', randomUUID()]]),
      path: new Map(),
      query: new Map(),
      body: compliantBody(world, undefined),
      edits: [],
    }
    const { response } = await send(world, maker, draft)
    const id = valueAt(response.json, `$.${member}`)
    if (id === undefined)
      world.fail({
        what: `answer to ${maker.operationId}`,
        expected: `a ${member}`,
        actual: `${response.status} ${response.body}`,
      })
    return id
  }

/** An operation that begins something: one that changes a state rather than one that spends an order. */
function makerOf({ session: { api } }: UpstreamWorld): ApiOperation | undefined {
  const makers = [...api.operations.values()].filter(
    ({ method, answers }) => method === 'POST' && ('202' in answers || '201' in answers),
  )
  return makers.find(({ operationId }) => /^(enable|create)/i.test(operationId)) ?? makers[0]
}
