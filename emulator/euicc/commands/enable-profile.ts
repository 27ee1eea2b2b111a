import { EnableProfileRequest, EnableProfileResponse } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import { profileExists, profileFacts } from '../es10c.ts'
import { isEnabled, isForbiddenBy, isTest } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import type { EuiccState, Profile } from '../state.ts'
import { command, type Effect } from './command.ts'

const name = 'EnableProfile'

/** ES10c.EnableProfile: SGP.22 v2.5, 5.7.16. From a test profile the way leads to another one or to the operational one before the first. */
export const enableProfile = command({
  name,
  request: EnableProfileRequest,
  response: EnableProfileResponse,
  facts: (state, { profileIdentifier, refreshFlag }) => ({ ...profileFacts(state, profileIdentifier), refreshFlag }),
  checks: [
    { ...profileExists, otherwise: refuse('iccidOrAidNotFound') },
    {
      id: 'profile-disabled',
      holds: ({ state, profile }) => !isEnabled(state.memory, profile),
      otherwise: refuse('profileNotInDisabledState'),
    },
    {
      id: 'disabling-allowed',
      holds: ({ state, enabled, profile }) => isExempt(state, profile) || !isForbiddenBy(enabled, 'ppr1'),
      otherwise: refuse('disallowedByPolicy'),
    },
    {
      id: 'way-back-from-test-profile',
      holds: ({ state, enabled, profile }) =>
        !isTest(enabled) || isTest(profile) || profile?.iccid === state.memory.beforeTest,
      otherwise: refuse('wrongProfileReenabling'),
    },
    { ...toolkitIdle, otherwise: refuse('catBusy') },
  ],
  run: (state, { profile, refreshFlag }, entropy): Effect<EnableProfileResponse> => ({
    ...switchProfile(state, { cause: name, to: proven(profile, profileExists.id).iccid }, { refreshFlag, entropy }),
    answer: { enableResult: 'ok' },
  }),
})

function refuse(enableResult: EnableProfileResponse['enableResult']) {
  return (): EnableProfileResponse => ({ enableResult })
}

function isExempt({ product }: EuiccState, profile: Profile | undefined): boolean {
  const isProvisioning = profile?.metadata.profileClass === 'provisioning'
  return isTest(profile) || (isProvisioning && product.policy.ppr1Exemption === 'testAndProvisioning')
}
