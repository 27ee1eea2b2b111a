/** Subscriptions that the target accepted: what is told of them, and what they are asked. */
import { until } from '../runner/clock-system.ts'
import type { Exchange } from '../runner/http.ts'
import { valueAt } from './json-path.ts'
import { newDraft, type ReceivedEvent, type Scenario, type Subscription } from './model.ts'
import { send } from './request.ts'

/** Events about the subscription itself, in the order of their arrival; `name`: started, updated or ended. */
export const toldOf = (
  { events, session: { dialect } }: Scenario,
  { id }: Subscription,
  name = '',
): readonly ReceivedEvent[] =>
  events.filter(
    ({ delivery: { json } }) =>
      valueAt(json, '$.data.subscriptionId') === id &&
      String(valueAt(json, '$.type')).startsWith(`${dialect.subscriptionEvents}${name}`),
  )

/** Everything that arrived because of it, operations included. */
export const eventsFor = ({ events }: Scenario, { id }: Subscription): readonly ReceivedEvent[] =>
  events.filter(({ delivery: { json } }) => valueAt(json, '$.data.subscriptionId') === id)

export async function awaitTold(world: Scenario, subscription: Subscription, name: string): Promise<ReceivedEvent> {
  const { clock, ics } = world.session
  const timeoutMs = ics.timeouts.eventSeconds * 1000
  const told = await until(() => toldOf(world, subscription, name)[0], { clock, timeoutMs })
  if (told !== undefined) return told
  const what = `subscription-${name} of ${subscription.id}`
  return world.fail({ what, expected: `one event within ${ics.timeouts.eventSeconds} s`, actual: 'none' })
}

export const readSubscription = (world: Scenario, { id }: Subscription): Promise<Exchange> =>
  send(world, 'getSubscription', { operationId: id }, newDraft())

/** Waits until the subscription is shown with this status, or unknown when that is the word. */
export async function awaitStatus(
  world: Scenario,
  subscription: Subscription,
  expected: readonly string[],
): Promise<void> {
  const { clock, ics } = world.session
  let actual: unknown
  const arrived = async () => {
    const { response } = await readSubscription(world, subscription)
    actual = response.status === 404 ? 'unknown' : valueAt(response.json, '$.status')
    return expected.includes(String(actual)) || undefined
  }
  const timeoutMs = ics.timeouts.completionSeconds * 1000
  if ((await until(arrived, { clock, timeoutMs, costly: true })) === undefined)
    world.fail({ what: `status of subscription ${subscription.id}`, expected: expected.join(' or '), actual })
}
