import { GetEuiccChallengeRequest, GetEuiccChallengeResponse } from '../../../protocol/sgp22/index.ts'
import type { RspSession } from '../session.ts'
import { withSession } from '../state.ts'
import { command } from './command.ts'

/** ES10b.GetEUICCChallenge: SGP.22 v2.5, 5.7.7. Begins a session; one that is open ends. Unverified: the latter. */
export const getEuiccChallenge = command({
  name: 'GetEUICCChallenge',
  request: GetEuiccChallengeRequest,
  response: GetEuiccChallengeResponse,
  facts: (state) => ({ state }),
  checks: [
    {
      id: 'session-may-end',
      holds: ({ state: { product, volatile } }) =>
        product.policy.challengeInSession === 'beginsAnew' || !isOpen(volatile.session),
      otherwise: () => ({ statusWord: 'conditionsNotSatisfied' as const }),
    },
  ],
  run(state, _, entropy) {
    const euiccChallenge = entropy.random(16)
    return { state: withSession(state, { phase: 'challenged', euiccChallenge }), answer: { euiccChallenge } }
  },
})

function isOpen(session: RspSession | undefined): boolean {
  return session !== undefined && session.phase !== 'challenged' && session.phase !== 'installed'
}
