import type { CancelSessionReason } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { AuthenticatingServer } from '../servers/rsp.ts'
import { type DownloadStop, type OpenSession, stop } from './download.ts'

type Session = OpenSession<Pick<AuthenticatingServer<unknown>, 'cancelSession'>>

/** Common cancel session procedure: SGP.22 v2.5, 3.0.2. Both sides forget the session; the download has stopped. */
export async function cancelSession(
  agent: Agent,
  { server, transactionId }: Session,
  { reason, detail }: { readonly reason: CancelSessionReason; readonly detail: string },
): Promise<DownloadStop | Failure> {
  // 1. ES10b.CancelSession: the eUICC signs the reason.
  const cancelled = await agent.card.call('CancelSession', { transactionId, reason })
  if (isCardLost(cancelled)) return cancelled
  if (cancelled.kind === 'failure' || cancelled.value.kind === 'cancelSessionResponseError') return stop(detail)
  // 2. CancelSession at the server. Whatever it answers, there is nothing left to do.
  await server.cancelSession(agent, { transactionId, octets: cancelled.octets })
  return stop(detail, cancelled.octets)
}

/** The server has refused, said nothing or said what cannot be read. Its answer is why the download stopped. */
export async function cancelAfter(agent: Agent, session: Session, failed: Failure): Promise<DownloadStop | Failure> {
  const reason = isTimeout(failed) ? 'timeout' : 'undefinedReason'
  const stopped = await cancelSession(agent, session, { reason, detail: failed.detail })
  return stopped.kind === 'failure' ? stopped : stop(failed.detail, failed.octets)
}

/** Nobody answers, or the session is not where a request finds it: it has run out, or a request was repeated whose answer was lost. The order may be tried again. */
const isTimeout = ({ reason, detail }: Failure): boolean => reason === 'unreachable' || detail === UNKNOWN_TRANSACTION

/** Subject and reason code of a transactionId that the server does not know. */
const UNKNOWN_TRANSACTION = '8.10.1/3.9'
