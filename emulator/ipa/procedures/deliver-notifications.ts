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

/** The eIM that forwards notifications to their SM-DP+, where one does. */
export const relayOf = ({ settings }: Agent, eim: Eim | undefined): Eim | undefined =>
  settings.notificationReceiver === 'eim' ? eim : undefined

/** To the eIM that forwards it, or to the SM-DP+ that it is for. Undefined when it was taken. */
export function deliverNotification(
  { eim, smdp }: Agent,
  relay: Eim | undefined,
  { octets, value }: Captured<PendingNotification>,
): Promise<Failure | undefined> {
  return relay
    ? eim.handleNotification(relay, octets)
    : smdp.handleNotification(metadataOf(value).notificationAddress, octets)
}
