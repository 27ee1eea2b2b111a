/** How the dialect spells what the core knows: tasks, their results, events. */

import type { EventContent } from '../../events/cloud-event.ts'
import type { FailureReason, Operation } from '../../operations/operation.ts'
import { sentenceOf } from '../failure.ts'
import type { eventNames, TaskResult } from './schemas.ts'

const failures: Readonly<Record<FailureReason, string>> = {
  'already-installed': 'The device already has this profile.',
  'not-installed': 'The device does not have this profile any more.',
  'not-disabled': 'The profile is enabled.',
  'not-enabled': 'The profile is not enabled.',
  'download-failed': 'The profile could not be downloaded.',
  'iccid-mismatch': 'A profile with another ICCID than the ordered one arrived.',
  'fallback-not-allowed': 'The profile may not be the fallback.',
  unreachable: 'The device was not reached in time.',
  refused: 'The operation was not carried out.',
}

/** Of resultMsg, in the definition. */
const longest = 512

export const typeOf = (name: (typeof eventNames)[number]): string =>
  `org.camaraproject.esim-remote-management.v0.${name}`

export const taskResultOf = (operation: Operation): TaskResult => {
  const { operationId, eid, iccid } = operation
  if (iccid === undefined) throw new Error(`task ${operationId} knows no ICCID`)
  return { taskId: operationId, eId: eid, iccid, ...outcomeOf(operation) }
}

const outcomeOf = ({ progress }: Operation): Pick<TaskResult, 'operResult' | 'resultMsg'> => {
  if (progress.phase !== 'completed') return { operResult: 0, resultMsg: 'Executing.' }
  const { result } = progress
  if (result.outcome === 'success') return { operResult: 1, resultMsg: 'Done.' }
  if (result.outcome !== 'failed') return { operResult: 2, resultMsg: 'Cancelled at the eIM.' }
  return { operResult: 2, resultMsg: sentenceOf(failures, result.failure, longest) }
}

export const eventOf = (operation: Operation): EventContent => ({
  type: typeOf(operation.progress.phase === 'completed' ? 'operation-completed' : 'operation-accepted'),
  data: taskResultOf(operation),
})
