import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import { type AuthenticatingServer, discoveryServer, type EventEntry, type RspServer } from '../servers/rsp.ts'
import { authenticateMutually } from './authenticate-mutually.ts'
import { type DownloadSource, type DownloadStop, stop, stopBy } from './download.ts'

export interface Discovery {
  /** Absent: the root SM-DS of the eUICC. */
  readonly smdsAddress?: string
  /** Who carries the sessions with the SM-DP+s that are found. */
  readonly serverAt: (smdpAddress: string) => RspServer
  /** Who carries the session with the SM-DS. By default the IPA itself. */
  readonly discoveryAt?: (smdsAddress: string) => AuthenticatingServer<readonly EventEntry[]>
}

/**
 * Event retrieval: SGP.22 v2.5, 3.6.2; SGP.32 v1.2, 3.2.3. The SM-DS tells where profiles wait for this eUICC; the EventID of each is the matchingId of its
 * order. Deviation: an event that leads to another SM-DS is taken for one of an SM-DP+, which then does not know it.
 */
export async function discoverProfiles(
  agent: Agent,
  { smdsAddress, serverAt, discoveryAt = discoveryServer }: Discovery,
): Promise<readonly DownloadSource[] | DownloadStop | Failure> {
  // 1. ES10a.GetEuiccConfiguredAddresses, unless the SM-DS was named.
  const address = smdsAddress ?? (await rootAddress(agent))
  if (typeof address !== 'string') return stopBy(address)
  // 2. Common mutual authentication with the SM-DS, over ES11.
  const session = await authenticateMutually<AuthenticatingServer<readonly EventEntry[]>, readonly EventEntry[]>(
    agent,
    {
      server: discoveryAt(address),
    },
  )
  if (session.kind !== 'session') return session
  // 3. Where the profiles wait.
  if (session.offer.length === 0) return stop('no event at the SM-DS')
  return session.offer.map(({ eventId, rspServerAddress }) => ({
    server: serverAt(rspServerAddress),
    matchingId: eventId,
  }))
}

async function rootAddress(agent: Agent): Promise<string | Failure> {
  const addresses = await agent.card.call('GetEuiccConfiguredAddresses', {})
  return addresses.kind === 'failure' ? addresses : addresses.value.rootDsAddress
}
