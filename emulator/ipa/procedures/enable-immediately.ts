import type { Agent } from '../agent.ts'
import { type CardLost, isCardLost } from '../answer.ts'
import { stateChanged } from '../state-change.ts'
import type { Installed } from './download.ts'

/**
 * Immediate profile enabling: SGP.32 v1.2, 3.4.4. Only the eUICC knows whether it was configured for this SM-DP+: it is asked after each installation,
 * and that it says no means nothing. Undefined unless the card is gone.
 */
export async function enableImmediately(
  { card, memory, settings }: Agent,
  { result }: Installed,
): Promise<CardLost | undefined> {
  const isInstalled = result.value.profileInstallationResultData.value.finalResult.kind === 'successResult'
  if (!settings.immediateEnabling || !isInstalled) return undefined
  const answer = await card.call('ImmediateEnable', { refreshFlag: false })
  if (isCardLost(answer)) return answer
  if (answer.kind === 'answer' && answer.value.immediateEnableResult === 'ok')
    await stateChanged(memory, 'immediateEnableProfile')
  return undefined
}
