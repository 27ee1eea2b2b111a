import { DisableProfileRequest, DisableProfileResponse } from '../../../protocol/sgp22/index.ts'
import { profileExists, profileFacts, tell } from '../es10c.ts'
import { disable, isEnabled, isForbiddenBy } from '../profiles.ts'
import { command, type Effect } from './command.ts'

const name = 'DisableProfile'

/** ES10c.DisableProfile: SGP.22 v2.5, 5.7.17. Deviation: takes effect at once whatever refreshFlag says, since this card sends no REFRESH. */
export const disableProfile = command({
  name,
  request: DisableProfileRequest,
  response: DisableProfileResponse,
  facts: (state, { profileIdentifier }) => profileFacts(state, profileIdentifier),
  checks: [
    { ...profileExists, otherwise: refuse('iccidOrAidNotFound') },
    {
      id: 'profile-enabled',
      holds: ({ state, profile }) => isEnabled(state.memory, profile),
      otherwise: refuse('profileNotInEnabledState'),
    },
    {
      id: 'disabling-allowed',
      holds: ({ profile }) => !isForbiddenBy(profile, 'ppr1'),
      otherwise: refuse('disallowedByPolicy'),
    },
  ],
  run: (state, _, entropy): Effect<DisableProfileResponse> => ({
    ...tell(state, disable(state.memory), { cause: name, entropy }),
    answer: { disableResult: 'ok' },
  }),
})

function refuse(disableResult: DisableProfileResponse['disableResult']) {
  return (): DisableProfileResponse => ({ disableResult })
}
