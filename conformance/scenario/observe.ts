/** What must hold for every answer, whatever a scenario asks: looked at each time, without a step. */
import { type RequestName, routes, type SchemaName } from '../dialects/esim-management-0.1.ts'
import type { Exchange, HttpResponse } from '../runner/http.ts'
import { valueAt } from './json-path.ts'
import type { Mismatch } from './mismatch.ts'
import type { Scenario } from './model.ts'
import { secretsOf } from './secrets.ts'

const CORRELATOR = /^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$/

export function observeAnswer(world: Scenario, exchange: Exchange, name?: RequestName): void {
  if (exchange.response.status === 0) return // no answer
  const findings = [...correlation(exchange), ...bodyFindings(world, exchange, name), ...secrets(world, exchange)]
  for (const finding of findings) world.note({ ...finding, what: `${labelOf(exchange)}: ${finding.what}` })
}

export const labelOf = ({ request: { method, url }, response: { status } }: Exchange): string =>
  `${method} ${new URL(url).pathname} (${status})`

function* correlation({ request, response }: Exchange): Generator<Mismatch> {
  const sent = request.headers?.['x-correlator']
  const received = response.headers['x-correlator']
  if (sent === undefined && (received ?? '') === '') {
    yield {
      requirement: 'esim-management/answers/x-correlator-generated',
      what: 'header x-correlator',
      expected: 'a generated value',
      actual: received ?? 'absent',
    }
  }
  if (sent !== undefined && CORRELATOR.test(sent) && received !== sent) {
    yield {
      requirement: 'esim-management/answers/x-correlator-echoed',
      what: 'header x-correlator',
      expected: sent,
      actual: received ?? 'absent',
    }
  }
}

function* bodyFindings(world: Scenario, { response }: Exchange, name?: RequestName): Generator<Mismatch> {
  if (response.status === 401 && !isErrorInfo(response)) return // RFC 6750 leaves the body of a 401 open
  const contentType = response.headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(contentType) || response.json === undefined) {
    yield {
      requirement: 'esim-management/answers/json',
      what: 'body',
      expected: 'application/json',
      actual: contentType || response.body,
    }
    return
  }
  const schema = schemaOf(response, name)
  if (schema === undefined) return
  yield* schemaFindings(world, schema, response)
  if (schema === 'ErrorInfo' && valueAt(response.json, '$.status') !== response.status) {
    const actual = valueAt(response.json, '$.status')
    yield { requirement: 'esim-management/errors/shape', what: '$.status', expected: response.status, actual }
  }
}

const isErrorInfo = ({ json }: HttpResponse): boolean => typeof json === 'object' && json !== null && 'code' in json

/** The requirement that a broken schema breaks. */
export const requirementOf: Readonly<Record<SchemaName, string>> = {
  AcceptedOperation: 'esim-management/operations/accepted',
  CompletedOperation: 'esim-management/operations/result',
  EsimStatusResponse: 'esim-management/answers/schema',
  ErrorInfo: 'esim-management/errors/shape',
  CloudEvent: 'esim-management/events/envelope',
  EsimEventData: 'esim-management/events/data',
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
      requirement: 'esim-management/answers/declared-members',
      what: 'body',
      expected: 'declared members only',
      actual,
    }
  }
}

function schemaOf({ status, json }: HttpResponse, name?: RequestName): SchemaName | undefined {
  if (status >= 400) return 'ErrorInfo'
  if (name === undefined) return undefined
  if (name === 'getEsimStatus') return status === 200 ? 'EsimStatusResponse' : undefined
  if ('starts' in routes[name]) return status === 202 ? 'AcceptedOperation' : undefined
  if (status !== 200) return undefined
  const shown = valueAt(json, '$.status')
  return shown === 'completed' ? 'CompletedOperation' : shown === 'accepted' ? 'AcceptedOperation' : undefined
}

/** Whatever a scenario sent as secret of a sinkCredential must never come back. */
function* secrets({ exchanges }: Scenario, { response }: Exchange): Generator<Mismatch> {
  for (const secret of exchanges.flatMap(({ request }) => secretsOf(request.body))) {
    if (!response.body.includes(secret)) continue
    yield {
      requirement: 'esim-management/delivery/credential-never-returned',
      what: 'body',
      expected: 'no part of the sinkCredential',
      actual: 'the secret of the sinkCredential',
    }
  }
}
