/** Then: the life of operations, in the API and on the card. */
import { Then, When } from '@cucumber/cucumber'
import { tell } from '../dialects/dialect.ts'
import { until } from '../runner/clock-system.ts'
import { anotherOperation } from '../scenario/another.ts'
import { cardHistory, historyEntry, seesCard, shownEsims } from '../scenario/card.ts'
import { latestDevice } from '../scenario/devices.ts'
import { completeElsewhere } from '../scenario/elsewhere.ts'
import { eventsOf } from '../scenario/events.ts'
import { valueAt } from '../scenario/json-path.ts'
import { type Operation, operationNamed } from '../scenario/model.ts'
import { labelOf } from '../scenario/observe.ts'
import { awaitCompletion, expectShownAsBefore, readOperation } from '../scenario/operations.ts'
import { acceptedOperations, expectAccepted, expectFailure, expectOutcome } from '../scenario/outcomes.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

Then('the operation is accepted', function (this: ScenarioWorld) {
  const { response } = this.latest
  expectAccepted(this)
  const { status } = tell(this.session.dialect.accepted, response.json)
  if (status !== 'accepted') this.fail({ what: labelOf(this.latest), expected: 'accepted', actual: response.body })
  const [broken] = this.session.schemas.complies('AcceptedOperation', response.json)
  const requirement = 'operations/accepted'
  if (broken !== undefined)
    this.fail({ requirement, what: labelOf(this.latest), expected: 'an accepted operation', actual: broken })
  const { accepted } = this.session.dialect
  const wrong = anotherOperation(this, this.operation, tell(accepted, response.json))
  if (wrong !== undefined) this.fail({ requirement, what: labelOf(this.latest), ...wrong })
})

Then('the operation completes with outcome {string}', async function (this: ScenarioWorld, outcome: string) {
  if (this.asked?.name !== 'retrieveOperation') expectAccepted(this)
  expectOutcome(this, this.operation, { result: await awaitCompletion(this, this.operation), expected: outcome })
})

Then(
  'the operation completes with outcome {string} and error {int} {string}',
  async function (this: ScenarioWorld, outcome: string, status: number, code: string) {
    await expectFailure(this, [status, code], outcome)
  },
)

Then(
  'the operation completes at the time limit with outcome {string} and error {int} {string}',
  async function (this: ScenarioWorld, outcome: string, status: number, code: string) {
    await expectFailure(this, [status, code], outcome)
  },
)

Then(
  'the operation is refused or fails with error {int} {string}',
  async function (this: ScenarioWorld, status: number, code: string) {
    const { response } = this.latest
    if (this.operations.some(({ accepted }) => accepted === this.latest)) return expectFailure(this, [status, code])
    if (response.status === status && valueAt(response.json, '$.code') === code) return
    this.fail({
      what: labelOf(this.latest),
      expected: `${status} ${code}`,
      actual: `${response.status} ${response.body}`,
    })
  },
)

Then(
  'operation {string} completes with outcome {string}',
  async function (this: ScenarioWorld, alias: string, outcome: string) {
    const operation = operationNamed(this, alias)
    expectOutcome(this, operation, { result: await awaitCompletion(this, operation), expected: outcome })
  },
)

Then('every operation completes', async function (this: ScenarioWorld) {
  for (const operation of acceptedOperations(this)) await awaitCompletion(this, operation)
})

Then('every operation completes with outcome {string}', async function (this: ScenarioWorld, outcome: string) {
  for (const operation of acceptedOperations(this))
    expectOutcome(this, operation, { result: await awaitCompletion(this, operation), expected: outcome })
})

Then('the error has details', async function (this: ScenarioWorld) {
  const { error } = await awaitCompletion(this, this.operation)
  const said = this.session.dialect.abilities.includes('error-codes') ? error?.details : error?.message
  if (String(said ?? '') === '')
    this.fail({ what: 'error of the operation', expected: 'details of the refusal', actual: error })
})

Then('operation {string} is shown as before', function (this: ScenarioWorld, alias: string) {
  return expectShownAsBefore(this, operationNamed(this, alias))
})

Then('the operations have different operationIds', function (this: ScenarioWorld) {
  const ids = acceptedOperations(this, 2).map(({ operationId }) => operationId)
  if (new Set(ids).size !== ids.length)
    this.fail({ what: 'operationIds', expected: 'one for each operation', actual: ids })
})

/** What was completed later cannot have been completed earlier. */
Then('the operations were completed in the order of their acceptance', async function (this: ScenarioWorld) {
  const moments: { name: string; at: unknown }[] = []
  for (const operation of this.operations)
    moments.push({ name: operation.name, at: (await awaitCompletion(this, operation)).completedAt })
  if (this.session.dialect.operation.completedAt === undefined) return // the dialect does not say when
  const ordered = moments.every(
    ({ at }, index) => index === 0 || Date.parse(String(at)) >= Date.parse(String(moments[index - 1]?.at ?? at)),
  )
  if (!ordered)
    this.fail({ what: 'completedAt of the operations', expected: 'in the order of acceptance', actual: moments })
})

