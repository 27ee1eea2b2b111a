import { DisableProfileRequest, DisableProfileResponse } from '../../../protocol/sgp22/index.ts'
import { profileExists, profileFacts } from '../es10c.ts'
import { isEnabled, isForbiddenBy, profileAfterLeaving } from '../profiles.ts'
import { switchProfile, toolkitIdle } from '../refresh.ts'
import type { EuiccState } from '../state.ts'
import { command, type Effect } from './command.ts'

const name = 'DisableProfile'

/** ES10c.DisableProfile: SGP.22 v2.5, 5.7.17. */
export const disableProfile = command({
  name,
  request: DisableProfileRequest,
  response: DisableProfileResponse,
  facts: (state, { profileIdentifier, refreshFlag }) => ({ ...profileFacts(state, profileIdentifier), refreshFlag }),
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
    { ...toolkitIdle, otherwise: refuse('catBusy') },
  ],
  run: (state, { refreshFlag }, entropy): Effect<DisableProfileResponse> => ({
    ...switchProfile(state, disabling(state), { refreshFlag, entropy }),
    answer: { disableResult: 'ok' },
  }),
})

function disabling({ memory }: EuiccState) {
  const to = profileAfterLeaving(memory)
  return { cause: name, ...(to !== undefined && { to }) }
}

function refuse(disableResult: DisableProfileResponse['disableResult']) {
  return (): DisableProfileResponse => ({ disableResult })
}
