/** How a scenario builds and sends its requests. */
import { randomUUID } from 'node:crypto'
import type { Tenant } from '../authorization/client-http.ts'
import type { ForgedToken } from '../authorization/forge.ts'
import { type RequestName, type Route, routes } from '../dialects/esim-management-0.1.ts'
import { type Exchange, HttpFailure, type HttpRequest } from '../runner/http.ts'
import type { Session } from '../runner/session.ts'
import { eidOf, latestDevice, type ScenarioDevice, subjectOf } from './devices.ts'
import { inboxOf } from './events.ts'
import { withValueAt } from './json-path.ts'
import { observeAnswer } from './observe.ts'
import { registerOperation } from './operations.ts'
import type { ScenarioWorld } from './world.ts'

export type Credentials =
  | { readonly kind: 'valid'; readonly tenant: Tenant }
  | { readonly kind: 'scopes'; readonly scopes: readonly string[] }
  | { readonly kind: 'forged'; readonly forgery: ForgedToken }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'none' }

export interface Draft {
  credentials: Credentials
  /** `new`: a UUID for each request. */
  correlator: 'new' | 'none' | { readonly value: string }
  contentType: string
  /** Changes to the body of the next request, in order; an undefined value removes. */
  edits: { readonly path: string; readonly value: unknown }[]
  /** The next body as it is, instead of JSON. */
  rawBody: string | undefined
  /** Name of the scenario's sink. */
  sink: string
}

export const newDraft = (tenant: Tenant = 'own'): Draft => ({
  credentials: { kind: 'valid', tenant },
  correlator: 'new',
  contentType: 'application/json',
  edits: [],
  rawBody: undefined,
  sink: '',
})

/** What a request is about: an eSIM by its name in the scenario, or else an eUICC, the latest unless it says which. */
export interface Aim {
  readonly alias?: string
  readonly device?: ScenarioDevice
  /** Without one, an operation that nobody knows. */
  readonly operationId?: string
}

interface Target {
  readonly device: ScenarioDevice
  readonly body: object
}

/** Sends a request of the API, keeps it as evidence, and looks at what must hold for every answer. */
export async function send(
  world: ScenarioWorld,
  name: RequestName,
  aim: Aim = {},
  draft = world.draft,
): Promise<Exchange> {
  const { session } = world
  const route: Route = routes[name]
  const { device, body } = await targetOf(world, name, aim)
  const baseline = route.starts === undefined ? 0 : await sequenceOf(session, device)
  const exchange = await answered(session, {
    method: route.method,
    url: `${session.target}${route.path.replace('{operationId}', encodeURIComponent(aim.operationId ?? randomUUID()))}`,
    headers: await headersOf(session, draft, route),
    ...(route.method === 'GET' ? {} : { body: draft.rawBody ?? bodyText(world, draft, { route, body }) }),
  })
  Object.assign(draft, { edits: [], rawBody: undefined })
  world.exchanges.push(exchange)
  if (draft === world.draft) world.asked = exchange
  observeAnswer(world, exchange, name)
  if (route.starts !== undefined && exchange.response.status === 202) {
    registerOperation(world, { name: route.starts, exchange, device, baseline })
  }
  return exchange
}

/** A request outside the API's paths or methods. */
export async function sendElsewhere(world: ScenarioWorld, method: string, path: string): Promise<Exchange> {
  const { session, draft } = world
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{}' } : {}
  const headers = await headersOf(session, draft, routes.getEsimStatus)
  const exchange = await answered(session, { method, url: `${session.target}${path}`, headers, ...body })
  world.exchanges.push(exchange)
  world.asked = exchange
  observeAnswer(world, exchange)
  return exchange
}

/** A target that is there but gives no answer is wrong, not unreachable: status 0. */
async function answered({ api, clock }: Session, request: HttpRequest): Promise<Exchange> {
  const sentAt = clock.now()
  return api(request).catch((error: unknown) => {
    if (!(error instanceof HttpFailure) || error.kind === 'unreachable') throw error
    return { request, response: { status: 0, headers: {}, body: error.message }, sentAt, receivedAt: clock.now() }
  })
}

async function sequenceOf({ testbed }: Session, { leased }: ScenarioDevice): Promise<number> {
  return leased === undefined ? 0 : (await testbed.device((await leased).lease.eid)).sequence
}

async function targetOf(
  world: ScenarioWorld,
  name: RequestName,
  { alias, device = latestDevice(world) }: Aim,
): Promise<Target> {
  if (name === 'retrieveOperation') return { device, body: {} }
  if (alias === undefined) return { device, body: { esim: { eid: await eidOf(world, device) } } }
  const { eid, iccid, activationCode = 'LPA:1$smdp.example.com$NO-ORDER', ...subject } = await subjectOf(world, alias)
  const body = name === 'downloadEsim' ? { esim: { eid, iccid }, activationCode } : { esim: { iccid } }
  return { device: subject.device, body }
}

function bodyText(world: ScenarioWorld, draft: Draft, { route, body }: { route: Route; body: object }): string {
  const complete = route.starts === undefined ? body : { ...body, sink: inboxOf(world, draft.sink).url }
  return JSON.stringify(
    draft.edits.reduce<unknown>((edited, { path, value }) => withValueAt(edited, path, value), complete),
  )
}

async function headersOf(
  { authorization }: Session,
  draft: Draft,
  { method, scope }: Route,
): Promise<Record<string, string>> {
  const correlator =
    typeof draft.correlator === 'object'
      ? draft.correlator.value
      : draft.correlator === 'new'
        ? randomUUID()
        : undefined
  const credentials = await authorizationOf(draft.credentials, scope, authorization)
  return {
    accept: 'application/json',
    ...(method === 'GET' ? {} : { 'content-type': draft.contentType }),
    ...(credentials === undefined ? {} : { authorization: credentials }),
    ...(correlator === undefined ? {} : { 'x-correlator': correlator }),
  }
}

/** A valid token has the scope of the request and no other. */
async function authorizationOf(credentials: Credentials, scope: string, authorization: Session['authorization']) {
  switch (credentials.kind) {
    case 'none':
      return undefined
    case 'literal':
      return credentials.value
    case 'valid':
      return `Bearer ${await authorization.token([scope], credentials.tenant)}`
    case 'scopes':
      return `Bearer ${await authorization.token(credentials.scopes)}`
    case 'forged':
      return `Bearer ${await authorization.forged(credentials.forgery, [scope])}`
  }
}
