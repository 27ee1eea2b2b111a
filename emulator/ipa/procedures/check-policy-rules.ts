import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { brokenPolicyRow, type PolicyFacts } from '../profile-policy-rules.ts'

/** Profile Policy Rules before a download: SGP.22 v2.5, 3.1.3. The id of the rule that is broken, undefined when none is. */
export async function checkPolicyRules(
  agent: Agent,
  metadata: PolicyFacts['metadata'],
): Promise<string | Failure | undefined> {
  if ((metadata.profilePolicyRules ?? []).length === 0) return undefined
  // What the eUICC forbids, what its Rules Authorisation Table allows, and which profiles are there.
  const info = await agent.card.call('GetEUICCInfo2', {})
  if (info.kind === 'failure') return info
  const table = await agent.card.call('GetRAT', {})
  if (table.kind === 'failure') return table
  const profiles = await agent.card.call('GetProfilesInfo', {})
  if (profiles.kind === 'failure') return profiles
  return brokenPolicyRow({
    metadata,
    forbidden: info.value.forbiddenProfilePolicyRules ?? [],
    rat: table.value.rat,
    installed: profiles.value.kind === 'profileInfoListOk' ? profiles.value.value : [],
  })
}
