import { ProfileInfoListRequest } from '../../../protocol/sgp22/index.ts'
import { ProfileInfoListResponse } from '../../../protocol/sgp32/index.ts'
import { listProfiles } from '../profile-info.ts'
import { query } from './command.ts'

/** ES10b.GetProfilesInfo: SGP.32 v1.2, 5.9.14. No match is an empty list. */
export const getProfilesInfo = query({
  name: 'GetProfilesInfo',
  request: ProfileInfoListRequest,
  response: ProfileInfoListResponse,
  answer: ({ memory }, request): ProfileInfoListResponse => ({
    kind: 'profileInfoListOk',
    value: listProfiles(memory, request),
  }),
})
