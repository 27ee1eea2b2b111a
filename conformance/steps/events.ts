/** Then: events at the sink. */
import { Then } from '@cucumber/cucumber'
import { type ErrorTold, type Failure, type Told, tell } from '../dialects/dialect.ts'
import { until } from '../runner/clock-system.ts'
import { eidOf, latestDevice, subjectOf } from '../scenario/devices.ts'
import { completeElsewhere } from '../scenario/elsewhere.ts'
import { eventReading, withoutRetries } from '../scenario/event-rules.ts'
import { awaitEvent, awaitEvents, eventsOf, initialOf } from '../scenario/events.ts'
import { sameIccid } from '../scenario/iccid.ts'
import { expectGrowingIntervals } from '../scenario/intervals.ts'
import { valueAt } from '../scenario/json-path.ts'
import { type Operation, operationNamed } from '../scenario/model.ts'
import { awaitCompletion, expectShownAsBefore, readOperation } from '../scenario/operations.ts'
import { acceptedOperations, expectAccepted, expectFailure, expectRefusal } from '../scenario/outcomes.ts'
import { secretsOf } from '../scenario/secrets.ts'
import type { ScenarioWorld } from '../scenario/world.ts'
import type { Delivery } from '../sink/inbox.ts'

async function latestEvent(world: ScenarioWorld): Promise<Delivery> {
  const first = await awaitEvent(world, world.operation)
  return (eventsOf(world, world.operation).at(-1) ?? first).delivery
}

async function expectProperty(world: ScenarioWorld, path: string, expected: unknown): Promise<void> {
  const actual = valueAt((await latestEvent(world)).json, path)
  const equal = path.endsWith('.iccid')
    ? sameIccid(String(actual), String(expected))
    : JSON.stringify(actual) === JSON.stringify(expected)
  if (!equal) world.fail({ what: `event ${path}`, expected, actual })
}

function expectCount(world: ScenarioWorld, operation: Operation, expected: number): void {
  const actual = withoutRetries(eventsOf(world, operation)).length
  const requirement = 'events/exactly-one'
  if (actual !== expected)
    world.fail({ requirement, what: `events of ${operation.name} (${operation.operationId})`, expected, actual })
}

/** The event and GET of the operation must agree in every member of the result. */
async function expectSameResult(world: ScenarioWorld, operation: Operation): Promise<void> {
  const result = await awaitCompletion(world, operation)
  const { delivery } = await awaitEvent(world, operation)
  const told = tell(eventReading(world.session.dialect), delivery.json)
  const [expected, actual] = [result, told].map(({ outcome, completedAt, error }: Told) => {
    const { status, code }: ErrorTold = error ?? {}
    return { outcome, completedAt: Date.parse(String(completedAt)), status, code }
  })
  if (JSON.stringify(expected) === JSON.stringify(actual)) return
  const requirement = 'events/same-result'
  world.fail({ requirement, what: `event of ${operation.name}`, expected: result, actual: told })
}

Then('exactly one event says that outcome, after the eUICC had done it', async function (this: ScenarioWorld) {
  await expectSameResult(this, this.operation)
  expectCount(this, this.operation, 1)
})

/** By its event where the dialect has events; the operation itself says it again otherwise. */
async function expectReported(world: ScenarioWorld, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) await awaitCompletion(world, operation)
  if (world.session.dialect.event === undefined) {
    for (const operation of operations) await expectShownAsBefore(world, operation)
    return
  }
  for (const operation of operations) await expectSameResult(world, operation)
  for (const operation of operations) expectCount(world, operation, 1)
}

Then('the outcome is reported once, after the eUICC had done it', function (this: ScenarioWorld) {
  return expectReported(this, [this.operation])
})

Then('each outcome is reported once', function (this: ScenarioWorld) {
  return expectReported(this, acceptedOperations(this))
})

Then('it is refused or fails for {string}', async function (this: ScenarioWorld, name: string) {
  const endings = this.session.dialect.failures(this.session.ics.readings)
  const ending = endings[name as Failure]
  if (ending === undefined) throw new Error(`no failure "${name}"; known: ${Object.keys(endings).join(', ')}`)
  if (ending.when === 'at once') {
    expectRefusal(this, ending.error, name)
    return
  }
  expectAccepted(this)
  await expectFailure(this, ending.error)
  await expectReported(this, [this.operation])
})

Then('exactly one event of each operation has arrived', async function (this: ScenarioWorld) {
  for (const operation of acceptedOperations(this)) {
    await awaitEvent(this, operation)
    await expectSameResult(this, operation)
  }
  for (const operation of this.operations) expectCount(this, operation, 1)
})

Then('an event is received at the sink', async function (this: ScenarioWorld) {
  await awaitEvent(this, this.operation)
})

