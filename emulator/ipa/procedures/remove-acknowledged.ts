import type { ProvideEimPackageResultResponse } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type CardLost, isCardLost } from '../answer.ts'

/**
 * Acknowledgements: SGP.32 v1.2, 3.3.1 and 5.14.6. The eIM names what it has taken over; only that leaves the eUICC. `except` is kept
 * although it was named.
 */
export async function removeAcknowledged(
  agent: Agent,
  response: ProvideEimPackageResultResponse,
  except?: number,
): Promise<CardLost | undefined> {
  if (response.kind !== 'eimAcknowledgements') return undefined
  for (const seqNumber of response.value) {
    if (seqNumber === except) continue
    const removed = await agent.card.call('RemoveNotificationFromList', { seqNumber })
    if (isCardLost(removed)) return removed
  }
  return undefined
}