/** Had the provider said it without the device, it would have done so meanwhile. */
Then('the operation is still accepted after another device has completed one', async function (this: ScenarioWorld) {
  const { operation } = this
  await completeElsewhere(this)
  const { response } = await readOperation(this, operation)
  const reading = this.session.dialect.operation
  const { status, outcome } = tell(reading, response.json)
  if (status === 'accepted') return
  const actual = valueAt(response.json, reading.status)
  const mismatch = { what: `operation ${operation.name} whose device cannot be reached`, expected: 'accepted', actual }
  if (outcome === 'success') {
    this.note({ requirement: 'operations/completed-not-before-card', ...mismatch })
  }
  this.fail({ requirement: 'operations/waits-for-device', ...mismatch })
})

Then('no event has arrived for it', function (this: ScenarioWorld) {
  const events = eventsOf(this, this.operation)
  const requirement = 'events/not-while-unreachable'
  if (events.length > 0)
    this.fail({
      requirement,
      what: 'the sink',
      expected: 'no event',
      actual: events.map(({ delivery }) => delivery.body),
    })
})

async function watch(world: ScenarioWorld, operations: readonly Operation[]): Promise<void> {
  const { clock, ics } = world.session
  const device = latestDevice(world)
  let finished = false
  const completions = (async () => {
    for (const operation of operations) await awaitCompletion(world, operation)
  })().finally(() => {
    finished = true
  })
  const look = async () => {
    world.sightings.push(await shownEsims(world, device))
    return finished || undefined
  }
  await Promise.all([
    completions,
    until(look, { clock, timeoutMs: operations.length * ics.timeouts.completionSeconds * 1000 }),
  ])
  world.sightings.push(await shownEsims(world, device))
}

When(
  'the status of the eUICC is asked for again and again until the operation is completed',
  function (this: ScenarioWorld) {
    return watch(this, [this.operation])
  },
)

When(
  'the status of the eUICC is asked for again and again until every operation is completed',
  function (this: ScenarioWorld) {
    return watch(this, [...this.operations])
  },
)

Then('no answer showed more than one enabled eSIM', function (this: ScenarioWorld) {
  const noted = this.mismatches.find(({ requirement }) => requirement === 'profiles/at-most-one-enabled')
  if (noted !== undefined) this.fail(noted)
})

/** Enabling may be seen in its steps: the one disabled, then the other enabled. */
Then(
  'the answers showed the states before, then the states after, and never went back',
  async function (this: ScenarioWorld) {
    if (!seesCard(this, 'the states that the eUICC went through')) return
    const possible = await cardHistory(this, latestDevice(this))
    const seen = this.sightings.map(historyEntry)
    const changes = seen.filter((states, index) => states !== seen[index - 1])
    let from = 0
    for (const states of changes) {
      from = possible.indexOf(states, from)
      if (from >= 0) continue
      const requirement = 'retrieve-status/truth-while-executing'
      this.fail({
        requirement,
        what: 'eSIMs that the API showed one after another',
        expected: possible,
        actual: changes,
      })
    }
  },
)

Then(
  'the response says that the operation is completed with outcome {string} and no error',
  function (this: ScenarioWorld, outcome: string) {
    expectSaid(this, outcome, 'no error')
  },
)

Then(
  'the response says that the operation is completed with outcome {string} and an error',
  function (this: ScenarioWorld, outcome: string) {
    expectSaid(this, outcome, 'an error')
  },
)

/** Where the dialect has one place for both outcomes, it holds a sentence in either case. */
function expectSaid(world: ScenarioWorld, outcome: string, expected: 'no error' | 'an error'): void {
  const { dialect } = world.session
  const told = tell(dialect.operation, world.latest.response.json)
  const error = told.error === undefined || dialect.alwaysExplains ? 'no error' : 'an error'
  const right = told.status === 'completed' && told.outcome === outcome
  if (right && (error === expected || dialect.alwaysExplains)) return
  world.fail({ what: labelOf(world.latest), expected: `completed, ${outcome}, ${expected}`, actual: told })
}

Then('the operation is no longer kept when the declared time has passed', async function (this: ScenarioWorld) {
  const { clock, ics } = this.session
  const { operationRetentionSeconds = 0 } = ics.limits
  const timeoutMs = (operationRetentionSeconds + ics.timeouts.completionSeconds) * 1000
  const gone = await until(
    async () => {
      const exchange = await readOperation(this, this.operation)
      return exchange.response.status === 200 ? undefined : exchange
    },
    { clock, timeoutMs, costly: true },
  )
  if (gone === undefined)
    this.fail({ what: 'a completed operation', expected: 'not kept for ever', actual: 'still there' })
  else this.asked = { name: 'retrieveOperation', exchange: gone }
})