Then('the event header {string} is {string}', async function (this: ScenarioWorld, name: string, expected: string) {
  const actual = (await latestEvent(this)).headers[name.toLowerCase()] ?? 'absent'
  if (actual.split(';')[0]?.trim().toLowerCase() !== expected.toLowerCase())
    this.fail({ what: `event header ${name}`, expected, actual })
})

Then('the event header {string} is not sent', async function (this: ScenarioWorld, name: string) {
  const actual = (await latestEvent(this)).headers[name.toLowerCase()]
  if (actual !== undefined)
    this.fail({ what: `event header ${name}`, expected: 'absent', actual: actual.split(' ')[0] })
})

const credentialOf = (world: ScenarioWorld): Readonly<Record<string, string>> =>
  (valueAt(JSON.parse(world.operation.accepted.request.body ?? 'null'), '$.sinkCredential') ?? {}) as Record<
    string,
    string
  >

async function expectAuthorization(world: ScenarioWorld, expected: string): Promise<void> {
  const [scheme = '', ...credentials] = ((await latestEvent(world)).headers['authorization'] ?? 'absent').split(' ')
  const [expectedScheme = '', expectedCredentials = ''] = expected.split(' ')
  if (scheme.toLowerCase() === expectedScheme.toLowerCase() && credentials.join(' ') === expectedCredentials) return
  const actual = scheme === expectedScheme ? 'other credentials' : scheme
  world.fail({ what: 'event header Authorization', expected: `${expectedScheme} and the sinkCredential`, actual })
}

Then(
  'the event header "Authorization" is "Bearer" and the access token of the sinkCredential',
  async function (this: ScenarioWorld) {
    await expectAuthorization(this, `Bearer ${credentialOf(this)['accessToken']}`)
  },
)

Then(
  'the event header "Authorization" is "Basic" and the identifier and secret of the sinkCredential',
  async function (this: ScenarioWorld) {
    const { identifier, secret } = credentialOf(this)
    await expectAuthorization(this, `Basic ${Buffer.from(`${identifier}:${secret}`).toString('base64')}`)
  },
)

/** Every answer and every event body of the scenario so far, and one more look at the operation. */
Then('nothing that the provider sent contains the sinkCredential', async function (this: ScenarioWorld) {
  await readOperation(this, this.operation)
  const requirement = 'delivery/credential-never-returned'
  const secrets = secretsOf(this.operation.accepted.request.body)
  if (secrets.length === 0) throw new Error('no sinkCredential was sent')
  const sent = [
    ...this.exchanges.map(({ response }) => response.body),
    ...this.events.map(({ delivery }) => delivery.body),
  ]
  const leaks = sent.filter(
    (text) => text.includes('sinkCredential') || secrets.some((secret) => text.includes(secret)),
  )
  if (leaks.length > 0)
    this.fail({
      requirement,
      what: 'answers and events',
      expected: 'no sinkCredential',
      actual: `${leaks.length} with it`,
    })
})

Then('the event body complies with the schema at {string}', async function (this: ScenarioWorld, pointer: string) {
  const { json } = await latestEvent(this)
  const { complies } = this.session.schemas
  const [actual] = [...complies('CloudEvent', json), ...complies('EsimEventData', valueAt(json, '$.data'))]
  if (actual !== undefined)
    this.fail({
      requirement: 'events/envelope',
      what: 'event',
      expected: pointer,
      actual,
    })
})

Then(
  /^the event property "([^"]+)" is (true|false|-?\d+|".*")$/,
  async function (this: ScenarioWorld, path: string, expected: string) {
    await expectProperty(this, path, JSON.parse(expected))
  },
)

Then(
  'the event property {string} is that of {string} or, if so declared, that of all operations',
  async function (this: ScenarioWorld, path: string, event: string) {
    const { readings } = this.session.ics
    const named = readings.events === 'named'
    const expected = named
      ? `org.camaraproject.esim-management.v0.${event}`
      : 'com.camara.esim-management.vwip.operation-completed'
    const actual = valueAt((await latestEvent(this)).json, path)
    const requirement = `events/${named ? 'named-after-operation' : 'one-type'}`
    if (actual !== expected) this.fail({ requirement, what: `event ${path}`, expected, actual })
  },
)

Then('the event property {string} does not exist', async function (this: ScenarioWorld, path: string) {
  const actual = valueAt((await latestEvent(this)).json, path)
  if (actual !== undefined) this.fail({ what: `event ${path}`, expected: 'absent', actual })
})

Then('the event property {string} contains a user friendly text', async function (this: ScenarioWorld, path: string) {
  const actual = valueAt((await latestEvent(this)).json, path)
  if (typeof actual !== 'string' || actual.trim() === '')
    this.fail({ what: `event ${path}`, expected: 'a text', actual })
})

Then('the event property {string} is that of the operation', async function (this: ScenarioWorld, path: string) {
  await expectProperty(this, path, this.operation.operationId)
})

