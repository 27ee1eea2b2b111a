import type { Captured } from '../../../protocol/ber/index.ts'
import type { PendingNotification } from '../../../protocol/sgp22/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, isCardLost } from '../answer.ts'
import type { Eim } from '../eim.ts'
import { metadataOf, retrieveNotifications, transactionIdOf } from './retrieve-notifications.ts'

/**
 * Notification delivery: SGP.22 v2.5, 3.5; SGP.32 v1.2, 3.7. A notification that is not taken stays on the eUICC for the next polling cycle and does
 * not hold up the others. Returns what failed.
 */
export async function deliverNotifications(agent: Agent, relay: Eim | undefined): Promise<readonly Failure[]> {
  // 1. ES10b.RetrieveNotificationsList.
  const notifications = await retrieveNotifications(agent)
  if ('kind' in notifications) return [notifications]
  const awaited = new Set((await agent.memory.load()).map(({ transactionId }) => transactionId))
  const failures = new Map<string, Failure>()
  for (const notification of notifications) {
    const { notificationAddress, seqNumber } = metadataOf(notification.value)
    // 2. HandleNotification. A server that is away is asked once.
    if (failures.get(notificationAddress)?.reason === 'unreachable') continue
    const failed = await deliverNotification(agent, relay, notification)
    if (failed) failures.set(notificationAddress, failed)
    // 3. ES10b.RemoveNotificationFromList, unless an eIM still waits for this ProfileInstallationResult.
    if (failed || awaited.has(transactionIdOf(notification.value) ?? '')) continue
    const removed = await agent.card.call('RemoveNotificationFromList', { seqNumber })
    if (isCardLost(removed)) return [removed]
  }
  return [...failures.values()]
}

/** To the SM-DP+ that it is for, or to the eIM, which forwards it. Undefined when it was taken. */
export function deliverNotification(
  { eim, smdp, settings }: Agent,
  relay: Eim | undefined,
  { octets, value }: Captured<PendingNotification>,
): Promise<Failure | undefined> {
  return settings.notificationReceiver === 'eim' && relay
    ? eim.handleNotification(relay.fqdn, octets)
    : smdp.handleNotification(metadataOf(value).notificationAddress, octets)
}
