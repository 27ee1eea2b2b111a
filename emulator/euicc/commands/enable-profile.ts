import { EnableProfileRequest, EnableProfileResponse } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import { profileExists, profileFacts, tell } from '../es10c.ts'
import { enable, isEnabled, isForbiddenBy } from '../profiles.ts'
import { command, type Effect } from './command.ts'

const name = 'EnableProfile'

/**
 * ES10c.EnableProfile: SGP.22 v2.5, 5.7.16. Deviation: takes effect at once whatever refreshFlag says, since this card sends no REFRESH; and the
 * rule about profiles enabled before a test profile (wrongProfileReenabling) is not there.
 */
export const enableProfile = command({
  name,
  request: EnableProfileRequest,
  response: EnableProfileResponse,
  facts: (state, { profileIdentifier }) => profileFacts(state, profileIdentifier),
  checks: [
    { ...profileExists, otherwise: refuse('iccidOrAidNotFound') },
    {
      id: 'profile-disabled',
      holds: ({ state, profile }) => !isEnabled(state.memory, profile),
      otherwise: refuse('profileNotInDisabledState'),
    },
    {
      id: 'disabling-allowed',
      holds: ({ enabled, profile }) => profile?.metadata.profileClass === 'test' || !isForbiddenBy(enabled, 'ppr1'),
      otherwise: refuse('disallowedByPolicy'),
    },
  ],
  run: (state, { profile }, entropy): Effect<EnableProfileResponse> => ({
    ...tell(state, enable(state.memory, proven(profile, profileExists.id)), { cause: name, entropy }),
    answer: { enableResult: 'ok' },
  }),
})

function refuse(enableResult: EnableProfileResponse['enableResult']) {
  return (): EnableProfileResponse => ({ enableResult })
}
