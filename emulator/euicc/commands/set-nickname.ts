import { SetNicknameRequest, SetNicknameResponse } from '../../../protocol/sgp22/index.ts'
import { proven } from '../check.ts'
import { type Profile, profileWith, withMemory } from '../state.ts'
import { command, type Effect } from './command.ts'

/** ES10c.SetNickname: SGP.22 v2.5, 5.7.21. An empty one removes the nickname. */
export const setNickname = command({
  name: 'SetNickname',
  request: SetNicknameRequest,
  response: SetNicknameResponse,
  facts: ({ memory }, { iccid, profileNickname }) => ({ profile: profileWith(memory, iccid), profileNickname }),
  checks: [
    {
      id: 'profile-exists',
      holds: ({ profile }) => profile !== undefined,
      otherwise: (): SetNicknameResponse => ({ setNicknameResult: 'iccidNotFound' }),
    },
  ],
  run(state, { profile, profileNickname }): Effect<SetNicknameResponse> {
    const named = withNickname(proven(profile, 'profile-exists'), profileNickname)
    const profiles = state.memory.profiles.map((other) => (other === profile ? named : other))
    return { state: withMemory(state, { profiles }), answer: { setNicknameResult: 'ok' } }
  },
})

function withNickname({ nickname: _replaced, ...profile }: Profile, nickname: string): Profile {
  return nickname.length > 0 ? { ...profile, nickname } : profile
}
