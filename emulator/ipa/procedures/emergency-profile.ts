/** The emergency profile, for an eCall: SGP.32 v1.2, 3.4.6. The device attaches anew without a REFRESH of the eUICC. */
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { stateChanged } from '../state-change.ts'

/** ES10b.EnableEmergencyProfile and DisableEmergencyProfile: 5.9.22, 5.9.23. Undefined when it was done, else the error that the eUICC names. */
export async function useEmergencyProfile(
  { card, memory }: Agent,
  isEmergency: boolean,
): Promise<string | Failure | undefined> {
  const result = isEmergency ? await enable(card) : await disable(card)
  if (result === 'ok') await stateChanged(memory, 'emergencyProfile')
  return result === 'ok' ? undefined : result
}

async function enable(card: Agent['card']) {
  const answer = await card.call('EnableEmergencyProfile', { refreshFlag: false })
  return answer.kind === 'failure' ? answer : answer.value.enableEmergencyProfileResult
}

async function disable(card: Agent['card']) {
  const answer = await card.call('DisableEmergencyProfile', { refreshFlag: false })
  return answer.kind === 'failure' ? answer : answer.value.disableEmergencyProfileResult
}
