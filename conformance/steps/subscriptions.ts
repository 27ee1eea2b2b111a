/** Subscriptions: made, read, ended, and what is told because of them. */
import { Given, Then, When } from '@cucumber/cucumber'
import { completeElsewhere } from '../scenario/elsewhere.ts'
import { awaitEvents, eventsOf } from '../scenario/events.ts'
import { valueAt } from '../scenario/json-path.ts'
import { latestSubscription, operationNamed } from '../scenario/model.ts'
import { labelOf } from '../scenario/observe.ts'
import { expectAccepted } from '../scenario/outcomes.ts'
import { send } from '../scenario/request.ts'
import { awaitStatus, awaitTold, eventsFor } from '../scenario/subscriptions.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

const inSeconds = (world: ScenarioWorld, seconds: number): string =>
  new Date(world.session.clock.now() + seconds * 1000).toISOString()

Given('the subscription is about the operation', function (this: ScenarioWorld) {
  const { operationId } = this.operation
  this.draft.edits.push({ path: '$.config.subscriptionDetail', value: { operation: { operationId } } })
})

Given('the subscription is to expire in {int} seconds', function (this: ScenarioWorld, seconds: number) {
  this.draft.edits.push({ path: '$.config.subscriptionExpireTime', value: inSeconds(this, seconds) })
})

Given('the access token of the sink expires in {int} seconds', function (this: ScenarioWorld, seconds: number) {
  this.draft.edits.push({ path: '$.sinkCredential.accessTokenExpiresUtc', value: inSeconds(this, seconds) })
})

When(
  /^the request "(getSubscription|deleteSubscription)" is sent for the subscription$/,
  async function (this: ScenarioWorld, name: 'getSubscription' | 'deleteSubscription') {
    await send(this, name, { operationId: latestSubscription(this).id })
  },
)

When('the subscriptions are listed', async function (this: ScenarioWorld) {
  await send(this, 'listSubscriptions')
})

When('the subscriptions are listed with {string}', async function (this: ScenarioWorld, query: string) {
  await send(this, 'listSubscriptions', { query: `?${query}` })
})

Then('the subscription becomes active', async function (this: ScenarioWorld) {
  expectAccepted(this)
  const [expected, actual] = ['ACTIVE', valueAt(this.latest.response.json, '$.status')]
  if (this.session.ics.readings.subscriptions === 'asynchronous')
    await awaitStatus(this, latestSubscription(this), [expected])
  else if (actual !== expected) this.fail({ what: `${labelOf(this.latest)}, $.status`, expected, actual })
})

Then('the subscription is as it was asked for', function (this: ScenarioWorld) {
  const { request, response } = latestSubscription(this).created
  const sent = JSON.parse(request.body ?? 'null') as unknown
  for (const path of ['$.protocol', '$.sink', '$.types', '$.config.subscriptionDetail'] as const) {
    const [expected, actual] = [valueAt(sent, path), valueAt(response.json, path)]
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      this.fail({ requirement: 'creation/as-requested', what: `subscription ${path}`, expected, actual })
  }
})

Then('the response is the subscription as it was answered', function (this: ScenarioWorld) {
  const [before, now] = [latestSubscription(this).created.response.json, this.latest.response.json]
  for (const path of ['$.id', '$.sink', '$.types', '$.config', '$.startsAt', '$.expiresAt'] as const) {
    const [expected, actual] = [valueAt(before, path), valueAt(now, path)]
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      this.fail({ what: `subscription ${path}`, expected, actual })
  }
})

Then('the subscription is gone', async function (this: ScenarioWorld) {
  expectAccepted(this)
  const isLater = this.session.ics.readings.subscriptions === 'asynchronous'
  await awaitStatus(this, latestSubscription(this), isLater ? ['unknown', 'DELETED'] : ['unknown'])
})

Then('the subscription becomes {string}', async function (this: ScenarioWorld, status: string) {
  await awaitStatus(this, latestSubscription(this), [status])
})

