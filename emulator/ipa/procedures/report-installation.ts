import type { Captured } from '../../../protocol/ber/index.ts'
import type { ProfileInstallationResult } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { forget, type TriggeredDownload } from '../memory.ts'
import { deliverNotification, relayOf } from './deliver-notifications.ts'
import { removeAcknowledged } from './remove-acknowledged.ts'

export interface Installation extends Pick<TriggeredDownload, 'eimTransactionId' | 'indirect'> {
  readonly result: Captured<ProfileInstallationResult>
}

/**
 * The end of a triggered download: SGP.32 v1.2, 3.2.3.1. The ProfileInstallationResult leaves the eUICC when both the SM-DP+ and the eIM have it.
 * Undefined when the eIM has it.
 */
export async function reportInstallation(
  outer: Agent,
  eim: Eim,
  { result: { octets, value }, eimTransactionId, indirect }: Installation,
): Promise<Failure | undefined> {
  const { transactionId, notificationMetadata } = value.profileInstallationResultData.value
  const { seqNumber } = notificationMetadata
  const agent = outer.within({ transactionId })
  const notification = { kind: 'profileInstallationResult', value } as const
  // 1. HandleNotification. An SM-DP+ that is away gets it in a later polling cycle. An eIM that has carried the session passes it on: 3.2.3.2.
  const relay = indirect ? eim : relayOf(agent, eim)
  const deliver = () => deliverNotification(agent, relay, { octets, value: notification, carried: indirect === true })
  const isForLater = relay !== undefined && !indirect
  const undelivered = isForLater ? undefined : await deliver()
  if (indirect) return undelivered ?? concluded(agent, { transactionId, seqNumber })
  // 2. ESipa.ProvideEimPackageResult with ProfileDownloadTriggerResult.
  const transaction = eimTransactionId === undefined ? {} : { eimTransactionId }
  const response = await agent.eim.provideEimPackageResult(eim, {
    eidValue: agent.eid,
    eimPackageResult: {
      kind: 'profileDownloadTriggerResult',
      value: { ...transaction, profileDownloadTriggerResultData: notification },
    },
  })
  if (response.kind === 'failure') return response
  await forget(agent.memory, { transactionId })
  // 3. What the eIM acknowledges.
  const lost = await removeAcknowledged(agent, response.value, seqNumber)
  if (lost || undelivered) return lost
  // 4. HandleNotification to an eIM that has carried nothing: whose the profile is it knows by now.
  if (isForLater && (await deliver())) return undefined
  // 5. ES10b.RemoveNotificationFromList.
  const removed = await agent.card.call('RemoveNotificationFromList', { seqNumber })
  return isCardLost(removed) ? removed : undefined
}

async function concluded(
  { card, memory }: Agent,
  { transactionId, seqNumber }: { readonly transactionId: string; readonly seqNumber: number },
): Promise<Failure | undefined> {
  await forget(memory, { transactionId })
  const removed = await card.call('RemoveNotificationFromList', { seqNumber })
  return isCardLost(removed) ? removed : undefined
}
