/** Prometheus metrics of one provider: what passes its edge, what becomes of operations, and what waits. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Reception } from '../events/delivery.ts'
import type { HttpAnswer, HttpMessage } from '../http/message.ts'
import { pathPattern } from '../http/router.ts'
import type { Operation } from '../operations/operation.ts'
import type { Backlog } from '../store/dead-letters.ts'

export interface Metrics {
  readonly contentType: string
  answered(message: HttpMessage, answer: HttpAnswer, seconds: number): void
  completed(operation: Operation): void
  attempted(reception: Reception | 'sink-not-allowed'): void
  /** In the text format. */
  text(backlog: Backlog): Promise<string>
}

interface Measured {
  /** Memory, event loop and garbage collection of the process, too. */
  readonly ofProcess: boolean
  /** Those that are told apart; `{name}` stands for one segment. */
  readonly paths: readonly string[]
}

export const createMetrics = ({ ofProcess, paths }: Measured): Metrics => {
  const labelOf = pathLabels(paths)
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'esim_provider_request_seconds',
    help: 'Requests, by path and status.',
    labelNames: ['method', 'path', 'status'],
    registers,
  })
  const operations = new Counter({
    name: 'esim_provider_operations_completed_total',
    help: 'Operations that this instance completed.',
    labelNames: ['operation', 'outcome', 'reason'],
    registers,
  })
  const attempts = new Counter({
    name: 'esim_provider_event_attempts_total',
    help: 'Attempts to deliver an event, by what the sink said.',
    labelNames: ['result'],
    registers,
  })
  const open = new Gauge({
    name: 'esim_provider_operations_open',
    help: 'Operations that are not completed.',
    labelNames: ['phase'],
    registers,
  })
  const waiting = new Gauge({ name: 'esim_provider_events_waiting', help: 'Events on their way.', registers })
  const dead = new Gauge({ name: 'esim_provider_dead_letters', help: 'Events that may be sent again.', registers })
  return {
    contentType: registry.contentType,
    answered: ({ method, path }, { status }, seconds) =>
      requests.observe({ method: knownMethod(method), path: labelOf(path), status }, seconds),
    completed({ task, progress }) {
      if (progress.phase !== 'completed') return
      const { result } = progress
      const reason = result.outcome === 'failed' ? result.failure.reason : ''
      operations.inc({ operation: task.kind, outcome: result.outcome, reason })
    },
    attempted: (reception) => attempts.inc({ result: resultOf(reception) }),
    text(backlog) {
      open.reset()
      for (const [phase, many] of Object.entries(backlog.operations)) open.set({ phase }, many)
      waiting.set(backlog.waitingEvents)
      dead.set(backlog.deadLetters)
      return registry.metrics()
    },
  }
}

/** Whoever asks for nonsense must not fill the memory of those who count. */
const knownMethod = (method: string): string => (/^(GET|POST|DELETE)$/.test(method) ? method : 'other')
const pathLabels = (paths: readonly string[]): ((path: string) => string) => {
  const rows = paths.map((path) => ({ pattern: pathPattern(path), label: path.replace(/\{\w+\}/g, '{id}') }))
  return (path) => rows.find(({ pattern }) => pattern.test(path))?.label ?? 'other'
}

const resultOf = (reception: Reception | 'sink-not-allowed'): string => {
  if (reception === 'sink-not-allowed') return reception
  return reception.kind === 'answered' ? `${Math.floor(reception.status / 100)}xx` : 'failed'
}
