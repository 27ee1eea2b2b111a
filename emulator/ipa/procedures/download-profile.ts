import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import { forget, remember, type TriggeredDownload } from '../memory.ts'
import type { ProfileOffer, RspServer } from '../servers/rsp.ts'
import { authenticateMutually } from './authenticate-mutually.ts'
import { cancelSession } from './cancel-session.ts'
import { checkPolicyRules } from './check-policy-rules.ts'
import type { DownloadSource, DownloadStop, Installed, RspSession } from './download.ts'
import { enableImmediately } from './enable-immediately.ts'
import { fetchProfilePackage } from './fetch-profile-package.ts'
import { installProfile } from './install-profile.ts'

/** Which eIM waits for the result. Absent: nobody, the download began in the device. */
export type Awaiting = Omit<TriggeredDownload, 'transactionId'> | undefined

/** Profile download and installation: SGP.22 v2.5, 3.1.3; SGP.32 v1.2, 3.2.3, whether the IPA talks to the SM-DP+ itself or through an eIM. */
export async function downloadProfile(
  agent: Agent,
  source: DownloadSource,
  awaitedBy: Awaiting,
): Promise<Installed | DownloadStop | Failure> {
  // 1. Common mutual authentication. The SM-DP+ says which profile it has.
  const session = await authenticateMutually<RspServer, ProfileOffer>(agent, source)
  if (session.kind !== 'session') return session
  const { transactionId } = session
  const inSession = agent.within({ transactionId })
  // 2. It may be installed here, and no confirmation code is asked for that nobody knows.
  const obstacle = await obstacleTo(inSession, session)
  if (obstacle) return obstacle
  // 3. It is bound to this eUICC and fetched.
  const fetched = await fetchProfilePackage(inSession, session)
  if (fetched.kind !== 'fetched') return fetched
  // 4. It is installed. From now on the eUICC may have a result, so the IPA remembers which eIM waits for it.
  const download = awaitedBy && { ...awaitedBy, transactionId }
  if (download) await remember(agent.memory, download)
  const installed = await installProfile(inSession, session, fetched.segments)
  if (installed.kind === 'stopped' && download) await forget(agent.memory, download)
  if (installed.kind !== 'installed') return installed
  // 5. It is enabled at once, where the eUICC was configured so.
  return (await enableImmediately(inSession, installed)) ?? installed
}

/** Deviation: nobody can enter a confirmation code on this device; the order is left for another one. */
async function obstacleTo(agent: Agent, session: RspSession): Promise<DownloadStop | Failure | undefined> {
  const { profileMetadata, smdpSigned2, transactionId, hashCc } = session.offer
  if (transactionId !== session.transactionId || smdpSigned2.value.transactionId !== session.transactionId)
    return cancelSession(agent, session, { reason: 'undefinedReason', detail: 'another transactionId' })
  const broken = profileMetadata && (await checkPolicyRules(agent, profileMetadata.value))
  if (typeof broken === 'object' && isCardLost(broken)) return broken
  if (typeof broken === 'object')
    return cancelSession(agent, session, { reason: 'undefinedReason', detail: broken.detail })
  if (broken) return cancelSession(agent, session, { reason: 'pprNotAllowed', detail: broken })
  if (smdpSigned2.value.ccRequiredFlag && !hashCc)
    return cancelSession(agent, session, { reason: 'postponed', detail: 'confirmation code required' })
  return undefined
}
