import { capture, equalOctets } from '../../../protocol/ber/index.ts'
import { CancelSessionRequest, EuiccCancelSessionSigned } from '../../../protocol/sgp22/index.ts'
import { CancelSessionResponse } from '../../../protocol/sgp32/index.ts'
import { proven } from '../check.ts'
import type { Entropy } from '../entropy.ts'
import type { RspSession } from '../session.ts'
import { type EuiccState, withMemory, withSession } from '../state.ts'
import { command, type Effect } from './command.ts'

type Open = Extract<RspSession, { phase: 'authenticated' | 'prepared' | 'loading' }>

interface Facts {
  readonly request: CancelSessionRequest
  readonly session: Open | undefined
}

/** ES10b.CancelSession: SGP.22 v2.5, 5.7.14. */
export const cancelSession = command({
  name: 'CancelSession',
  request: CancelSessionRequest,
  response: CancelSessionResponse,
  facts: ({ volatile: { session } }, request): Facts => ({ request, session: isOpen(session) ? session : undefined }),
  checks: [
    {
      id: 'transaction-own',
      holds: ({ session, request }) => session?.transactionId === request.transactionId,
      otherwise: (): CancelSessionResponse => ({ kind: 'cancelSessionResponseError', value: 'invalidTransactionId' }),
    },
  ],
  run: cancel,
})

const isOpen = (session: RspSession | undefined): session is Open =>
  session !== undefined && session.phase !== 'challenged' && session.phase !== 'installed'

function cancel(state: EuiccState, facts: Facts, entropy: Entropy): Effect<CancelSessionResponse> {
  const { request } = facts
  const session = proven(facts.session, 'transaction-own')
  const { transactionId, serverOid: smdpOid } = session
  const euiccCancelSessionSigned = capture(EuiccCancelSessionSigned, { transactionId, smdpOid, reason: request.reason })
  const { privateKey } = state.product.credentials.of(state.eid, session.ciPkId)
  const euiccCancelSessionSignature = entropy.sign(privateKey, [euiccCancelSessionSigned.octets])
  return {
    state: withSession(withOneTimeKey(state, session, request.reason), undefined),
    answer: {
      kind: 'cancelSessionResponseOk',
      value: { euiccCancelSessionSigned, euiccCancelSessionSignature },
    },
    events: [{ type: 'session-cancelled', cause: 'CancelSession', detail: request.reason }],
  }
}

/** A download that is only put off can go on later with the package that is bound already: then its key is needed again. */
function withOneTimeKey(state: EuiccState, session: Open, reason: CancelSessionRequest['reason']): EuiccState {
  if (session.phase === 'authenticated') return state
  const { oneTimeKey, serverOid: smdpOid } = session
  const others = state.memory.oneTimeKeys.filter(({ point }) => !equalOctets(point, oneTimeKey.point))
  const isPutOff = reason === 'postponed' || reason === 'timeout'
  const oneTimeKeys = isPutOff
    ? [...others, { ...oneTimeKey, smdpOid }].slice(-state.product.limits.oneTimeKeys)
    : others
  return withMemory(state, { oneTimeKeys })
}
