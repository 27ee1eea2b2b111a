/** How a scenario builds and sends its requests. */
import { randomUUID } from 'node:crypto'
import {
  type About,
  type Dialect,
  type OperationName,
  type RequestName,
  type Route,
  routeOf,
  tell,
} from '../dialects/dialect.ts'
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
  /** Or a subscription. Without one, what nobody knows. */
  readonly operationId?: string
  /** With a question mark, after the path. */
  readonly query?: string
}

interface Target {
  readonly device: ScenarioDevice
  readonly about: About
}

/** Sends a request of the API, keeps it as evidence, and looks at what must hold for every answer. */
export async function send(world: Scenario, name: RequestName, aim: Aim = {}, draft = world.draft): Promise<Exchange> {
  const { session } = world
  const route = routeOf(session.dialect, name)
  const { device, about } = await targetOf(world, { route, aim, draft })
  const card = route.starts === undefined ? noCard : await cardNow(session, device)
  const exchange = await answered(session, {
    method: route.method,
    url: `${session.target}${route.path.replace(/\{\w+\}/, encodeURIComponent(about.operationId))}${aim.query ?? ''}`,
    headers: await headersOf(session, draft, route),
    ...(route.body === undefined
      ? {}
      : { body: draft.rawBody ?? bodyText(session.dialect, { draft, route, body: route.body(about) }) }),
  })
  if (!isReading(route) && !isRefused(exchange)) device.used = true
  Object.assign(draft, { edits: [], names: {}, rawBody: undefined })
  world.exchanges.push(exchange)
  if (draft === world.draft) world.asked = { name, exchange }
  observeAnswer(world, exchange, name)
  const id = valueAt(exchange.response.json, '$.id')
  if (name === 'createSubscription' && exchange.response.status === route.success && typeof id === 'string')
    world.subscriptions.push({ id, created: exchange, sink: draft.sink })
  if (route.starts !== undefined && exchange.response.status === route.success) {
    registerOperation(world, { name: route.starts, exchange, device, card, about })
  }
  return exchange
}

const isReading = ({ starts, answer }: Route): boolean =>
  starts === undefined && answer !== 'Subscription' && answer !== 'Nothing'
const isRefused = ({ response: { status } }: Exchange): boolean => status >= 400 && status < 500

interface Accepted {
  readonly name: OperationName
  readonly exchange: Exchange
  readonly device: ScenarioDevice
  readonly card: { readonly eid: string; readonly sequence: number }
  readonly about: About
}

function registerOperation(world: Scenario, { name, exchange, device, card, about }: Accepted): void {
  const { requested, accepted } = world.session.dialect
  const { json: body } = readJson(exchange.request.body ?? '')
  const { operationId } = tell(accepted, exchange.response.json)
  if (typeof operationId !== 'string') return
  if (world.operations.some((known) => known.operationId === operationId)) {
    world.note({
      requirement: 'operations/own-id',
      what: accepted.operationId,
      expected: 'an operationId of its own',
      actual: `${operationId}, which an earlier request got`,
    })
  }
  world.operations.push({
    name,
    operationId,
    eid: card.eid,
    iccid: String(valueAt(body, requested.iccid) ?? about.iccid),
    device,
    baseline: card.sequence,
    activates: requested.activates !== undefined && Boolean(valueAt(body, requested.activates)),
    alias: '',
    accepted: exchange,
    completed: undefined,
  })
}

interface Elsewhere {
  readonly method: string
  readonly path: string
  /** Whose scope the token has; of one that reads, unless told otherwise. */
  readonly like?: RequestName
}

/** A request outside the API's paths or methods. */
export async function sendElsewhere(world: Scenario, { method, path, like }: Elsewhere): Promise<Exchange> {
  const { session, draft } = world
  const route = like === undefined ? anyRoute(session.dialect) : routeOf(session.dialect, like)
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{}' } : {}
  const headers = await headersOf(session, draft, route)
  const exchange = await answered(session, { method, url: `${session.target}${path}`, headers, ...body })
  if (!isRefused(exchange)) for (const device of world.devices) device.used = true
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

interface Sending {
  readonly route: Route
  readonly aim: Aim
  readonly draft: Draft
}

/** An activation code that leads nowhere, for a request that needs one and is about an eSIM without. */
const NO_ORDER = 'LPA:1$smdp.example.com$NO-ORDER'

async function targetOf(world: Scenario, { route, aim, draft }: Sending): Promise<Target> {
  const { alias, device = latestDevice(world), operationId = randomUUID() } = aim
  const sink = route.starts !== undefined || route.answer === 'Subscription' ? inboxOf(world, draft.sink).url : ''
  const known = { activationCode: NO_ORDER, operationId, sink }
  if (route.body === undefined || route.answer === 'Operation') return { device, about: { ...known, eid: '' } }
  if (alias === undefined) return { device, about: { ...known, eid: await eidOf(world, device) } }
  const { device: its, ...subject } = await subjectOf(world, alias)
  return { device: its, about: { ...known, ...subject } }
}

/** The body that would be sent. */
export async function bodyFor(world: Scenario, name: RequestName, aim: Aim): Promise<unknown> {
  const route = routeOf(world.session.dialect, name)
  const { about } = await targetOf(world, { route, aim, draft: newDraft() })
  return route.body?.(about)
}

function bodyText(
  { requested }: Dialect,
  { draft, route, body }: { draft: Draft; route: Route; body: object },
): string {
  const paths = route.names ?? requested
  const named = (['eid', 'iccid'] as const)
    .filter((name) => draft.names[name] !== undefined)
    .map((name) => ({ path: paths[name], value: draft.names[name] }))
  const edits = [...named, ...draft.edits]
  return JSON.stringify(edits.reduce<unknown>((edited, { path, value }) => withValueAt(edited, path, value), body))
}

/** For what is no route: the token of one that is. */
function anyRoute({ routes }: Dialect): Route {
  const [route] = Object.values(routes).filter(({ starts }) => starts === undefined)
  if (route === undefined) throw new Error('the dialect has no request that reads')
  return route
}

async function headersOf(
  { authorization }: Session,
  draft: Draft,
  { body, scope }: Route,
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
    ...(body === undefined ? {} : { 'content-type': draft.contentType }),
    ...(credentials === undefined ? {} : { authorization: credentials }),
    ...(correlator === undefined ? {} : { 'x-correlator': correlator }),
  }
}

/** In a value that a feature spells out: a valid token in this place. */
const ACCESS_TOKEN = '{access token}'

/** A valid token has the scope of the request and no other. */
async function authorizationOf(credentials: Credentials, scope: string, authorization: Session['authorization']) {
  switch (credentials.kind) {
    case 'none':
      return undefined
    case 'literal':
      return credentials.value.includes(ACCESS_TOKEN)
        ? credentials.value.replace(ACCESS_TOKEN, await authorization.token([scope]))
        : credentials.value
    case 'valid':
      return `Bearer ${await authorization.token([scope], credentials.tenant)}`
    case 'scopes':
      return `Bearer ${await authorization.token(credentials.scopes)}`
    case 'forged':
      return `Bearer ${await authorization.forged(credentials.forgery, [scope])}`
  }
}
