/** How a request or an operation has ended, against how the dialect says that it ends. */
import { type Refusal, routeOf } from '../dialects/dialect.ts'
import { valueAt } from './json-path.ts'
import {
  latestExchange,
  latestOperation,
  type Operation,
  type OperationResult,
  type Scenario,
  type Trial,
} from './model.ts'
import { labelOf } from './observe.ts'
import { awaitCompletion } from './operations.ts'

export function expectAccepted(world: Scenario): void {
  const { session, asked } = world
  if (asked?.name === undefined) throw new Error('no request of the API was sent yet')
  const { success } = routeOf(session.dialect, asked.name)
  const { status, body } = asked.exchange.response
  if (status !== success) world.fail({ what: labelOf(asked.exchange), expected: success, actual: status || body })
}

/** Operations of the scenario. A target that has accepted fewer than the scenario needs has refused what it must accept. */
export function acceptedOperations(world: Scenario, least = 1): readonly Operation[] {
  const { operations, asked, session } = world
  const isStart = asked?.name !== undefined && routeOf(session.dialect, asked.name).starts !== undefined
  if (operations.length >= least) return operations // of several at the same time some may be refused
  if (isStart && !operations.some(({ accepted }) => accepted === asked.exchange)) expectAccepted(world)
  return world.fail({ what: 'accepted operations', expected: `at least ${least}`, actual: operations.length })
}

export function expectOutcome(
  world: Scenario,
  operation: Operation,
  { result, expected }: { result: OperationResult; expected: string },
): void {
  if (result.outcome === expected) return
  const why = result.error?.code ?? result.error?.message ?? ''
  world.fail({ what: `outcome of ${operation.name}`, expected, actual: `${result.outcome} ${why}`.trim() })
}

/** Of the latest operation; with its error, where the dialect has codes for that. */
export async function expectFailure(world: Scenario, error?: Refusal, outcome = 'failed'): Promise<void> {
  const operation = latestOperation(world)
  const result = await awaitCompletion(world, operation)
  expectOutcome(world, operation, { result, expected: outcome })
  if (error === undefined || (result.error?.status === error[0] && result.error.code === error[1])) return
  world.fail({ what: 'error of the operation', expected: error.join(' '), actual: result.error })
}

/** Status and code of an error; the body of a 401 may be missing (RFC 6750). */
export function errorFinding(
  { exchange: { response } }: Pick<Trial, 'exchange'>,
  [status, code]: Refusal,
): { expected: string; actual: string } | undefined {
  const actual = valueAt(response.json, '$.code')
  const isOpen = status === 401 && actual === undefined
  if (response.status === status && (actual === code || isOpen)) return undefined
  return { expected: `${status} ${code}`, actual: `${response.status || response.body} ${actual ?? ''}`.trim() }
}

export function expectRefusal(world: Scenario, refusal: Refusal, why = ''): void {
  const exchange = latestExchange(world)
  const found = errorFinding({ exchange }, refusal)
  if (found !== undefined) world.fail({ what: `${labelOf(exchange)}${why && `, ${why}`}`, ...found })
}
