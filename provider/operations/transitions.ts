/**
 * The life of an operation: (operation, event) -> [operation, effects]. An event that the present phase does not list changes nothing.
 *
 * Time limit. An operation that waits for its turn fails when the limit passes. One whose package is at the platform takes the package
 * back first: what was never handed over cannot happen any more, so the failure is the truth. A package that the device already has
 * gets the limit once more, since its result decides; after that the failure says that the outcome on the card is not known.
 */
import type { PackageOrder, PackageResult, Profile } from '../rsp/platform.ts'
import type { At, Failure, Operation, Phase, Progress, Result, Step } from './operation.ts'
import { planOf, steps } from './steps.ts'
import { failureOf, isBelievable } from './verdict.ts'

export type OperationEvent = { readonly now: number } & (
  | { readonly kind: 'turn'; readonly profiles: readonly Profile[] }
  | { readonly kind: 'submitted'; readonly packageId: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'lost' }
  | { readonly kind: 'delivered' }
  | { readonly kind: 'done'; readonly result: PackageResult }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'deadline-passed' }
)
type EventOf<K extends OperationEvent['kind']> = Extract<OperationEvent, { kind: K }>

export type Effect =
  | { readonly kind: 'submit'; readonly order: PackageOrder; readonly key: string }
  | { readonly kind: 'look'; readonly packageId: string }
  | { readonly kind: 'withdraw'; readonly packageId: string }

type Moved = readonly [Operation, readonly Effect[]]
type Row<P extends Phase> = {
  readonly [K in OperationEvent['kind']]?: (operation: Operation<At<P>>, event: EventOf<K>) => Moved
}

export const transition = (operation: Operation, event: OperationEvent): Moved => {
  const row = transitions[operation.progress.phase] as Row<Phase>
  const move = row[event.kind] as ((operation: Operation, event: OperationEvent) => Moved) | undefined
  return move?.(operation, event) ?? [operation, []]
}

/** What an operation found after a restart was about to do: each is safe to do again. Its turn, when accepted, is the queue's to give. */
export const resume = (operation: Operation): readonly Effect[] => {
  const { progress } = operation
  if (progress.phase === 'accepted' || progress.phase === 'completed') return []
  if (progress.packageId === undefined) return [submit(operation, progress.step)]
  const kind = progress.phase === 'dispatched' && progress.overdue ? 'withdraw' : 'look'
  return [{ kind, packageId: progress.packageId }]
}

const transitions: { readonly [P in Phase]: Row<P> } = {
  accepted: {
    turn(operation, { profiles, now }) {
      if (operation.progress.deadline <= now) return fail(operation, now, turnTooLate)
      const plan = planOf(operation, profiles)
      return 'failure' in plan ? fail(operation, now, plan.failure) : begin(operation, plan.step, now)
    },
    'deadline-passed': (operation, { now }) => fail(operation, now, turnTooLate),
  },
  dispatched: {
    submitted(operation, { packageId }) {
      const next = withProgress(operation, { ...operation.progress, packageId })
      return [next, operation.progress.overdue ? [{ kind: 'withdraw', packageId }] : []]
    },
    refused(operation, { detail, now }) {
      const { step } = operation.progress
      const { otherwise } = steps[step]
      if (otherwise) return begin(operation, otherwise, now)
      return fail(operation, now, { reason: step === 'download' ? 'download-failed' : 'refused', details: detail })
    },
    delivered(operation) {
      const { packageId } = operation.progress
      if (packageId === undefined) return [operation, []]
      return [withProgress(operation, { ...operation.progress, phase: 'executing', packageId }), []]
    },
    lost: (operation, { now }) => fail(operation, now, lost),
    done: (operation, event) => conclude(operation, event),
    cancelled: (operation, event) => cancelled(operation, event),
    'deadline-passed'(operation, { now }) {
      const { packageId } = operation.progress
      return [overdue(operation, now), packageId === undefined ? [] : [{ kind: 'withdraw', packageId }]]
    },
  },
  executing: {
    lost: (operation, { now }) => fail(operation, now, lost),
    done: (operation, event) => conclude(operation, event),
    cancelled: (operation, event) => cancelled(operation, event),
    'deadline-passed'(operation, { now }) {
      if (!operation.progress.overdue) return [overdue(operation, now), []]
      return fail(operation, now, unreachable('The device has the package; whether it was carried out is not known.'))
    },
  },
  completed: {},
}

type UnderWay = Operation<At<'dispatched'> | At<'executing'>>

const conclude = (operation: UnderWay, { result, now }: EventOf<'done'>): Moved => {
  if (!isBelievable(result)) return [operation, []]
  const { step } = operation.progress
  const failure = failureOf(operation, steps[step].order(operation), result)
  if (failure) return fail(operation, now, failure)
  const named = withIccid(operation, result)
  const next = steps[step].next?.(named)
  return next ? begin(named, next, now) : completed(named, { outcome: 'success', completedAt: now })
}

const withIccid = (operation: UnderWay, result: PackageResult): UnderWay =>
  result.kind === 'profileInstallationResult' && result.outcome === 'success'
    ? { ...operation, iccid: result.iccid }
    : operation

/** By us, because of the time limit; or by somebody else at the platform. */
const cancelled = (operation: UnderWay, { now }: EventOf<'cancelled'>): Moved =>
  operation.progress.overdue
    ? fail(operation, now, unreachable('The package was never handed to the device.'))
    : completed(operation, { outcome: 'cancelled', completedAt: now })

/** Nothing new is begun after the time limit. */
const begin = (operation: Operation<Exclude<Progress, At<'completed'>>>, step: Step, now: number): Moved => {
  const { deadline } = operation.progress
  const begun = withProgress(operation, { phase: 'dispatched', deadline, step })
  const late = 'overdue' in operation.progress
  return late
    ? fail(begun, now, unreachable('The time limit passed before this step.'))
    : [begun, [submit(begun, step)]]
}

const submit = (operation: Operation, step: Step): Effect => ({
  kind: 'submit',
  order: steps[step].order(operation),
  key: `${operation.operationId}/${step}`,
})

const overdue = (operation: UnderWay, now: number): Operation =>
  withProgress(operation, { ...operation.progress, deadline: now + operation.timeLimitMs, overdue: true })

const unreachable = (details: string): Failure => ({ reason: 'unreachable', details })
const turnTooLate = unreachable('It never had its turn.')
const lost: Failure = { reason: 'refused', details: 'The RSP platform does not know the package any more.' }

const fail = (operation: Operation, completedAt: number, failure: Failure): Moved =>
  completed(operation, {
    outcome: 'failed',
    completedAt,
    failure: { ...failure, ...afterEarlierStep(operation, failure) },
  })

const afterEarlierStep = ({ progress, task }: Operation, { details }: Failure): Partial<Failure> => {
  const done = 'step' in progress ? steps[progress.step].after?.[task.kind] : undefined
  return done === undefined ? {} : { details: details === undefined ? done : `${done} ${details}` }
}

const completed = (operation: Operation, result: Result): Moved => [
  withProgress(operation, { phase: 'completed', result }),
  [],
]

const withProgress = (operation: Operation, progress: Progress): Operation => ({ ...operation, progress })
