/** What must hold for every answer, whatever a scenario asks: looked at each time, without a step. */
import { type RequestName, routeOf, type Told, tell } from '../dialects/dialect.ts'
import type { SchemaName } from '../dialects/schemas.ts'
import type { Exchange, HttpResponse } from '../runner/http.ts'
import { valueAt } from './json-path.ts'
import type { Mismatch } from './mismatch.ts'
import type { Scenario } from './model.ts'
import { secretsOf } from './secrets.ts'

export function observeAnswer(world: Scenario, exchange: Exchange, name?: RequestName): void {
  if (exchange.response.status === 0) return // no answer
  const findings = [
    ...correlation(world, exchange),
    ...location(world, exchange, name),
    ...bodyFindings(world, exchange, name),
    ...secrets(world, exchange),
  ]
  for (const finding of findings) world.note({ ...finding, what: `${labelOf(exchange)}: ${finding.what}` })
}

export const labelOf = ({ request: { method, url }, response: { status } }: Exchange): string =>
  `${method} ${new URL(url).pathname} (${status})`

function* correlation({ session: { dialect } }: Scenario, { request, response }: Exchange): Generator<Mismatch> {
  const sent = request.headers?.['x-correlator']
  const received = response.headers['x-correlator']
  if (sent === undefined && (received ?? '') === '') {
    yield {
      requirement: 'answers/x-correlator-generated',
      what: 'header x-correlator',
      expected: 'a generated value',
      actual: received ?? 'absent',
    }
  }
  if (sent !== undefined && dialect.correlator.test(sent) && received !== sent) {
    yield {
      requirement: 'answers/x-correlator-echoed',
      what: 'header x-correlator',
      expected: sent,
      actual: received ?? 'absent',
    }
  }
}

/** The absolute URL of what a request has made. */
function* location(
  { session: { dialect } }: Scenario,
  { response }: Exchange,
  name?: RequestName,
): Generator<Mismatch> {
  if (name === undefined || response.status !== routeOf(dialect, name).success) return
  const { location: below, starts } = routeOf(dialect, name)
  if (below === undefined) return
  const actual = response.headers['location'] ?? 'absent'
  const id = starts === undefined ? valueAt(response.json, '$.id') : tell(dialect.accepted, response.json).operationId
  const pathname = URL.canParse(actual) ? new URL(actual).pathname : actual
  if (URL.canParse(actual) && pathname.endsWith(`${below}${encodeURIComponent(String(id))}`)) return
  const requirement = starts === undefined ? 'creation/location' : 'operations/location'
  yield { requirement, what: 'header Location', expected: `an absolute URL that ends with ${below}${id}`, actual }
}

function* bodyFindings(world: Scenario, { response }: Exchange, name?: RequestName): Generator<Mismatch> {
  if (response.status === 401 && !isErrorInfo(response)) return // RFC 6750 leaves the body of a 401 open
  const schema = schemaOf(world, response, name)
  if (schema === 'Nothing' && response.body === '') return
  const contentType = response.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(contentType) || response.json === undefined) {
    yield {
      requirement: 'answers/json',
      what: 'body',
      expected: 'application/json',
      actual: contentType || response.body,
    }
    return
  }
  if (schema === undefined) return
  yield* schemaFindings(world, schema, response)
  if (schema === 'EsimStatusResponse') {
    yield* strangeStates(world, response)
    yield* severalEnabled(world, response)
  }
  if (schema === 'ErrorInfo' && valueAt(response.json, '$.status') !== response.status) {
    const actual = valueAt(response.json, '$.status')
    yield { requirement: 'errors/shape', what: '$.status', expected: response.status, actual }
  }
}

function* strangeStates({ session: { dialect } }: Scenario, { json }: HttpResponse): Generator<Mismatch> {
  const esims = dialect.esims(json)
  for (const esim of Array.isArray(esims) ? esims : []) {
    const actual = valueAt(esim, '$.state')
    if (actual === 'enabled' || actual === 'disabled') continue
    yield { requirement: 'profiles/two-states', what: 'state of an eSIM', expected: 'enabled or disabled', actual }
  }
}

/** Whoever asks, and whenever. */
function* severalEnabled({ session: { dialect } }: Scenario, { json }: HttpResponse): Generator<Mismatch> {
  const esims = dialect.esims(json)
  const actual = (Array.isArray(esims) ? esims : []).filter((esim) => valueAt(esim, '$.state') === 'enabled')
  if (new Set(actual.map((esim) => valueAt(esim, '$.eid'))).size === actual.length) return
  const requirement = 'profiles/at-most-one-enabled'
  yield { requirement, what: 'eSIMs that the API shows', expected: 'at most one enabled', actual }
}

const isErrorInfo = ({ json }: HttpResponse): boolean => typeof json === 'object' && json !== null && 'code' in json

/** The requirement that a broken schema breaks. */
export const requirementOf: Readonly<Record<SchemaName, string>> = {
  AcceptedOperation: 'operations/accepted',
  PendingOperation: 'operations/accepted',
  CompletedOperation: 'operations/result',
  EsimStatusResponse: 'answers/schema',
  ErrorInfo: 'errors/shape',
  CloudEvent: 'events/envelope',
  EsimEventData: 'events/data',
  SubscriptionEventData: 'events/data',
  Subscription: 'answers/schema',
  Subscriptions: 'answers/schema',
  Nothing: 'answers/schema',
}

function* schemaFindings(
  { session: { schemas } }: Scenario,
  schema: SchemaName,
  response: HttpResponse,
): Generator<Mismatch> {
  const requirement = requirementOf[schema]
  for (const actual of schemas.complies(schema, response.json))
    yield { requirement, what: 'body', expected: `the schema ${schema}`, actual }
  for (const actual of schemas.undeclared(schema, response.json)) {
    yield {
      requirement: 'answers/declared-members',
      what: 'body',
      expected: 'declared members only',
      actual,
    }
  }
}

function schemaOf({ session: { dialect } }: Scenario, response: HttpResponse, name?: RequestName) {
  if (response.status >= 400) return 'ErrorInfo' as const
  if (name === undefined) return undefined
  const { success, answer } = routeOf(dialect, name)
  if (response.status !== success) return undefined
  return answer === 'Operation' ? schemaOfOperation(tell(dialect.operation, response.json)) : answer
}

const byStatus = { accepted: 'PendingOperation', completed: 'CompletedOperation' } as const

/** Nothing for a status that the dialect does not have: that is a finding of its own. */
export const schemaOfOperation = ({ status }: Told): SchemaName | undefined => status && byStatus[status]

/** Whatever a scenario sent as secret of a sinkCredential must never come back. */
function* secrets({ exchanges }: Scenario, { response }: Exchange): Generator<Mismatch> {
  for (const secret of exchanges.flatMap(({ request }) => secretsOf(request.body))) {
    if (!response.body.includes(secret)) continue
    yield {
      requirement: 'delivery/credential-never-returned',
      what: 'body',
      expected: 'no part of the sinkCredential',
      actual: 'the secret of the sinkCredential',
    }
  }
}
