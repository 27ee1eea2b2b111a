import type { Captured } from '../../../protocol/ber/index.ts'
import type { PendingNotification } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { compactPendingNotification } from '../servers/compact.ts'
import { habitsOf } from '../servers/rsp-indirect.ts'
import { metadataOf, retrieveNotifications, transactionIdOf } from './retrieve-notifications.ts'

/**
 * Notification delivery: SGP.22 v2.5, 3.5; SGP.32 v1.2, 3.7. A notification that is not taken stays on the eUICC for the next polling cycle and does
 * not hold up the others. Returns what failed.
 */
export async function deliverNotifications(agent: Agent, relay: Eim | undefined): Promise<readonly Failure[]> {
  // 1. ES10b.RetrieveNotificationsList.
  const notifications = await retrieveNotifications(agent)
  if ('kind' in notifications) return [notifications]
  const awaited = new Set((await agent.memory.load()).downloads.map(({ transactionId }) => transactionId))
  const failures = new Map<string, Failure>()
  for (const notification of notifications) {
    const { notificationAddress, seqNumber } = metadataOf(notification.value)
    const receiver = relay?.fqdn ?? notificationAddress
    // 2. HandleNotification. A server that is away is asked once.
    if (failures.get(receiver)?.reason === 'unreachable') continue
    const failed = await deliverNotification(agent, relay, notification)
    if (failed) failures.set(receiver, failed)
    // 3. ES10b.RemoveNotificationFromList, unless an eIM still waits for this ProfileInstallationResult.
    if (failed || awaited.has(transactionIdOf(notification.value) ?? '')) continue
    const removed = await agent.card.call('RemoveNotificationFromList', { seqNumber })
    if (isCardLost(removed)) return [removed]
  }
  return [...failures.values()]
}

/** The eIM that forwards notifications to their SM-DP+, where one does, or where the IPA cannot reach servers itself. */
export function relayOf({ settings }: Agent, eim: Eim | undefined): Eim | undefined {
  const { notificationReceiver, ipaCapabilities } = settings
  const isDirect = ipaCapabilities.ipaFeatures.includes('directRspServerCommunication')
  return notificationReceiver === 'eim' || !isDirect ? eim : undefined
}

/** To the eIM that forwards it, or to the SM-DP+ that it is for. `carried`: the eIM has carried its session. Undefined when it was taken. */
export async function deliverNotification(
  agent: Agent,
  relay: Eim | undefined,
  { octets, value, carried = false }: Captured<PendingNotification> & { readonly carried?: boolean },
): Promise<Failure | undefined> {
  if (!relay) return agent.smdp.handleNotification(metadataOf(value).notificationAddress, octets)
  const { saves, disclosed } = await habitsOf(agent, relay)
  const sent = saves ? compactPendingNotification(octets, { disclosed, eidValue: agent.eid, carried }) : octets
  return agent.eim.handleNotification(relay, sent)
}
