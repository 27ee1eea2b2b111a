/** How a scenario builds and sends its requests. */
import { randomUUID } from 'node:crypto'
import { type OperationName, type RequestName, type Route, routes } from '../dialects/esim-management-0.1.ts'
import { type Exchange, type HttpFailure, type HttpRequest, readJson } from '../runner/http.ts'
import type { Session } from '../runner/session.ts'
import { eidOf, latestDevice, subjectOf } from './devices.ts'
import { inboxOf } from './events.ts'
import { valueAt, withValueAt } from './json-path.ts'
import { type Credentials, type Draft, newDraft, type Scenario, type ScenarioDevice } from './model.ts'
import { observeAnswer } from './observe.ts'

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
export async function send(world: Scenario, name: RequestName, aim: Aim = {}, draft = world.draft): Promise<Exchange> {
  const { session } = world
  const route: Route = routes[name]
  const { device, body } = await targetOf(world, name, aim)
  const card = route.starts === undefined ? noCard : await cardNow(session, device)
  const exchange = await answered(session, {
    method: route.method,
    url: `${session.target}${route.path.replace('{operationId}', encodeURIComponent(aim.operationId ?? randomUUID()))}`,
    headers: await headersOf(session, draft, route),
    ...(route.method === 'GET' ? {} : { body: draft.rawBody ?? bodyText(world, draft, { route, body }) }),
  })
  Object.assign(draft, { edits: [], rawBody: undefined })
  world.exchanges.push(exchange)
  if (draft === world.draft) world.asked = { name, exchange }
  observeAnswer(world, exchange, name)
  if (route.starts !== undefined && exchange.response.status === 202) {
    registerOperation(world, { name: route.starts, exchange, device, card })
  }
  return exchange
}

interface Accepted {
  readonly name: OperationName
  readonly exchange: Exchange
  readonly device: ScenarioDevice
  readonly card: { readonly eid: string; readonly sequence: number }
}

function registerOperation(world: Scenario, { name, exchange, device, card }: Accepted): void {
  const { json: body } = readJson(exchange.request.body ?? '')
  const operationId = valueAt(exchange.response.json, '$.operationId')
  if (typeof operationId !== 'string') return
  if (world.operations.some((known) => known.operationId === operationId)) {
    world.note({
      requirement: 'esim-management/operations/own-id',
      what: '$.operationId',
      expected: 'an operationId of its own',
      actual: `${operationId}, which an earlier request got`,
    })
  }
  world.operations.push({
    name,
    operationId,
    eid: card.eid,
    iccid: String(valueAt(body, '$.esim.iccid')),
    device,
    baseline: card.sequence,
    activates: valueAt(body, '$.activateOnDownload') === true,
    alias: '',
    accepted: exchange,
    completed: undefined,
  })
}

/** A request outside the API's paths or methods. */
export async function sendElsewhere(world: Scenario, method: string, path: string): Promise<Exchange> {
  const { session, draft } = world
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{}' } : {}
  const headers = await headersOf(session, draft, routes.getEsimStatus)
  const exchange = await answered(session, { method, url: `${session.target}${path}`, headers, ...body })
  world.exchanges.push(exchange)
  world.asked = { exchange }
  observeAnswer(world, exchange)
  return exchange
}

/** A target that is there but gives no answer is wrong, not unreachable: status 0. */
async function answered({ api, clock }: Session, request: HttpRequest): Promise<Exchange> {
  const sentAt = clock.now()
  return api(request).catch((error: unknown) => {
    if ((error as Partial<HttpFailure>).kind !== 'no-answer') throw error
    return { request, response: { status: 0, headers: {}, body: String(error) }, sentAt, receivedAt: clock.now() }
  })
}

const noCard = { eid: '', sequence: 0 }

async function cardNow({ testbed }: Session, { leased }: ScenarioDevice): Promise<Accepted['card']> {
  return leased === undefined ? noCard : testbed.device((await leased).lease.eid)
}

async function targetOf(
  world: Scenario,
  name: RequestName,
  { alias, device = latestDevice(world) }: Aim,
): Promise<Target> {
  if (name === 'retrieveOperation') return { device, body: {} }
  if (alias === undefined) return { device, body: { esim: { eid: await eidOf(world, device) } } }
  const { eid, iccid, activationCode = 'LPA:1$smdp.example.com$NO-ORDER', ...subject } = await subjectOf(world, alias)
  const body = name === 'downloadEsim' ? { esim: { eid, iccid }, activationCode } : { esim: { iccid } }
  return { device: subject.device, body }
}

/** The body that would be sent. */
export async function bodyFor(world: Scenario, name: RequestName, aim: Aim): Promise<unknown> {
  const { body } = await targetOf(world, name, aim)
  return JSON.parse(bodyText(world, newDraft(), { route: routes[name], body }))
}

function bodyText(world: Scenario, draft: Draft, { route, body }: { route: Route; body: object }): string {
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
