/** What must hold for every event that arrives, and for all of them together. */
import { type Dialect, type Reading, tell } from '../dialects/dialect.ts'
import type { Delivery } from '../sink/inbox.ts'
import { certainlyAfter } from '../testbed/clock-offset.ts'
import type { CardEvent } from '../testbed/http.ts'
import { anotherOperation } from './another.ts'
import { effectsFound, effectsOf } from './effects.ts'
import { valueAt } from './json-path.ts'
import type { Mismatch } from './mismatch.ts'
import type { Operation, ReceivedEvent, Scenario } from './model.ts'
import { secretsOf } from './secrets.ts'
import { insaneTimes } from './times.ts'

const req = (name: string): { requirement: string } => ({ requirement: `${name}` })

export function* envelopeFindings(
  { session: { schemas, dialect }, exchanges }: Scenario,
  delivery: Delivery,
): Generator<Mismatch> {
  const rule = req('events/envelope')
  const contentType = delivery.headers['content-type'] ?? 'absent'
  if (!/^application\/cloudevents\+json\s*(;|$)/i.test(contentType)) {
    yield { ...rule, what: 'event header Content-Type', expected: 'application/cloudevents+json', actual: contentType }
  }
  if (delivery.method !== 'POST')
    yield { ...rule, what: 'method of the delivery', expected: 'POST', actual: delivery.method }
  for (const actual of schemas.complies('CloudEvent', delivery.json))
    yield { ...rule, what: 'event', expected: 'a CloudEvent', actual }
  const data = valueAt(delivery.json, '$.data')
  const isAbout = dialect.subscriptionEvents !== undefined && isAboutSubscription(delivery, dialect.subscriptionEvents)
  const schema = isAbout ? 'SubscriptionEventData' : 'EsimEventData'
  for (const actual of schemas.complies(schema, data)) {
    const isAboutError = /'error'|must NOT be valid|"(then|else)" schema/.test(actual)
    yield {
      ...req(isAboutError ? 'events/error-if-failed' : 'events/data'),
      what: 'event data',
      expected: `the schema ${schema}`,
      actual,
    }
  }
  for (const actual of schemas.undeclared(schema, data)) {
    yield { ...req('answers/declared-members'), what: 'event data', expected: 'declared members only', actual }
  }
  if (exchanges.some(({ request }) => secretsOf(request.body).some((secret) => delivery.body.includes(secret)))) {
    const actual = 'the secret of the sinkCredential'
    yield {
      ...req('delivery/credential-never-returned'),
      what: 'event',
      expected: 'no part of the sinkCredential',
      actual,
    }
  }
}

export const isAboutSubscription = ({ json }: Delivery, types: string): boolean =>
  String(valueAt(json, '$.type')).startsWith(types)

export function* contentFindings(world: Scenario, { json, at }: Delivery, operation: Operation): Generator<Mismatch> {
  const { dialect, ics } = world.session
  const reading = eventReading(dialect)
  const told = tell(reading, json)
  const type = valueAt(json, '$.type')
  const expected = dialect.eventType?.(operation.name, ics.readings)
  if (expected !== undefined && type !== expected.type)
    yield { ...req(expected.requirement), what: 'event $.type', expected: expected.type, actual: type }
  const wrong = anotherOperation(world, operation, told)
  if (wrong !== undefined) yield { ...req('events/data'), what: 'event data', ...wrong }
  yield* insaneTimes(world, operation, { what: 'event $.time', moment: valueAt(json, '$.time'), seenAt: at })
  yield* insaneTimes(world, operation, { what: `event ${reading.completedAt}`, moment: told.completedAt, seenAt: at })
}

/** Throws for a dialect without events: nobody has asked for any. */
export function eventReading({ id, event }: Dialect): Reading {
  if (event === undefined) throw new Error(`${id} has no events`)
  return event
}

/** What a card had done, and whether the scenario had cut it off, when an event arrived. */
export interface CardMoment {
  readonly events: readonly CardEvent[]
  readonly unreachable: boolean
}

/** Against the card as it was when the event arrived. */
export function* truthFindings(
  { session: { testbedClock, dialect, ics } }: Scenario,
  { json, at }: Delivery,
  operation: Operation,
  cards: ReadonlyMap<string, CardMoment>,
): Generator<Mismatch> {
  const card = cards.get(operation.device.name)
  const { outcome, error } = tell(eventReading(dialect), json)
  const what = `event of ${operation.name} with outcome ${outcome}`
  if (card === undefined) return
  const isOverdue = dialect.abilities.includes('error-codes')
    ? valueAt(error, '$.code') === 'ESIM_DEVICE_UNREACHABLE'
    : outcome === 'failed' && ics.limits.operationTimeLimitSeconds !== undefined
  if (card.unreachable && !isOverdue) {
    yield {
      ...req('events/not-while-unreachable'),
      what,
      expected: 'no event while the device cannot be reached',
      actual: 'an event',
    }
  }
  if (outcome !== 'success') return
  const found = effectsFound(operation, card.events)
  const expected = `${effectsOf(operation).join(', ')} on the eUICC before the event`
  if (found.includes(undefined))
    yield { ...req('events/not-before-card'), what, expected, actual: 'not on the eUICC when the event arrived' }
  const late = found.find((event) => event !== undefined && certainlyAfter(Date.parse(event.at), at, testbedClock))
  if (late !== undefined)
    yield { ...req('events/not-before-card'), what, expected, actual: `${late.type} at ${late.at}, after the event` }
}

