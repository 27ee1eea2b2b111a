import type { EuiccPackageResult } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isAway, isCardLost } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { deliverPackageResult, type Kept, type PackageResult } from './deliver-package-result.ts'

/**
 * Delivery of a result, and Profile Rollback where the newly enabled profile does not carry it to the eIM: SGP.32 v1.2, 3.3.2. Undefined when the eIM
 * has the result, whichever of the two it is.
 */
export async function deliverOrRollBack(
  agent: Agent,
  eim: Eim,
  result: PackageResult,
): Promise<Failure | Kept | undefined> {
  // 1. Over the profile that the package has enabled.
  const failed = await deliverPackageResult(agent, eim, result)
  if (failed === undefined || failed === 'kept') return failed
  if (failed.hop !== 'ESipa' || !isAway(failed) || !hasEnabled(result.value)) return failed
  // 2. ES10b.ProfileRollback. The eUICC knows whether the package has allowed it, also after the IPA was started anew.
  const answer = await agent.card.call('ProfileRollback', { refreshFlag: false })
  if (isCardLost(answer)) return answer
  if (answer.kind === 'failure' || answer.value.cmdResult !== 'ok') return failed
  // 3. Over the profile that is enabled again. The result of the rollback replaces that of the package.
  const { eUICCPackageResult: replacing } = answer.value
  return replacing ? deliverPackageResult(agent, eim, replacing) : failed
}

const hasEnabled = (result: EuiccPackageResult | undefined): boolean =>
  result?.kind === 'euiccPackageResultSigned' &&
  result.value.euiccPackageResultDataSigned.value.euiccResult.some(
    ({ kind, value }) => kind === 'enableResult' && value === 'ok',
  )
