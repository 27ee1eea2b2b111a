/** Operations that the target accepted, followed to their end in the API and on the card. */
import { type Reading, tell } from '../dialects/dialect.ts'
import { until } from '../runner/clock-system.ts'
import type { Exchange } from '../runner/http.ts'
import { certainlyAfter } from '../testbed/clock-offset.ts'
import { anotherOperation } from './another.ts'
import { eidOf } from './devices.ts'
import { effectsFound, effectsOf } from './effects.ts'
import { valueAt } from './json-path.ts'
import { newDraft, type Operation, type OperationResult, type Scenario } from './model.ts'
import { send } from './request.ts'
import { insaneTimes } from './times.ts'

/** As its owner. */
export const readOperation = (world: Scenario, { operationId, device }: Operation): Promise<Exchange> =>
  send(world, 'retrieveOperation', { operationId, device }, newDraft(device.tenant))

export function resultOf({ session: { dialect } }: Scenario, { completed }: Operation): OperationResult | undefined {
  const { outcome, ...told } = tell(dialect.operation, completed?.response.json)
  return outcome === undefined ? undefined : { ...told, outcome }
}

export async function expectShownAsBefore(world: Scenario, operation: Operation): Promise<void> {
  const expected = operation.completed?.response.json
  const actual = (await readOperation(world, operation)).response.json
  if (JSON.stringify(actual) === JSON.stringify(expected)) return
  const requirement = 'operations/completed-is-final'
  world.fail({ requirement, what: `operation ${operation.name} (${operation.operationId})`, expected, actual })
}

/** Asks until the operation is completed; every answer on the way must fit the life of an operation. */
export async function awaitCompletion(world: Scenario, operation: Operation): Promise<OperationResult> {
  const { clock, ics } = world.session
  const timeoutMs = ics.timeouts.completionSeconds * 1000
  operation.completed ??= await until(() => completedAnswer(world, operation), { clock, timeoutMs, costly: true })
  if (operation.completed === undefined) {
    return world.fail({
      what: `operation ${operation.name} (${operation.operationId})`,
      expected: `completed within ${ics.timeouts.completionSeconds} s`,
      actual: 'accepted',
    })
  }
  const result = resultOf(world, operation)
  if (result === undefined) {
    return world.fail({
      requirement: 'operations/result',
      what: `operation ${operation.name} (${operation.operationId})`,
      expected: 'a result once it is completed',
      actual: operation.completed.response.body,
    })
  }
  return result
}

async function completedAnswer(world: Scenario, operation: Operation): Promise<Exchange | undefined> {
  const exchange = await readOperation(world, operation)
  const { response } = exchange
  if (response.status !== 200) {
    return world.fail({
      requirement: 'operations/pollable',
      what: `GET of operation ${operation.operationId}`,
      expected: 200,
      actual: response.status,
    })
  }
  const reading = world.session.dialect.operation
  const told = tell(reading, response.json)
  const wrong = anotherOperation(world, operation, told)
  if (wrong !== undefined) world.note({ requirement: 'operations/pollable', what: 'operation', ...wrong })
  if (told.status === undefined) {
    return world.fail({
      requirement: 'operations/two-states',
      what: reading.status,
      expected: Object.keys(reading.statuses).join(' or '),
      actual: valueAt(response.json, reading.status),
    })
  }
  if (told.status === 'accepted') return undefined
  await cardHasDone(world, operation, exchange)
  const stated = { what: momentIn(reading), moment: told.completedAt, seenAt: exchange.receivedAt }
  const rule = world.session.dialect.event === undefined ? { requirement: 'operations/sane-time' } : {}
  for (const mismatch of insaneTimes(world, operation, stated)) world.note({ ...mismatch, ...rule })
  return exchange
}

const momentIn = ({ completedAt = 'completedAt' }: Reading): string => completedAt

/** Asked at once after the answer: whoever says completed, says that the card has done it. */
async function cardHasDone(world: Scenario, operation: Operation, { response, receivedAt }: Exchange): Promise<void> {
  const { testbed, testbedClock, dialect } = world.session
  if (tell(dialect.operation, response.json).outcome !== 'success') return
  if (!testbed.truth) return
  const found = effectsFound(operation, await testbed.events(await eidOf(world, operation.device), 0))
  const late = found.filter(
    (event) => event === undefined || certainlyAfter(Date.parse(event.at), receivedAt, testbedClock),
  )
  if (late.length === 0) return
  world.note({
    requirement: 'operations/completed-not-before-card',
    what: `operation ${operation.name} was shown as completed with outcome success`,
    expected: `${effectsOf(operation).join(', ')} on the eUICC before`,
    actual: late[0] === undefined ? 'not on the eUICC' : `${late[0].at}, later than the answer`,
  })
}
