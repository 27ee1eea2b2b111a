/** What passes the provider's edge, for somebody who wants to see it: requests and answers of the API, events and what sinks said. */
import type { SendEvent } from './events/sink-http.ts'
import { readJson } from './http/body.ts'
import type { Handler } from './http/handler.ts'
import type { HttpMessage } from './http/message.ts'
import type { Observe } from './outside.ts'

/** A request is told before it is handled, so that what it causes comes behind it. */
export const observedHandler =
  (handle: Handler, observe: Observe): Handler =>
  async (message) => {
    const operation = `${message.method} ${message.path}`
    const sent = message.headers['x-correlator']
    const asked = contentOf(message)
    observe({
      ...asked,
      interface: 'API',
      from: 'API consumer',
      to: 'provider',
      operation,
      correlation: sent ? { 'x-correlator': sent } : {},
    })
    const answer = await handle(message)
    const correlation = { 'x-correlator': answer.headers['x-correlator'] ?? '', ...operationIdOf(answer.body) }
    const status = String(answer.status)
    observe({
      ...subjectOf(answer.body),
      interface: 'API',
      from: 'provider',
      to: 'API consumer',
      operation,
      status,
      json: answer.body,
      correlation,
    })
    return answer
  }

export const observedSender =
  (send: SendEvent, observe: Observe): SendEvent =>
  async (parcel, closing) => {
    const { data } = JSON.parse(parcel.envelope)
    const hop = { ...subjectOf(data), interface: 'event', operation: `POST ${parcel.callback.sink}` } as const
    const correlation = { 'x-correlator': parcel.correlator, ...operationIdOf(data) }
    observe({ ...hop, from: 'provider', to: 'sink', json: JSON.parse(parcel.envelope), correlation })
    const reception = await send(parcel, closing)
    observe({ ...hop, from: 'sink', to: 'provider', status: statusOf(reception), correlation })
    return reception
  }

const statusOf = (reception: Awaited<ReturnType<SendEvent>>): string => {
  if (reception === 'sink-not-allowed') return reception
  return reception.kind === 'answered' ? String(reception.status) : reception.why
}

const contentOf = (message: HttpMessage) => {
  if (!(message.body instanceof Uint8Array) || message.body.length === 0) return {}
  const read = readJson(message)
  return read.kind === 'refusal' ? { json: read.message } : { json: read.value, ...subjectOf(read.value) }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Where the dialects have the EID, and where they have what their operations are found by. */
const eidPlaces = ['esim.eid', 'esimProfile.eid', 'config.subscriptionDetail.eId', 'data.eId', 'eId']
const operationIdPlaces = ['operationId', 'taskId', 'data.taskId']

const textAt = (body: unknown, places: readonly string[]): string | undefined => {
  for (const place of places) {
    const found = place.split('.').reduce((at: unknown, name) => (isRecord(at) ? at[name] : undefined), body)
    if (typeof found === 'string') return found
  }
  return undefined
}

const subjectOf = (body: unknown): { eid?: string } => {
  const eid = textAt(body, eidPlaces)
  return eid === undefined ? {} : { eid }
}

const operationIdOf = (body: unknown): { operationId?: string } => {
  const operationId = textAt(body, operationIdPlaces)
  return operationId === undefined ? {} : { operationId }
}
