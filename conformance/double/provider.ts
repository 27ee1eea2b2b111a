/** A small correct provider of esim-management@0.1 over devices in memory. The runner must pass it, and mutants are layers over it. */
import { randomUUID } from 'node:crypto'
import type { Route } from '../dialects/dialect.ts'
import { routes } from '../dialects/esim-management-0.1.ts'

type RequestName = keyof typeof routes

import type { Ics } from '../ics/ics.ts'
import type { AuthorizationDouble } from './authorization.ts'
import type { DevicePool } from './device-pool.ts'
import { json, type RunningServer, type ServerAnswer, type ServerRequest, serve } from './http.ts'
import { createOperations, type Operations, type StartBody } from './operations.ts'
import { bodySchemas } from './provider-schemas.ts'

export interface ProviderOptions {
  readonly pool: DevicePool
  readonly authorization: AuthorizationDouble
  readonly ics: Ics
}

interface Call {
  readonly name: RequestName
  readonly route: Route
  readonly operationId: string
  readonly body: unknown
  readonly tenant: string
}

class Refusal extends Error {
  readonly answer: ServerAnswer
  constructor(status: number, code: string, headers: Record<string, string> = {}) {
    super(code)
    this.name = 'Refusal'
    this.answer = json(status, { status, code, message: `The request was refused: ${code}.` }, headers)
  }
}

const CORRELATOR = /^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$/

export async function startProvider(options: ProviderOptions): Promise<RunningServer> {
  const operations = createOperations(options)
  const server = await serve(async (request) => {
    const sent = request.headers['x-correlator']
    const correlator = sent !== undefined && CORRELATOR.test(sent) ? sent : randomUUID()
    const answer = await answerTo(request, options, operations).catch((error: unknown) => {
      if (error instanceof Refusal) return error.answer
      throw error
    })
    return { ...answer, headers: { ...answer.headers, 'x-correlator': correlator } }
  })
  return {
    url: server.url,
    close: () => {
      operations.stop()
      return server.close()
    },
  }
}

async function answerTo(
  request: ServerRequest,
  options: ProviderOptions,
  operations: Operations,
): Promise<ServerAnswer> {
  const sent = request.headers['x-correlator']
  if (sent !== undefined && !CORRELATOR.test(sent)) throw new Refusal(400, 'INVALID_ARGUMENT')
  const call = await admit(request, options)
  if (call.name === 'retrieveOperation') return readOperation(call, operations)
  return call.name === 'getEsimStatus' ? readStatus(call, options) : start(call, options, operations)
}

/** The checks that come before anything is looked at, in their order. */
async function admit(request: ServerRequest, { authorization, ics }: ProviderOptions): Promise<Call> {
  const { name, route, operationId } = routeOf(request)
  const token = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1] ?? ''
  const access = await authorization.verify(token)
  if (access === undefined) throw new Refusal(401, 'UNAUTHENTICATED', { 'www-authenticate': 'Bearer' })
  if (!access.scopes.includes(route.scope)) throw new Refusal(403, 'PERMISSION_DENIED')
  const body = name === 'retrieveOperation' ? undefined : bodyOf(name, request, ics.limits.bodyOctets)
  return { name, route, operationId, body, tenant: access.tenant }
}

function routeOf({ method, path }: ServerRequest): { name: RequestName; route: Route; operationId: string } {
  for (const [name, route] of Object.entries(routes)) {
    const [, operationId = ''] = new RegExp(`^${route.path.replace('{operationId}', '([^/]+)')}$`).exec(path) ?? ['']
    if (path !== route.path.replace('{operationId}', operationId)) continue
    if (method !== route.method) throw new Refusal(405, 'METHOD_NOT_ALLOWED', { allow: route.method })
    return { name: name as RequestName, route, operationId }
  }
  throw new Refusal(404, 'NOT_FOUND')
}

function bodyOf(name: keyof typeof bodySchemas, { headers, body }: ServerRequest, limit: number): unknown {
  if (Buffer.byteLength(body) > limit) throw new Refusal(413, 'INVALID_ARGUMENT')
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE')
  let content: unknown
  try {
    content = JSON.parse(body)
  } catch {
    throw new Refusal(400, 'INVALID_ARGUMENT')
  }
  if (!bodySchemas[name](content)) throw new Refusal(400, 'INVALID_ARGUMENT')
  return content
}

function readOperation({ operationId, tenant }: Call, operations: Operations): ServerAnswer {
  const operation = operations.find(operationId)
  if (operation === undefined || operation.owner !== tenant) throw new Refusal(404, 'NOT_FOUND')
  return json(200, operation.view())
}

type RefusalTable = Readonly<Record<Ics['readings']['unknownIdentifier'], readonly [number, string]>>
const statusRefusals: RefusalTable = {
  '422': [404, 'IDENTIFIER_NOT_FOUND'],
  '404': [404, 'IDENTIFIER_NOT_FOUND'],
  '403': [403, 'PERMISSION_DENIED'],
}
const startRefusals: RefusalTable = { ...statusRefusals, '422': [422, 'SERVICE_NOT_APPLICABLE'] }

function readStatus({ body, tenant }: Call, { pool, ics }: ProviderOptions): ServerAnswer {
  const { eid, iccid } = (body as { esim: { eid?: string; iccid?: string } }).esim
  const card = eid === undefined ? pool.cardOf(iccid ?? '') : pool.find(eid)
  if (card?.owner !== tenant) throw new Refusal(...statusRefusals[ics.readings.unknownIdentifier])
  const shown = card.profiles.filter((profile) => iccid === undefined || profile.iccid === iccid)
  if (iccid !== undefined && shown.length === 0) {
    if (pool.cardOf(iccid)?.owner === tenant) throw new Refusal(422, 'SERVICE_NOT_APPLICABLE')
    throw new Refusal(...statusRefusals[ics.readings.unknownIdentifier])
  }
  const esims = shown.map((profile) => ({
    eid: card.eid,
    iccid: profile.iccid,
    state: profile.state,
    isFallback: profile.fallbackAttribute,
  }))
  return json(200, { esims })
}

const conflicts: Partial<Record<string, readonly ['enabled' | 'disabled', string]>> = {
  enable: ['disabled', 'ESIM_NOT_DISABLED'],
  disable: ['enabled', 'ESIM_NOT_ENABLED'],
  'set-fallback': ['disabled', 'ESIM_NOT_DISABLED'],
}

function start({ route, body, tenant }: Call, { pool, ics }: ProviderOptions, operations: Operations): ServerAnswer {
  const { esim } = body as StartBody
  const operation = route.starts ?? 'download'
  const byIccid = pool.cardOf(esim.iccid)
  const card = operation === 'download' ? pool.find(esim.eid ?? '') : byIccid
  if (card?.owner !== tenant) throw new Refusal(...startRefusals[ics.readings.unknownIdentifier])
  if (esim.eid !== undefined && esim.eid !== card.eid) throw new Refusal(422, 'SERVICE_NOT_APPLICABLE')
  const state = card.profiles.find(({ iccid }) => iccid === esim.iccid)?.state
  const [wanted, code = ''] = conflicts[operation] ?? []
  if (ics.readings.stateConflicts === 'synchronous' && wanted !== undefined && state !== wanted)
    throw new Refusal(422, code)
  return json(202, operations.start(operation, card, body as StartBody).view())
}
