import type { Captured, Schema } from '../../../protocol/ber/index.ts'
import { type NotificationMetadata, PendingNotification } from '../../../protocol/sgp22/index.ts'
import { EuiccPackageResult, type RetrieveNotificationsListRequest } from '../../../protocol/sgp32/index.ts'
import type { Agent } from '../agent.ts'
import { type Failure, failure, read } from '../answer.ts'

type SearchCriteria = NonNullable<RetrieveNotificationsListRequest['searchCriteria']>

/** ES10b.RetrieveNotificationsList: SGP.22 v2.5, 5.7.10. The pending notifications that are searched for, without criteria all, oldest first. */
export async function retrieveNotifications(
  agent: Agent,
  searchCriteria?: SearchCriteria,
): Promise<readonly Captured<PendingNotification>[] | Failure> {
  const answer = await agent.card.call('RetrieveNotificationsList', searchCriteria ? { searchCriteria } : {})
  if (answer.kind === 'failure') return answer
  const { kind, value } = answer.value
  if (kind === 'notificationsListResultError') return failure('ES10', 'refused', value)
  if (kind === 'notificationAndEprList') return readable(PendingNotification, value.notificationList)
  return kind === 'notificationList' ? readable(PendingNotification, value) : []
}

/** The same function for the eUICC Package Results that no eIM has acknowledged: SGP.32 v1.2, 5.9.11. */
export async function retrievePackageResults(
  agent: Agent,
  searchCriteria: SearchCriteria = { kind: 'euiccPackageResults', value: true },
): Promise<readonly Captured<EuiccPackageResult>[] | Failure> {
  const answer = await agent.card.call('RetrieveNotificationsList', { searchCriteria })
  if (answer.kind === 'failure') return answer
  const { kind, value } = answer.value
  if (kind === 'notificationsListResultError') return failure('ES10', 'refused', value)
  return kind === 'euiccPackageResultList' ? readable(EuiccPackageResult, value) : []
}

/** One element that cannot be read does not hold up the others. */
const readable = <T>(schema: Schema<T>, elements: readonly Uint8Array[]): readonly Captured<T>[] =>
  elements.flatMap((octets) => {
    const element = read('ES10', schema, octets)
    return element.kind === 'answer' ? [element] : []
  })

export const metadataOf = ({ kind, value }: PendingNotification): NotificationMetadata =>
  kind === 'profileInstallationResult'
    ? value.profileInstallationResultData.value.notificationMetadata
    : value.tbsOtherNotification.value

/** Of the RSP session, which only a ProfileInstallationResult names. */
export const transactionIdOf = ({ kind, value }: PendingNotification): string | undefined =>
  kind === 'profileInstallationResult' ? value.profileInstallationResultData.value.transactionId : undefined
