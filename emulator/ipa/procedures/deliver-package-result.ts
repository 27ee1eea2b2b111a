import type { EuiccPackageResult, ProvideEimPackageResultResponse } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import type { Failure } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { envelopes } from '../servers/esipa-envelopes.ts'
import { specificationFor } from '../settings.ts'
import { removeAcknowledged } from './remove-acknowledged.ts'
import { retrieveNotifications } from './retrieve-notifications.ts'

/** An eUICC Package Result with its octets, over which its signature is. */
export interface PackageResult {
  readonly octets: Uint8Array
  /** Absent: only the eIM can read it. */
  readonly value?: EuiccPackageResult
}

/** The eIM has answered and not taken the result over: the eUICC keeps it. */
export type Kept = 'kept'

/** The second half of Generic eUICC Package Download and Execution: SGP.32 v1.2, 3.3.1. Undefined when the eIM has the result. */
export async function deliverPackageResult(
  agent: Agent,
  eim: Eim,
  result: PackageResult,
): Promise<Failure | Kept | undefined> {
  // 1. The notifications that operations on profiles have caused go along, for the eIM to take over.
  const pending = hasProfileOperations(result.value) ? await retrieveNotifications(agent) : []
  if ('kind' in pending) return pending
  const notifications = pending.filter(({ value }) => value.kind === 'otherSignedNotification')
  // 2. ESipa.ProvideEimPackageResult.
  const notificationList = notifications.map(({ octets }) => octets)
  const eimPackageResult =
    notificationList.length === 0
      ? result.octets
      : envelopes[specificationFor(agent.settings, eim.eimId)].ePRAndNotifications(result.octets, notificationList)
  const response = await agent.eim.provideEimPackageResult(eim, { eidValue: agent.eid, eimPackageResult })
  if (response.kind === 'failure') return response
  // 3. What the eIM acknowledges is removed; the rest is delivered otherwise, or again.
  const lost = await removeAcknowledged(agent, response.value)
  return lost ?? (isKept(result.value, response.value) ? 'kept' : undefined)
}

/** Only a signed result is kept by the eUICC. */
function isKept(result: EuiccPackageResult | undefined, { kind, value }: ProvideEimPackageResultResponse): boolean {
  if (result?.kind !== 'euiccPackageResultSigned') return false
  const { seqNumber } = result.value.euiccPackageResultDataSigned.value
  return kind !== 'eimAcknowledgements' || !value.includes(seqNumber)
}

const configurationResults: ReadonlySet<string> = new Set([
  'addEimResult',
  'deleteEimResult',
  'updateEimResult',
  'listEimResult',
])

/** Errors and eIM Configuration Operations change no profile. */
const hasProfileOperations = (result: EuiccPackageResult | undefined): boolean =>
  result?.kind === 'euiccPackageResultSigned' &&
  result.value.euiccPackageResultDataSigned.value.euiccResult.some(({ kind }) => !configurationResults.has(kind))
