import { ProfileInfoListRequest } from '../../../protocol/sgp22/index.ts'
import { ProfileInfoListResponse } from '../../../protocol/sgp32/index.ts'
import { areTagsTaken, listProfiles } from '../profile-info.ts'
import type { EuiccState } from '../state.ts'
import { command, type Effect } from './command.ts'

interface Facts {
  readonly state: EuiccState
  readonly request: ProfileInfoListRequest
}

/** ES10b.GetProfilesInfo: SGP.32 v1.2, 5.9.14. No match is an empty list. */
export const getProfilesInfo = command({
  name: 'GetProfilesInfo',
  request: ProfileInfoListRequest,
  response: ProfileInfoListResponse,
  facts: (state, request): Facts => ({ state, request }),
  checks: [
    {
      id: 'tags-known',
      holds: ({ state, request }) => areTagsTaken(state.product, request),
      otherwise: (): ProfileInfoListResponse => ({ kind: 'profileInfoListError', value: 'incorrectInputValues' }),
    },
  ],
  run: (state, { request }): Effect<ProfileInfoListResponse> => ({
    state,
    answer: { kind: 'profileInfoListOk', value: listProfiles(state, request) },
  }),
})
