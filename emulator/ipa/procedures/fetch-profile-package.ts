import { concatOctets, equalOctets } from '../../../protocol/ber/index.ts'
import { BoundProfilePackage } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost, read } from '../answer.ts'
import { segmentsOf } from '../card/segments.ts'
import { cancelAfter, cancelSession } from './cancel-session.ts'
import type { DownloadStop, RspSession } from './download.ts'

/** A bound profile package, cut for the eUICC. */
export interface FetchedPackage {
  readonly kind: 'fetched'
  readonly segments: readonly Uint8Array[]
}

/** The middle of profile download and installation, until the package is there: SGP.22 v2.5, 3.1.3. */
export async function fetchProfilePackage(
  agent: Agent,
  session: RspSession,
): Promise<FetchedPackage | DownloadStop | Failure> {
  const { server, transactionId, offer } = session
  // 1. ES10b.PrepareDownload: the eUICC checks what the SM-DP+ has signed and makes its one-time key.
  const prepared = await agent.card.call('PrepareDownload', offer)
  if (isCardLost(prepared)) return prepared
  if (prepared.kind === 'failure') return cancelAfter(agent, session, prepared)
  if (prepared.value.kind === 'downloadResponseError') {
    const detail = prepared.value.value.downloadErrorCode
    const stopped = await cancelSession(agent, session, { reason: 'undefinedReason', detail })
    return stopped.kind === 'failure' ? stopped : { ...stopped, errorResponse: prepared.octets }
  }
  // 2. GetBoundProfilePackage.
  const bound = await server.getBoundProfilePackage(agent, { transactionId, octets: prepared.octets })
  if (bound.kind === 'failure') return cancelAfter(agent, session, bound)
  if (bound.value.transactionId !== transactionId)
    return cancelSession(agent, session, { reason: 'undefinedReason', detail: 'another transactionId' })
  // 3. It has to be the profile that was on offer.
  const { boundProfilePackage } = bound.value
  const content = read('ES9+', BoundProfilePackage, boundProfilePackage)
  if (content.kind === 'failure')
    return cancelSession(agent, session, { reason: 'loadBppExecutionError', detail: content.detail })
  const { profileMetadata } = offer
  if (profileMetadata && !equalOctets(storeMetadataOf(content.value), profileMetadata.octets))
    return cancelSession(agent, session, { reason: 'metadataMismatch', detail: 'metadataMismatch' })
  return { kind: 'fetched', segments: segmentsOf(boundProfilePackage) }
}

/** MACs of SCP03t behind each segment: SGP.22 v2.5, 2.6.4.2. */
const MAC_LENGTH = 8

/** StoreMetadata is not encrypted: SGP.22 v2.5, 2.5.3. */
const storeMetadataOf = ({ sequenceOf88 }: BoundProfilePackage): Uint8Array =>
  concatOctets(...sequenceOf88.map((segment) => segment.subarray(0, -MAC_LENGTH)))
