/** Wrong in what they send to the sink, when, and how often. */
import { answers, attempts, edited, header, inventedEvent, type Json, parsed, starts, verdicts } from './changes.ts'
import type { Attempt, Edge, Mutant } from './layer.ts'

const inEvent = (change: (event: Json) => Json) => attempts((attempt) => edited(attempt, change))
const inData = (change: (data: Json) => Json) => inEvent((event) => ({ ...event, data: change(event.data) }))

/** Sends an event of its own when a request is accepted, and none later. */
const early = (whenSent: 'before the answer' | 'after the answer') => () => ({
  ...answers(async (answer, request, edge) => {
    if (!starts(request) || answer.status !== 202) return answer
    const operation = parsed(answer)
    const event = inventedEvent(parsed(request).sink, operation, operation.esim.eid ?? '0'.repeat(32))
    const sent = edge.deliver(event)
    if (whenSent === 'before the answer') await sent.then(() => edge.sleep(1000))
    return answer
  })(),
  event: async () => 204,
})

export const wrongEvents: readonly Mutant[] = [
  {
    id: 'no-event',
    summary: 'sends no events',
    breaks: 'esim-management/events/exactly-one',
    layer: () => ({ event: async () => 204 }),
  },
  {
    id: 'no-event-of-failures',
    summary: 'sends no events of failed operations',
    breaks: 'esim-management/events/exactly-one',
    layer: () => ({
      event: (attempt, edge) => (parsed(attempt).data.error ? Promise.resolve(204) : edge.deliver(attempt)),
    }),
  },
  {
    id: 'two-events',
    summary: 'sends two events of each operation',
    breaks: 'esim-management/events/exactly-one',
    layer: () => ({
      event: async (attempt, edge) => {
        await edge.deliver(attempt)
        return edge.deliver(edited(attempt, (event) => ({ ...event, id: `${event.id}-again` })))
      },
    }),
  },
  {
    id: 'same-event-twice',
    summary: 'delivers each event twice',
    breaks: 'esim-management/events/exactly-one',
    layer: () => ({
      event: async (attempt, edge) => {
        await edge.deliver(attempt)
        return edge.deliver(attempt)
      },
    }),
  },
  {
    id: 'event-at-acceptance',
    summary: 'sends the event when the request is accepted',
    breaks: 'esim-management/events/not-before-card',
    layer: early('after the answer'),
  },
  {
    id: 'event-while-unreachable',
    summary: 'sends the event though the device cannot be reached',
    breaks: 'esim-management/events/not-while-unreachable',
    layer: early('after the answer'),
  },
  {
    id: 'event-before-answer',
    summary: 'sends the event before it answers the request',
    breaks: 'esim-management/events/only-for-accepted',
    layer: early('before the answer'),
  },
  {
    id: 'event-of-a-refused-request',
    summary: 'sends an event of a refused request',
    breaks: 'esim-management/events/only-for-accepted',
    layer: answers(async (answer, request, edge) => {
      const { sink, esim } = parsed(request) ?? {}
      if (!starts(request) || answer.status !== 400 || typeof sink !== 'string' || typeof esim?.iccid !== 'string')
        return answer
      const operation = {
        operationId: '0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a02',
        operation: 'enable',
        status: 'completed',
        esim,
      }
      if (URL.canParse(sink)) await edge.deliver(inventedEvent(sink, operation, '0'.repeat(32)))
      return answer
    }),
  },
  {
    id: 'event-type-of-another',
    summary: 'calls a disabled eSIM enabled',
    breaks: 'esim-management/events/named-after-operation',
    layer: inEvent((event) => ({ ...event, type: event.type.replace('esim-disabled', 'esim-enabled') })),
  },
  {
    id: 'event-type-of-the-draft',
    summary: 'uses one type for all events, undeclared',
    breaks: 'esim-management/events/named-after-operation',
    layer: inEvent((event) => ({ ...event, type: 'com.camara.esim-management.vwip.operation-completed' })),
  },
  {
    id: 'event-content-type',
    summary: 'sends events as application/json',
    breaks: 'esim-management/events/envelope',
    layer: attempts((attempt) => header(attempt, 'content-type', 'application/json')),
  },
  {
    id: 'event-specversion',
    summary: 'speaks CloudEvents 0.3',
    breaks: 'esim-management/events/envelope',
    layer: inEvent((event) => ({ ...event, specversion: '0.3' })),
  },
  {
    id: 'event-without-time',
    summary: 'does not say when',
    breaks: 'esim-management/events/envelope',
    layer: inEvent(({ time: _, ...event }) => event),
  },
  {
    id: 'event-time-without-zone',
    summary: 'gives the local time without its zone',
    breaks: 'esim-management/events/envelope',
    layer: inEvent((event) => ({ ...event, time: event.time.replace('Z', '') })),
  },
  {
    id: 'event-time-of-long-ago',
    summary: 'gives a time before the request',
    breaks: 'esim-management/events/sane-time',
    layer: inEvent((event) => ({ ...event, time: '2001-01-01T00:00:00Z' })),
  },
  {
    id: 'event-without-eid',
    summary: 'does not say which device',
    breaks: 'esim-management/events/data',
    layer: inData((data) => ({ ...data, esim: { iccid: data.esim.iccid } })),
  },
  {
    id: 'event-of-another-esim',
    summary: 'names another eSIM',
    breaks: 'esim-management/events/data',
    layer: inData((data) => ({ ...data, esim: { ...data.esim, iccid: '8999999999999999997' } })),
  },
  {
    id: 'event-in-upper-case',
    summary: 'says COMPLETED',
    breaks: 'esim-management/events/data',
    layer: inData((data) => ({ ...data, status: 'COMPLETED' })),
  },
  {
    id: 'event-error-left-out',
    summary: 'does not say why an operation failed',
    breaks: 'esim-management/events/error-if-failed',
    layer: inData(({ error: _, ...data }) => data),
  },
  {
    id: 'event-with-another-outcome',
    summary: 'says success of a failed operation',
    breaks: 'esim-management/events/same-result',
    layer: inData(({ error: _, ...data }) => ({ ...data, result: { ...data.result, outcome: 'success' } })),
  },
  {
    id: 'event-with-another-moment',
    summary: 'says another completedAt than the operation',
    breaks: 'esim-management/events/same-result',
    layer: inData((data) => ({
      ...data,
      result: { ...data.result, completedAt: new Date(Date.parse(data.result.completedAt) + 1000).toISOString() },
    })),
  },
  {
    id: 'one-id-for-all',
    summary: 'gives all events one id',
    breaks: 'esim-management/events/id-unique',
    layer: inEvent((event) => ({ ...event, id: '1' })),
  },
  {
    id: 'new-id-on-retry',
    summary: 'gives each attempt an id of its own',
    breaks: 'esim-management/delivery/same-event-on-retry',
    layer: () => {
      let attempted = 0
      return attempts((attempt) => edited(attempt, (event) => ({ ...event, id: `${event.id}-${++attempted}` })))()
    },
  },
  {
    id: 'new-time-on-retry',
    summary: 'gives each attempt a time of its own',
    breaks: 'esim-management/delivery/same-event-on-retry',
    layer: inEvent((event) => ({ ...event, time: new Date().toISOString() })),
  },
  {
    id: 'no-retry',
    summary: 'tries once',
    breaks: 'esim-management/delivery/retried-until-taken',
    layer: verdicts(() => 204),
  },
  {
    id: 'client-errors-end',
    summary: 'gives up on every 4xx',
    breaks: 'esim-management/delivery/retried-until-taken',
    layer: verdicts((status) => (status >= 400 && status < 500 ? 204 : status)),
  },
  {
    id: 'retries-after-410',
    summary: 'does not believe 410',
    breaks: 'esim-management/delivery/ends-with-410',
    layer: verdicts((status) => (status === 410 ? 500 : status)),
  },
  {
    id: 'only-204-counts',
    summary: 'takes only 204 for an answer',
    breaks: 'esim-management/delivery/ends-with-2xx',
    layer: verdicts((status) => (status === 204 ? 204 : status === 200 ? 500 : status)),
  },
  {
    id: 'fixed-intervals',
    summary: 'tries again after a second, always',
    breaks: 'esim-management/delivery/growing-intervals',
    layer: () => ({
      event: async (attempt, edge) => {
        void untilTaken(attempt, edge) // beside the provider, which would grow impatient
        return 204
      },
    }),
  },
  {
    id: 'no-authorization',
    summary: 'does not present the sinkCredential',
    breaks: 'esim-management/delivery/bearer-credential',
    layer: attempts((attempt) => header(attempt, 'authorization')),
  },
  {
    id: 'plain-as-bearer',
    summary: 'presents a plain credential as a bearer token',
    breaks: 'esim-management/delivery/plain-credential',
    layer: attempts((attempt) =>
      header(attempt, 'authorization', attempt.headers['authorization']?.replace('Basic', 'Bearer')),
    ),
  },
  {
    id: 'authorization-of-its-own',
    summary: 'presents a token that nobody gave it',
    breaks: 'esim-management/delivery/no-credential',
    layer: attempts((attempt) => header(attempt, 'authorization', attempt.headers['authorization'] ?? 'Bearer mine')),
  },
  {
    id: 'event-with-undeclared-member',
    summary: 'tells the sink whose device it is',
    breaks: 'esim-management/answers/declared-members',
    layer: inData((data) => ({ ...data, tenant: 'acme' })),
  },
]

async function untilTaken(attempt: Attempt, edge: Edge): Promise<void> {
  for (let attempts = 1; attempts <= ENOUGH_ATTEMPTS; attempts++) {
    const status = await edge.deliver(attempt)
    if (status >= 200 && status < 300) return
    await edge.sleep(1000)
  }
}

/** After the run its sink is gone for good. */
const ENOUGH_ATTEMPTS = 8
