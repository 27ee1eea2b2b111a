import { toHex } from '../../protocol/ber/index.ts'
import type {
  EUICCInfo2,
  OperatorId,
  PprIds,
  ProfileInfo,
  RulesAuthorisationTable,
  StoreMetadataRequest,
} from '../../protocol/sgp22/index.ts'

/** What the rules of a profile about to be downloaded are judged by. */
export interface PolicyFacts {
  readonly metadata: Pick<StoreMetadataRequest, 'profilePolicyRules' | 'profileOwner'>
  readonly forbidden: NonNullable<EUICCInfo2['forbiddenProfilePolicyRules']>
  readonly rat: RulesAuthorisationTable
  readonly installed: readonly Pick<ProfileInfo, 'profileClass'>[]
}

type Ppr = PprIds[number]

/**
 * Profile Policy Rules of a profile about to be downloaded: SGP.22 v2.5, 2.9.3 and 3.1.3. Each rule of the profile has to pass each row.
 * Unverified: consent that a rule asks for counts as given, since a device without a user was told to download by its eIM.
 */
const rows: readonly { id: string; holds: (ppr: Ppr, facts: PolicyFacts) => boolean }[] = [
  { id: 'ppr-not-forbidden-by-euicc', holds: (ppr, { forbidden }) => !forbidden.includes(ppr) },
  {
    id: 'ppr1-on-first-operational-profile',
    holds: (ppr, { installed }) =>
      ppr !== 'ppr1' || !installed.some((profile) => profile.profileClass === 'operational'),
  },
  {
    id: 'ppr-authorised-for-owner',
    holds: (ppr, { metadata: { profileOwner }, rat }) =>
      rat.some(
        ({ pprIds, allowedOperators }) =>
          pprIds.includes(ppr) && allowedOperators.some((allowed) => profileOwner && matches(profileOwner, allowed)),
      ),
  },
]

/** The id of the first row that a rule of the profile does not pass. */
export function brokenPolicyRow(facts: PolicyFacts): string | undefined {
  const pprs = facts.metadata.profilePolicyRules ?? []
  return rows.find(({ holds }) => pprs.some((ppr) => !holds(ppr, facts)))?.id
}

/** A nibble E of mccMnc stands for any digit. Unverified: an absent or empty group identifier of the rule allows any. */
function matches(owner: OperatorId, allowed: OperatorId): boolean {
  const digits = toHex(owner.mccMnc)
  const pattern = toHex(allowed.mccMnc)
  if (![...pattern].every((nibble, i) => nibble === 'e' || nibble === digits[i])) return false
  return groupMatches(owner.gid1, allowed.gid1) && groupMatches(owner.gid2, allowed.gid2)
}

const groupMatches = (owner: Uint8Array | undefined, allowed: Uint8Array | undefined): boolean =>
  allowed === undefined || allowed.length === 0 || (owner !== undefined && toHex(owner) === toHex(allowed))
