/** Rules Authorisation Table: SGP.22 v2.5, 2.9.2. */
import { equalOctets, toHex } from '../../protocol/ber/index.ts'
import type { OperatorId, PprIds } from '../../protocol/sgp22/index.ts'
import type { EuiccProduct } from './product.ts'

/** The first rule for the policy rule and the owner decides; consent is the business of the device. */
export function isAuthorised(product: EuiccProduct, rule: PprIds[number], owner: OperatorId): boolean {
  const isAnyGid = product.policy.absentGidInRule === 'any'
  return product.rulesAuthorisationTable.some(
    ({ pprIds, allowedOperators }) =>
      pprIds.includes(rule) && allowedOperators.some((operator) => isOperator(operator, owner, isAnyGid)),
  )
}

function isOperator(allowed: OperatorId, owner: OperatorId, isAnyGid: boolean): boolean {
  const isGid = (rule: Uint8Array | undefined, gid: Uint8Array = NONE): boolean =>
    (rule === undefined && isAnyGid) || equalOctets(rule ?? NONE, gid)
  return (
    isPlmn(toHex(allowed.mccMnc), toHex(owner.mccMnc)) &&
    isGid(allowed.gid1, owner.gid1) &&
    isGid(allowed.gid2, owner.gid2)
  )
}

/** A digit E of the rule stands for any. */
const isPlmn = (pattern: string, plmn: string): boolean =>
  [...pattern].every((digit, i) => digit === 'e' || digit === plmn[i])

const NONE = new Uint8Array()
