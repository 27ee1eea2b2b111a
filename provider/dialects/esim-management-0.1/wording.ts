/** How the dialect spells what the core knows: operations, failures and events. */

import type { EventContent } from '../../events/cloud-event.ts'
import type { At, FailureReason, Operation, OperationKind } from '../../operations/operation.ts'
import type { Choices } from './choices.ts'
import type { ErrorInfo, EventData, OperationAnswer } from './schemas.ts'

const failures: Readonly<Record<FailureReason, Omit<ErrorInfo, 'details'>>> = {
  'already-installed': { status: 422, code: 'ESIM_ALREADY_INSTALLED', message: 'The eUICC already has this eSIM.' },
  'not-installed': { status: 422, code: 'ESIM_NOT_INSTALLED', message: 'The eUICC does not have this eSIM any more.' },
  'not-disabled': { status: 422, code: 'ESIM_NOT_DISABLED', message: 'The eSIM is not disabled.' },
  'not-enabled': { status: 422, code: 'ESIM_NOT_ENABLED', message: 'The eSIM is not enabled.' },
  'download-failed': { status: 422, code: 'ESIM_DOWNLOAD_FAILED', message: 'The eSIM could not be downloaded.' },
  'iccid-mismatch': {
    status: 422,
    code: 'ESIM_ICCID_MISMATCH',
    message: 'The activation code led to an eSIM with another ICCID than the request.',
  },
  'fallback-not-allowed': {
    status: 422,
    code: 'ESIM_FALLBACK_NOT_ALLOWED',
    message: 'The eSIM may not be the fallback.',
  },
  unreachable: { status: 504, code: 'ESIM_DEVICE_UNREACHABLE', message: 'The device was not reached in time.' },
  refused: { status: 422, code: 'ESIM_OPERATION_FAILED', message: 'The operation was not carried out.' },
}

const eventNames: Readonly<Record<OperationKind, string>> = {
  download: 'esim-downloaded',
  enable: 'esim-enabled',
  disable: 'esim-disabled',
  delete: 'esim-deleted',
  'set-fallback': 'esim-fallback-set',
}

const namedType = (kind: OperationKind): string => `org.camaraproject.esim-management.v0.${eventNames[kind]}`
const draftType = 'com.camara.esim-management.vwip.operation-completed'

export const eventType = (naming: Choices['events'], kind: OperationKind): string =>
  naming === 'named' ? namedType(kind) : draftType

/** Every request of this dialect names its ICCID. */
const esimOf = ({ operationId, eid, iccid }: Operation) => {
  if (iccid === undefined) throw new Error(`operation ${operationId} knows no ICCID`)
  return { eid, iccid }
}

const instant = (at: number): string => new Date(at).toISOString()

const isCompleted = (operation: Operation): operation is Operation<At<'completed'>> =>
  operation.progress.phase === 'completed'

const errorOf = ({ progress: { result } }: Operation<At<'completed'>>): { error?: ErrorInfo } => {
  if (result.outcome !== 'failed') return {}
  const { reason, details } = result.failure
  return { error: { ...failures[reason], ...(details !== undefined && { details }) } }
}

const resultOf = ({ progress: { result } }: Operation<At<'completed'>>) => ({
  outcome: result.outcome,
  completedAt: instant(result.completedAt),
})

export const operationAnswerOf = (operation: Operation): OperationAnswer => {
  const { operationId, task } = operation
  return {
    operationId,
    operation: task.kind,
    status: isCompleted(operation) ? 'completed' : 'accepted',
    esim: esimOf(operation),
    ...(isCompleted(operation) && { result: { ...resultOf(operation), ...errorOf(operation) } }),
  }
}

export const eventOf = (naming: Choices['events'], operation: Operation): EventContent | undefined => {
  if (!isCompleted(operation)) return undefined
  const { operationId, task } = operation
  const data: EventData = {
    operationId,
    operation: task.kind,
    status: 'completed',
    esim: esimOf(operation),
    result: resultOf(operation),
    ...errorOf(operation),
  }
  return { type: eventType(naming, task.kind), data }
}