/** All deliveries of a scenario together. Asked at its end and once more at the end of the run. */
export function auditEvents({ events }: Scenario): readonly Mismatch[] {
  const streamOf = ({ operationId, delivery: { json } }: ReceivedEvent): string =>
    `${operationId} ${valueAt(json, '$.data.subscriptionId') ?? ''}`
  const groups = [...grouped(events, streamOf).values()]
  return [...groups.flatMap((group) => [...deliveriesOfOne(group)]), ...sharedIds(events)]
}

function grouped(
  events: readonly ReceivedEvent[],
  keyOf: (event: ReceivedEvent) => string,
): Map<string, ReceivedEvent[]> {
  const groups = new Map<string, ReceivedEvent[]>()
  for (const event of events) groups.set(keyOf(event), [...(groups.get(keyOf(event)) ?? []), event])
  return groups
}

/** Without the retries of a delivery that was not taken. */
export const withoutRetries = (group: readonly ReceivedEvent[]): readonly ReceivedEvent[] =>
  group.filter((event, index) => {
    const earlier = group.slice(0, index).filter((one) => idOf(one) === idOf(event))
    return earlier.length === 0 || earlier.some((one) => (isTaken(one) || isGone(one)) && !mayHaveMissed(event, one))
  })

const idOf = ({ delivery: { json } }: ReceivedEvent): string => String(valueAt(json, '$.id'))
const isTaken = ({ delivery: { answer } }: ReceivedEvent): boolean =>
  typeof answer === 'object' && answer.status >= 200 && answer.status < 300
const isGone = ({ delivery: { answer } }: ReceivedEvent): boolean => typeof answer === 'object' && answer.status === 410

/** A provider that waits less than a second for its sink is impatient beyond reason. */
const PATIENCE_MS = 1000
const NOTICEABLE_MS = 250

/** Whether the provider may have given up before it got the answer to `first`, because the runner was held up, and so has sent it again. */
function mayHaveMissed(again: ReceivedEvent, first: ReceivedEvent): boolean {
  const [before, after] = [first.delivery, again.delivery]
  const heldUpMs = before.heldUp.recentMs + after.heldUp.totalMs - before.heldUp.totalMs
  return idOf(again) === idOf(first) && heldUpMs >= NOTICEABLE_MS && after.at - before.at + heldUpMs >= PATIENCE_MS
}

function* deliveriesOfOne(group: readonly ReceivedEvent[]): Generator<Mismatch> {
  const what = `deliveries of the event of operation ${group[0]?.operationId}`
  for (const [index, event] of group.entries()) {
    const before = group.slice(0, index)
    const first = before[0]
    if (first === undefined) continue
    const actual = group.map(story)
    const known = before.filter((one) => !mayHaveMissed(event, one))
    if (known.some(isGone)) yield { ...req('delivery/ends-with-410'), what, expected: 'none after 410', actual }
    if (known.some(isTaken)) {
      yield { ...req('events/exactly-one'), what, expected: 'one that is answered with 2xx, and none after it', actual }
    } else if (idOf(event) !== idOf(first) || sorted(event.delivery.json) !== sorted(first.delivery.json)) {
      yield { ...req('delivery/same-event-on-retry'), what, expected: first.delivery.body, actual: event.delivery.body }
    }
  }
}

const story = (event: ReceivedEvent): string => {
  const { at, answer, heldUp } = event.delivery
  const answered = typeof answer === 'string' ? answer : answer.status
  return `${new Date(at).toISOString()} id ${idOf(event)}, answered ${answered}, the runner held up for ${Math.round(heldUp.recentMs)} ms before`
}

function* sharedIds(events: readonly ReceivedEvent[]): Generator<Mismatch> {
  const byId = grouped(events, (event) => `${valueAt(event.delivery.json, '$.source')} ${idOf(event)}`)
  for (const [id, group] of byId) {
    const operations = new Set(group.map(({ operationId }) => operationId))
    if (operations.size < 2) continue
    yield {
      ...req('events/id-unique'),
      what: 'event $.id',
      expected: 'an id of its own for each event',
      actual: `${id} of ${operations.size} operations`,
    }
  }
}

/** JSON with its members in one order: two texts of the same value become equal. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  ) ?? ''
