/** What passes the provider's edge and what becomes of operations, for metrics and traces. */
import type { SendEvent } from '../events/sink-http.ts'
import type { Handler } from '../http/handler.ts'
import type { Operation } from '../operations/operation.ts'
import type { Clock } from '../outside.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing-http.ts'

interface Watchers {
  readonly metrics: Metrics
  readonly tracing?: Tracing | undefined
  readonly clock: Clock
}

export interface Telemetry {
  handler(handle: Handler): Handler
  sender(send: SendEvent): SendEvent
  completed(operation: Operation): void
}

export const createTelemetry = ({ metrics, tracing, clock }: Watchers): Telemetry => ({
  handler: (handle) => async (message) => {
    const from = clock.now()
    const answer = await handle(message)
    const to = clock.now()
    metrics.answered(message, answer, (to - from) / 1000)
    const operationId = operationIdOf(answer.body)
    const { method, path } = message
    const attributes = { 'http.request.method': method, 'url.path': path, 'http.response.status_code': answer.status }
    if (operationId)
      tracing?.tell({ name: `${method} ${path}`, operationId, from, to, attributes, failed: answer.status >= 500 })
    return answer
  },
  sender: (send) => async (parcel, closing) => {
    const from = clock.now()
    const reception = await send(parcel, closing)
    metrics.attempted(reception)
    const said = reception !== 'sink-not-allowed' && reception.kind === 'answered' ? reception.status : 0
    tracing?.tell({
      ...{ name: 'event', operationId: parcel.stream, from, to: clock.now(), failed: said < 200 || said > 299 },
      attributes: { eventId: parcel.eventId, attempt: parcel.attempts + 1, 'http.response.status_code': said },
    })
    return reception
  },
  completed(operation) {
    metrics.completed(operation)
    const { operationId, task, progress, acceptedAt } = operation
    if (progress.phase !== 'completed' || acceptedAt === undefined) return
    const { outcome, completedAt } = progress.result
    const times = { from: acceptedAt, to: completedAt }
    tracing?.tell({ name: task.kind, operationId, ...times, attributes: { outcome }, failed: outcome === 'failed' })
  },
})

const operationIdOf = (body: unknown): string | undefined => {
  const found = typeof body === 'object' && body !== null && 'operationId' in body ? body.operationId : undefined
  return typeof found === 'string' ? found : undefined
}
