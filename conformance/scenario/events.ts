/** Events at the scenario's own sinks: looked at when they arrive, each against the card as it is at that moment. */
import { tell } from '../dialects/dialect.ts'
import { until } from '../runner/clock-system.ts'
import type { Delivery, Inbox } from '../sink/inbox.ts'
import {
  type CardMoment,
  contentFindings,
  envelopeFindings,
  isAboutSubscription,
  truthFindings,
} from './event-rules.ts'
import { valueAt } from './json-path.ts'
import type { Operation, ReceivedEvent, Scenario } from './model.ts'

/** The scenario's sink of this name, made on first use. */
export function inboxOf(world: Scenario, name = world.draft.sink): Inbox {
  const known = world.inboxes.get(name)
  if (known !== undefined) return known
  const inbox = world.session.sinks.open(`${world.id}${name === '' ? '' : `-${encodeURIComponent(name)}`}`)
  inbox.onDelivery((delivery) => {
    const operationId = operationIdOf(world, delivery)
    const examined = examine(world, delivery, operationId)
    examined.catch(() => undefined) // whoever waits for it hears of it; after the scenario nobody does
    world.events.push({ delivery, inbox, operationId, examined })
  })
  world.inboxes.set(name, inbox)
  return inbox
}

const operationIdOf = ({ session: { dialect } }: Scenario, delivery: Delivery): string => {
  const { json } = delivery
  const id = String(dialect.event && tell(dialect.event, json).operationId)
  const { subscriptionEvents } = dialect
  const type = String(valueAt(json, '$.type'))
  if (subscriptionEvents !== undefined && isAboutSubscription(delivery, subscriptionEvents))
    return `${valueAt(json, '$.data.subscriptionId')} ${type} ${valueAt(json, '$.data.updateReason') ?? ''}`.trim()
  const isInitial = dialect.initialEventType !== undefined && type === dialect.initialEventType
  return isInitial ? initialOf(id) : id
}

/** By what the event of an acceptance is kept apart from that of the outcome. */
export const initialOf = (operationId: string): string => `${operationId}, accepted`

export const eventsOf = ({ events }: Scenario, { operationId }: Operation): readonly ReceivedEvent[] =>
  events.filter((event) => event.operationId === operationId)

/** Deliveries of an operation's event; waits for so many of them, and until they were looked at. */
export async function awaitEvents(world: Scenario, operation: Operation, wanted: { count: number; timeoutMs: number }) {
  const { clock } = world.session
  const arrived = () => {
    const events = eventsOf(world, operation)
    return events.length >= wanted.count ? events : undefined
  }
  const events = await until(arrived, { clock, timeoutMs: wanted.timeoutMs })
  await Promise.all((events ?? []).map(({ examined }) => examined))
  return events
}

export async function awaitEvent(world: Scenario, operation: Operation): Promise<ReceivedEvent> {
  const { eventSeconds } = world.session.ics.timeouts
  const [event] = (await awaitEvents(world, operation, { count: 1, timeoutMs: eventSeconds * 1000 })) ?? []
  if (event !== undefined) return event
  return world.fail({
    requirement: 'events/exactly-one',
    what: `event of operation ${operation.name} (${operation.operationId})`,
    expected: `one event within ${eventSeconds} s`,
    actual: 'none',
  })
}

async function examine(world: Scenario, delivery: Delivery, operationId: string): Promise<void> {
  const cards = cardsNow(world)
  cards.catch(() => undefined) // not everybody gets as far as to look at them
  for (const mismatch of envelopeFindings(world, delivery)) world.note(mismatch)
  const { clock, ics, dialect } = world.session
  if (dialect.subscriptionEvents !== undefined && isAboutSubscription(delivery, dialect.subscriptionEvents)) return
  const known = () =>
    world.operations.find((one) => one.operationId === operationId || initialOf(one.operationId) === operationId)
  const operation = await until(known, { clock, timeoutMs: ics.timeouts.reorderingSeconds * 1000 })
  if (operation === undefined) {
    const expected = 'events only of operations that were answered with 202'
    world.note({
      requirement: 'events/only-for-accepted',
      what: 'event',
      expected,
      actual: delivery.body,
    })
    return
  }
  if (operation.operationId !== operationId) return // about its acceptance: nothing that a card knows
  for (const mismatch of contentFindings(world, delivery, operation)) world.note(mismatch)
  for (const mismatch of truthFindings(world, delivery, operation, await cards)) world.note(mismatch)
}

/** Every card of the scenario, asked at once. */
async function cardsNow({ devices, session: { testbed } }: Scenario): Promise<ReadonlyMap<string, CardMoment>> {
  const moments = devices.map(async ({ name, leased, unreachable }) => {
    if (leased === undefined || !testbed.truth) return undefined
    const { lease } = await leased
    return [name, { unreachable, events: await testbed.events(lease.eid, 0) }] as const
  })
  return new Map((await Promise.all(moments)).filter((moment) => moment !== undefined))
}
