/** Rules Authorisation Table: SGP.22 v2.5, 2.9.2. Unverified: what an absent gid1 or gid2 of a rule means. */
import { equalOctets, toHex } from '../../protocol/ber/index.ts'
import type { OperatorId, PprIds, RulesAuthorisationTable } from '../../protocol/sgp22/index.ts'

/** The first rule for the policy rule and the owner decides; consent is the business of the device. */
export function isAuthorised(table: RulesAuthorisationTable, rule: PprIds[number], owner: OperatorId): boolean {
  return table.some(
    ({ pprIds, allowedOperators }) =>
      pprIds.includes(rule) && allowedOperators.some((operator) => isOperator(operator, owner)),
  )
}

function isOperator(allowed: OperatorId, owner: OperatorId): boolean {
  return (
    isPlmn(toHex(allowed.mccMnc), toHex(owner.mccMnc)) &&
    isGid(allowed.gid1, owner.gid1) &&
    isGid(allowed.gid2, owner.gid2)
  )
}

/** A digit E of the rule stands for any. */
const isPlmn = (pattern: string, plmn: string): boolean =>
  [...pattern].every((digit, i) => digit === 'e' || digit === plmn[i])

/** Absent: any; empty: none. */
const isGid = (allowed: Uint8Array | undefined, gid: Uint8Array | undefined): boolean =>
  allowed === undefined || equalOctets(allowed, gid ?? new Uint8Array())
