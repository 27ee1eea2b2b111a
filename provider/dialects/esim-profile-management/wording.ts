/** How the dialect spells what the core knows. */
import type { FailureReason, Operation, Result } from '../../operations/operation.ts'
import { sentenceOf } from '../failure.ts'
import type { OperationAnswer } from './schemas.ts'

const failures: Readonly<Record<FailureReason, string>> = {
  'already-installed': 'The eUICC already has this profile.',
  'not-installed': 'The eUICC does not have this profile any more.',
  'not-disabled': 'The profile is not DISABLED.',
  'not-enabled': 'The profile is not ENABLED.',
  'download-failed': 'The profile could not be downloaded.',
  'iccid-mismatch': 'The activation code led to a profile with another ICCID than the request.',
  'fallback-not-allowed': 'The profile may not be the fallback.',
  unreachable: 'The device was not reached in time.',
  refused: 'The operation was not carried out.',
}
const cancelled = 'The operation was cancelled at the RSP platform.'

/** Of failureReason, in the definition. */
const longest = 256

export const operationAnswerOf = (operation: Operation): OperationAnswer => {
  const { operationId, task, eid, iccid, progress } = operation
  const isCompleted = progress.phase === 'completed'
  return {
    operationId,
    operation: task.kind,
    status: isCompleted ? 'COMPLETED' : 'ACCEPTED',
    esimProfile: { eid, ...(iccid !== undefined && { iccid }) },
    ...(isCompleted && { result: { ...resultOf(progress.result), ...assignedIccid(operation, progress.result) } }),
  }
}

const resultOf = (result: Result) => {
  const completedAt = new Date(result.completedAt).toISOString()
  if (result.outcome === 'success') return { completedAt, outcome: 'SUCCESS' } as const
  const failureReason = result.outcome === 'failed' ? sentenceOf(failures, result.failure, longest) : cancelled
  return { completedAt, outcome: 'FAILED', failureReason } as const
}

const assignedIccid = ({ task, iccid }: Operation, { outcome }: Result): { assignedIccid?: string } =>
  task.kind === 'download' && outcome === 'success' && iccid !== undefined ? { assignedIccid: iccid } : {}