Then(/^the list (holds|does not hold) the subscription$/, function (this: ScenarioWorld, expected: string) {
  const list = this.latest.response.json
  if (!Array.isArray(list)) return this.fail({ what: labelOf(this.latest), expected: 'a list', actual: list })
  const { id } = latestSubscription(this)
  const actual = list.some((one) => valueAt(one, '$.id') === id) ? 'holds' : 'does not hold'
  if (actual !== expected) this.fail({ what: `the list of subscriptions, ${id}`, expected, actual })
})

Then('the subscription tells that it has started, before anything else', async function (this: ScenarioWorld) {
  const subscription = latestSubscription(this)
  const told = await awaitTold(this, subscription, 'started')
  const reason = valueAt(told.delivery.json, '$.data.initiationReason')
  if (reason !== 'SUBSCRIPTION_CREATED')
    this.fail({ what: 'initiationReason', expected: 'SUBSCRIPTION_CREATED', actual: reason })
  const [first] = eventsFor(this, subscription)
  if (first !== told) this.fail({ what: 'first event', expected: told.delivery.body, actual: first?.delivery.body })
})

Then('the subscription tells that it has ended with {string}', async function (this: ScenarioWorld, expected: string) {
  const subscription = latestSubscription(this)
  const told = await awaitTold(this, subscription, 'ended')
  const actual = valueAt(told.delivery.json, '$.data.terminationReason')
  if (actual !== expected) this.fail({ what: 'terminationReason', expected, actual })
  const last = eventsFor(this, subscription).at(-1)
  if (last !== told) this.fail({ what: 'last event', expected: told.delivery.body, actual: last?.delivery.body })
})

/** What would have come has come meanwhile to somebody else. */
Then(
  'nothing more has arrived for it when another device has completed an operation',
  async function (this: ScenarioWorld) {
    const subscription = latestSubscription(this)
    const before = eventsFor(this, subscription).length
    await completeElsewhere(this)
    const more = eventsFor(this, subscription).slice(before)
    if (more.length > 0)
      this.fail({ what: 'the sink', expected: 'nothing more', actual: more.map(({ delivery }) => delivery.body) })
  },
)

Then('operation {string} is told', async function (this: ScenarioWorld, alias: string) {
  const { eventSeconds } = this.session.ics.timeouts
  const operation = operationNamed(this, alias)
  const events = await awaitEvents(this, operation, { count: 1, timeoutMs: eventSeconds * 1000 })
  if (events === undefined)
    this.fail({ what: `event of operation "${alias}"`, expected: `one within ${eventSeconds} s`, actual: 'none' })
})

Then('operation {string} was not told', function (this: ScenarioWorld, alias: string) {
  const actual = eventsOf(this, operationNamed(this, alias)).map(({ delivery }) => delivery.body)
  if (actual.length > 0) this.fail({ what: `events of operation "${alias}"`, expected: 'none', actual })
})

Then('the event has the x-correlator of the request that started the operation', function (this: ScenarioWorld) {
  const expected = this.operation.accepted.request.headers?.['x-correlator']
  const actual = eventsOf(this, this.operation)[0]?.delivery.headers['x-correlator'] ?? 'absent'
  if (actual !== expected) this.fail({ what: 'event header x-correlator', expected, actual })
})

Then(
  'the event header "Authorization" is "Bearer" and the access token of the subscription',
  function (this: ScenarioWorld) {
    const subscription = latestSubscription(this)
    const sent = JSON.parse(subscription.created.request.body ?? 'null') as unknown
    const expected = `Bearer ${valueAt(sent, '$.sinkCredential.accessToken')}`
    const wrong = eventsFor(this, subscription).find(({ delivery }) => delivery.headers['authorization'] !== expected)
    if (wrong !== undefined)
      this.fail({ what: 'event header Authorization', expected: 'Bearer and the sinkCredential', actual: 'another' })
  },
)
