import { statusWords } from '../../../protocol/codes/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { Eim } from '../eim.ts'
import type { EimPackage } from '../servers/esipa.ts'
import { deliverOrRollBack } from './deliver-or-roll-back.ts'
import type { Kept } from './deliver-package-result.ts'
import { refusePackage } from './refuse-package.ts'

/** Generic eUICC Package Download and Execution: SGP.32 v1.2, 3.3.1, from the package on. Undefined when the eIM has the result. */
export async function executeEuiccPackage(
  agent: Agent,
  eim: Eim,
  eimPackage: EimPackage,
): Promise<Failure | Kept | undefined> {
  // 1. ES10b.LoadEuiccPackage, the package as the eIM has signed it. The eUICC keeps a signed result until it is acknowledged.
  // 2. The profile that is enabled afterwards carries the result to the eIM, or is left again.
  const result = await agent.card.pass('LoadEuiccPackage', eimPackage.octets)
  if (result.kind === 'answer') return deliverOrRollBack(agent, eim, result)
  if (isCardLost(result)) return result
  if (result.octets) return deliverOrRollBack(agent, eim, { octets: result.octets })
  // 3. The eUICC gave no result at all.
  const error = result.statusWord === statusWords.incorrectData ? 'invalidPackageFormat' : 'undefinedError'
  return refusePackage(agent, eim, { refused: eimPackage, error })
}
