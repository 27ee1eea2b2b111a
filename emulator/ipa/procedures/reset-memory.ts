/** eUICC Memory Reset that somebody at the device asks for: SGP.32 v1.2, 5.9.5. The next poll reports it, where an eIM is left that is polled. */
import type { EuiccMemoryResetRequest, EuiccMemoryResetResponse } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { stateChanged } from '../state-change.ts'

export type ResetOption = EuiccMemoryResetRequest['resetOptions'][number]

/** ES10b.eUICCMemoryReset. */
export async function resetMemory(
  { card, memory }: Agent,
  resetOptions: readonly ResetOption[],
): Promise<EuiccMemoryResetResponse | Failure> {
  const answer = await card.call('EuiccMemoryReset', { resetOptions: [...resetOptions] })
  if (answer.kind === 'failure') return answer
  if (answer.value.resetResult === 'ok') await stateChanged(memory, 'reset')
  return answer.value
}
