import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import { cancelSession } from './cancel-session.ts'
import type { DownloadStop, Installed, RspSession } from './download.ts'

/** The end of profile download and installation: SGP.22 v2.5, 3.1.3.3. */
export async function installProfile(
  agent: Agent,
  session: RspSession,
  segments: readonly Uint8Array[],
): Promise<Installed | DownloadStop | Failure> {
  // 1. ES10b.LoadBoundProfilePackage, segment by segment. The eUICC may end it before the last one, with an error that it has signed.
  for (const segment of segments) {
    const answer = await agent.card.loadSegment(segment)
    if (isCardLost(answer)) return answer
    if (answer.kind === 'failure') return abandon(agent, session, answer.detail)
    if (answer.value) return { kind: 'installed', result: { octets: answer.octets, value: answer.value } }
  }
  return abandon(agent, session, 'no ProfileInstallationResult')
}

const abandon = (agent: Agent, session: RspSession, detail: string) =>
  cancelSession(agent, session, { reason: 'loadBppExecutionError', detail })
