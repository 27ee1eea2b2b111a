import { DeleteProfileRequest, DeleteProfileResponse } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import { profileExists, profileFacts, tell } from '../es10c.ts'
import { isEnabled, isForbiddenBy, remove } from '../profiles.ts'
import { markedProfile } from '../refresh.ts'
import { command, type Effect } from './command.ts'

const name = 'DeleteProfile'

/** ES10c.DeleteProfile: SGP.22 v2.5, 5.7.18. */
export const deleteProfile = command({
  name,
  request: DeleteProfileRequest,
  response: DeleteProfileResponse,
  facts: profileFacts,
  checks: [
    { ...profileExists, otherwise: refuse('iccidOrAidNotFound') },
    {
      id: 'profile-disabled',
      holds: ({ state, profile }) => !isEnabled(state.memory, profile) && profile?.iccid !== markedProfile(state),
      otherwise: refuse('profileNotInDisabledState'),
    },
    {
      id: 'deletion-allowed',
      holds: ({ profile }) => !isForbiddenBy(profile, 'ppr2'),
      otherwise: refuse('disallowedByPolicy'),
    },
  ],
  run: (state, { profile }, entropy): Effect<DeleteProfileResponse> => ({
    ...tell(state, remove(state.memory, proven(profile, profileExists.id)), { cause: name, entropy }),
    answer: { deleteResult: 'ok' },
  }),
})

function refuse(deleteResult: DeleteProfileResponse['deleteResult']) {
  return (): DeleteProfileResponse => ({ deleteResult })
}