Then('the event property {string} is the EID of the eUICC', async function (this: ScenarioWorld, path: string) {
  await expectProperty(this, path, await eidOf(this, latestDevice(this)))
})

Then(
  'the event property {string} is the ICCID of eSIM {string}',
  async function (this: ScenarioWorld, path: string, alias: string) {
    await expectProperty(this, path, (await subjectOf(this, alias)).iccid)
  },
)

Then('the event and the operation say the same result', async function (this: ScenarioWorld) {
  await expectSameResult(this, this.operation)
})

Then('an event that it is accepted is received at the sink', async function (this: ScenarioWorld) {
  const { clock, ics, dialect } = this.session
  const initial = () => this.events.find(({ operationId }) => operationId === initialOf(this.operation.operationId))
  const event = await until(initial, { clock, timeoutMs: ics.timeouts.eventSeconds * 1000 })
  const [what, requirement] = ['event of the acceptance', 'events/initial']
  if (event === undefined) return this.fail({ requirement, what, expected: dialect.initialEventType, actual: 'none' })
  const { status } = tell(eventReading(dialect), event.delivery.json)
  if (status !== 'accepted') this.fail({ requirement, what, expected: 'accepted', actual: event.delivery.body })
  const [outcome] = eventsOf(this, this.operation)
  if (outcome !== undefined && outcome.delivery.at < event.delivery.at)
    this.fail({ requirement, what, expected: 'before that of the outcome', actual: 'after it' })
})

Then('no event of it has arrived when another device has completed an operation', async function (this: ScenarioWorld) {
  const { operation } = this
  await completeElsewhere(this)
  const actual = eventsOf(this, operation).map(({ delivery }) => delivery.body)
  if (actual.length > 0) this.fail({ what: `events of ${operation.name}`, expected: 'none', actual })
})

/** A second event of it would have come meanwhile. */
Then(
  'no second event of it has arrived when another device has completed an operation',
  async function (this: ScenarioWorld) {
    await completeElsewhere(this)
    expectCount(this, this.operation, 1)
  },
)

Then('the event did not arrive before the answer to the request', async function (this: ScenarioWorld) {
  const { delivery } = await awaitEvent(this, this.operation)
  const { reorderingSeconds } = this.session.ics.timeouts
  const early = this.operation.accepted.receivedAt - delivery.at - reorderingSeconds * 1000
  const expected = `not more than ${reorderingSeconds} s before the 202`
  if (early > 0)
    this.fail({ what: 'arrival of the event', expected, actual: `${Math.round(early)} ms earlier than that` })
})

Then('the events have different ids', function (this: ScenarioWorld) {
  const ids = acceptedOperations(this, 2).map((operation) =>
    valueAt(eventsOf(this, operation)[0]?.delivery.json, '$.id'),
  )
  if (new Set(ids).size !== ids.length)
    this.fail({ what: 'ids of the events', expected: 'one for each event', actual: ids })
})

Then(
  'the event of operation {string} arrived at sink {string}',
  async function (this: ScenarioWorld, alias: string, sink: string) {
    const { inbox } = await awaitEvent(this, operationNamed(this, alias))
    const expected = this.inboxes.get(sink)?.url
    if (inbox.url !== expected) this.fail({ what: `event of operation "${alias}"`, expected, actual: inbox.url })
  },
)

Then('the event is delivered {int} times', async function (this: ScenarioWorld, count: number) {
  const { redeliverySeconds, eventSeconds } = this.session.ics.timeouts
  const timeoutMs = (eventSeconds + redeliverySeconds * (count - 1)) * 1000
  if ((await awaitEvents(this, this.operation, { count, timeoutMs })) !== undefined) return
  const actual = eventsOf(this, this.operation).length
  const rule = actual === 0 ? 'events/exactly-one' : 'delivery/retried-until-taken'
  this.fail({
    requirement: `${rule}`,
    what: 'deliveries of the event',
    expected: `${count} within ${timeoutMs / 1000} s`,
    actual,
  })
})

Then('every delivery carries the same event', function (this: ScenarioWorld) {
  const ids = eventsOf(this, this.operation).map(({ delivery }) => valueAt(delivery.json, '$.id'))
  const requirement = 'delivery/same-event-on-retry'
  if (new Set(ids).size !== 1)
    this.fail({ requirement, what: 'ids of the deliveries', expected: 'one id', actual: ids })
})

Then(
  'the intervals between the deliveries of events about eSIM {string} grow',
  async function (this: ScenarioWorld, alias: string) {
    await expectGrowingIntervals(this, alias)
  },
)

Then('the event of operation {string} was delivered once', function (this: ScenarioWorld, alias: string) {
  const actual = withoutRetries(eventsOf(this, operationNamed(this, alias))).length
  if (actual !== 1) this.fail({ what: `deliveries of the event of operation "${alias}"`, expected: 1, actual })
})
