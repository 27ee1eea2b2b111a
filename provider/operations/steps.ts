/** What an operation asks of the card: which step it begins with, what package each step is, and which step follows. */
import type { PackageOrder, Profile, Psmo } from '../rsp/platform.ts'
import type { Failure, Operation, OperationKind, Step, Task } from './operation.ts'

type Plan = { readonly step: Step } | { readonly failure: Failure }

interface StepRow {
  order(operation: Operation): PackageOrder
  /** The step after success, where the operation has one. */
  next?(operation: Operation): Step | undefined
  /** The step to take instead when the platform refuses the package. */
  readonly otherwise?: Step
  /** What an earlier step has already done, for the details of a failure in this one. */
  readonly after?: Partial<Record<OperationKind, string>>
}

const psmo =
  (...names: readonly ('enable' | 'disable' | 'delete' | 'setFallbackAttribute')[]) =>
  ({ iccid, operationId }: Operation): PackageOrder => {
    if (iccid === undefined) throw new Error(`operation ${operationId} knows no ICCID`)
    return { psmo: names.map((name) => ({ [name]: { iccid } }) as Psmo) }
  }

export const steps: Readonly<Record<Step, StepRow>> = {
  download: {
    order: ({ task }) => ({ download: { activationCode: taskOf(task, 'download').activationCode } }),
    next: ({ task }) => (taskOf(task, 'download').activateOnDownload ? 'enable' : undefined),
  },
  enable: {
    order: psmo('enable'),
    after: { download: 'The eSIM has been downloaded and is not enabled.' },
  },
  disable: { order: psmo('disable') },
  delete: { order: psmo('delete') },
  'disable-and-delete': {
    order: psmo('disable', 'delete'),
    otherwise: 'disable-before-delete',
  },
  'disable-before-delete': { order: psmo('disable'), next: () => 'delete' },
  'set-fallback': { order: psmo('setFallbackAttribute') },
}

/** What the operation begins with, given what the card holds when its turn comes. The card itself decides everything else. */
export const planOf = (operation: Operation, profiles: readonly Profile[]): Plan => {
  const profile = profiles.find(({ iccid }) => iccid === operation.iccid)
  return plans[operation.task.kind](operation.task, profile)
}

const plans: Readonly<Record<OperationKind, (task: Task, profile: Profile | undefined) => Plan>> = {
  download: (_task, profile) => (profile ? { failure: { reason: 'already-installed' } } : { step: 'download' }),
  enable: () => ({ step: 'enable' }),
  disable: () => ({ step: 'disable' }),
  delete(task, profile) {
    if (profile?.state !== 'enabled') return { step: 'delete' }
    return taskOf(task, 'delete').whenEnabled === 'conflict'
      ? { failure: { reason: 'not-disabled' } }
      : { step: 'disable-and-delete' }
  },
  'set-fallback': (_task, profile) =>
    profile?.state === 'enabled' ? { failure: { reason: 'not-disabled' } } : { step: 'set-fallback' },
}

const taskOf = <K extends OperationKind>(task: Task, kind: K): Extract<Task, { kind: K }> => {
  if (task.kind !== kind) throw new Error(`a ${task.kind} operation has no ${kind} step`)
  return task as Extract<Task, { kind: K }>
}
