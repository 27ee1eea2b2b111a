/** The fallback mechanism: SGP.32 v1.2, 3.4.5. The device attaches anew without a REFRESH of the eUICC. */
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { stateChanged } from '../state-change.ts'

/** ES10b.ExecuteFallbackMechanism: 5.9.20. Undefined when the Fallback Profile is enabled now. */
export async function executeFallback({ card, memory }: Agent): Promise<string | Failure | undefined> {
  const answer = await card.call('ExecuteFallbackMechanism', { refreshFlag: false })
  if (answer.kind === 'failure') return answer
  const { executeFallbackMechanismResult: result } = answer.value
  if (result !== 'ok') return result
  await stateChanged(memory, 'fallback')
  return undefined
}

/** ES10b.ReturnFromFallback: 5.9.21. Unverified: stateChangeCause, which has no value of its own for the return. */
export async function returnFromFallback({ card, memory }: Agent): Promise<string | Failure | undefined> {
  const answer = await card.call('ReturnFromFallback', { refreshFlag: false })
  if (answer.kind === 'failure') return answer
  const { returnFromFallbackResult: result } = answer.value
  if (result !== 'ok') return result
  await stateChanged(memory, 'fallback')
  return undefined
}
