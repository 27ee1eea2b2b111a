import type { CancelSessionReason } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import { toBase64 } from '../servers/es9plus.ts'
import { type DownloadStop, type RspSession, stop } from './download.ts'

/** Common cancel session procedure: SGP.22 v2.5, 3.0.2. Both sides forget the session; the download has stopped. */
export async function cancelSession(
  agent: Agent,
  { smdpAddress, transactionId }: Pick<RspSession, 'smdpAddress' | 'transactionId'>,
  { reason, detail }: { readonly reason: CancelSessionReason; readonly detail: string },
): Promise<DownloadStop | Failure> {
  // 1. ES10b.CancelSession: the eUICC signs the reason.
  const cancelled = await agent.card.call('CancelSession', { transactionId, reason })
  if (isCardLost(cancelled)) return cancelled
  if (cancelled.kind === 'failure' || cancelled.value.kind === 'cancelSessionResponseError') return stop(detail)
  // 2. ES9+.CancelSession. Whatever the SM-DP+ answers, there is nothing left to do.
  const cancelSessionResponse = toBase64(cancelled.octets)
  await agent.smdp.call('cancelSession', smdpAddress, { transactionId, cancelSessionResponse })
  return stop(detail, cancelled.octets)
}

/** The SM-DP+ has refused, said nothing or said what cannot be read. Its answer is why the download stopped. */
export async function cancelAfter(
  agent: Agent,
  session: Pick<RspSession, 'smdpAddress' | 'transactionId'>,
  failed: Failure,
): Promise<DownloadStop | Failure> {
  const reason = failed.reason === 'unreachable' ? 'timeout' : 'undefinedReason'
  const stopped = await cancelSession(agent, session, { reason, detail: failed.detail })
  return stopped.kind === 'failure' ? stopped : stop(failed.detail, failed.octets)
}
