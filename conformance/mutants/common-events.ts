/** Wrong in what they tell sinks, in every dialect with events alike. */
import { valueAt } from '../scenario/json-path.ts'
import { attempts, edited, header, type Json, parsed, verdicts } from './changes.ts'
import type { CommonRow } from './common-answers.ts'
import type { Layer } from './layer.ts'
import { put, type Words } from './words.ts'

const NOBODY = '0e3a3f0e-6d4f-4c53-9d58-6f2f6a6f5a09'

const IMPATIENT_MS = 100

const isOutcome = ({ type }: Json): boolean => String(type).endsWith('operation-completed')
const inEvent = (change: (event: Json, words: Words) => Json) => (words: Words) =>
  attempts((attempt) => edited(attempt, (event) => (isOutcome(event) ? change(event, words) : event)))
const at = (words: Words, name: 'iccid' | 'outcome' | 'operationId'): string => words.dialect.event?.[name] ?? '$.none'

/** Tells a success when a request is accepted, and nothing later. */
const early = (words: Words) => (): Layer => ({
  api: async (request, edge) => {
    const answer = await edge.ask(request)
    const sink = valueAt(parsed(request), '$.sink')
    if (!words.starts(request) || !words.isGranted(answer, request) || typeof sink !== 'string') return answer
    const operationId = String(valueAt(parsed(answer), words.dialect.accepted.operationId))
    const operation = parsed(await words.send(edge, 'retrieveOperation', { operationId }))
    const data = words.completedAs(operation, 'success').data
    const type = words.dialect.eventType?.('enable', readings).type
    const event = {
      specversion: '1.0',
      id: operationId,
      source: 'urn:example:mutant',
      type,
      time: new Date().toISOString(),
      data,
    }
    const headers = { 'content-type': 'application/cloudevents+json' }
    void edge.deliver({ sink, headers, body: JSON.stringify(event) })
    return answer
  },
  event: async () => 204,
})
/** The type of an event of the dialects that are early here depends on no reading. */
const readings = {} as Parameters<NonNullable<Words['dialect']['eventType']>>[1]

const extending = (change: (event: Json, words: Words) => Json) => (words: Words) => (): Layer => ({
  event: async (attempt, edge) => {
    if (isOutcome(parsed(attempt))) await edge.deliver(edited(attempt, (event) => change(event, words)))
    return edge.deliver(attempt)
  },
})

export const commonEvents: readonly CommonRow[] = [
  [
    'event-as-plain-json',
    'sends events as application/json',
    'events/envelope',
    () => attempts((attempt) => header(attempt, 'content-type', 'application/json')),
  ],
  [
    'event-about-nobody',
    'names another eSIM in its events',
    'events/data',
    inEvent((event, words) => put(event, at(words, 'iccid'), '8999999999999999997')),
  ],
  [
    'event-of-the-opposite',
    'tells the opposite of what it answers',
    'events/same-result',
    inEvent((event, words) => {
      const { outcomes = {} } = words.dialect.event ?? {}
      const now = String(valueAt(event, at(words, 'outcome')))
      const [other = ''] =
        Object.keys(outcomes)
          .find((word) => outcomes[word] !== '' && word !== now)
          ?.split('\n') ?? []
      return put(event, at(words, 'outcome'), /^\d+$/.test(other) ? Number(other) : other)
    }),
  ],
  [
    'event-of-nobodys-operation',
    'tells of an operation that nobody started',
    'events/only-for-accepted',
    extending((event, words) => put({ ...event, id: NOBODY }, at(words, 'operationId'), NOBODY)),
  ],
  ['event-on-acceptance', 'tells a success when the request is accepted', 'events/not-before-card', early],
  [
    'event-of-the-unreachable',
    'tells a success of a device that cannot be reached',
    'events/not-while-unreachable',
    early,
  ],
  [
    'event-long-ago',
    'gives a time before the request',
    'events/sane-time',
    inEvent((event) => ({ ...event, time: '2001-01-01T00:00:00Z' })),
  ],
  ['event-id-for-all', 'gives all events one id', 'events/id-unique', inEvent((event) => ({ ...event, id: NOBODY }))],
  [
    'event-type-of-its-own',
    'has a type of its own',
    'events/type',
    inEvent((event) => ({ ...event, type: event.type.replace('v0.operation-completed', 'v1.operation-completed') })),
  ],
  [
    'event-type-by-operation',
    'calls events by the operation, undeclared',
    'events/one-type',
    inEvent((event) => ({ ...event, type: 'org.camaraproject.esim-management.v0.esim-enabled' })),
  ],
  ['gives-up-at-the-first-try', 'tries once', 'delivery/retried-until-taken', () => verdicts(() => 204)],
  [
    'impatient',
    'sends an event again when its sink has not answered at once',
    'delivery/late-is-taken',
    () => () => ({
      event: (attempt, edge) => Promise.race([edge.deliver(attempt), edge.sleep(IMPATIENT_MS).then(() => 503)]),
    }),
  ],
  [
    'another-event-each-time',
    'gives each attempt an id of its own',
    'delivery/same-event-on-retry',
    () => {
      let attempted = 0
      return attempts((attempt) => edited(attempt, (event) => ({ ...event, id: `${event.id}-${++attempted}` })))
    },
  ],
  [
    'deaf-to-410',
    'does not believe 410',
    'delivery/ends-with-410',
    () => verdicts((status) => (status === 410 ? 500 : status)),
  ],
  [
    'token-that-nobody-gave',
    'presents a token that nobody gave it',
    'delivery/no-credential',
    () => attempts((attempt) => header(attempt, 'authorization', 'Bearer mine')),
  ],
  [
    'credential-shown',
    'returns the sinkCredential',
    'delivery/credential-never-returned',
    (words) => () => ({
      api: async (request, edge) => {
        const answer = await edge.ask(request)
        const { sinkCredential } = parsed(request) ?? {}
        return sinkCredential !== undefined && words.isGranted(answer, request)
          ? edited(answer, (json) => ({ ...json, sinkCredential }))
          : answer
      },
    }),
  ],
]
