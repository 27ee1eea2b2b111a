import { RetrieveNotificationsListRequest as ConsumerRequest } from '../../../protocol/sgp22/index.ts'
import { RetrieveNotificationsListRequest, RetrieveNotificationsListResponse } from '../../../protocol/sgp32/index.ts'
import { isWanted } from '../notifications.ts'
import type { Memory } from '../state.ts'
import { query } from './command.ts'

/** ES10b.RetrieveNotificationsList: SGP.32 v1.2, 5.9.11. Both lists are numbered by one counter. */
export const retrieveNotificationsList = query({
  name: 'RetrieveNotificationsList',
  request: RetrieveNotificationsListRequest,
  response: RetrieveNotificationsListResponse,
  answer: ({ memory }, { searchCriteria }) => search(memory, searchCriteria),
})

/** ES10b.RetrieveNotificationsList: SGP.22 v2.5, 5.7.10. There are no results of packages. */
export const retrieveNotificationsListConsumer = query({
  name: 'RetrieveNotificationsList',
  request: ConsumerRequest,
  response: RetrieveNotificationsListResponse,
  answer: ({ memory }, { searchCriteria }) => search(memory, searchCriteria),
})

function search(
  { notifications, packageResults }: Memory,
  criteria: RetrieveNotificationsListRequest['searchCriteria'],
): RetrieveNotificationsListResponse {
  const results = packageResults.filter(
    ({ seqNumber }) =>
      criteria?.kind === 'euiccPackageResults' || (criteria?.kind === 'seqNumber' && criteria.value === seqNumber),
  )
  if (criteria?.kind === 'euiccPackageResults' || results.length > 0)
    return { kind: 'euiccPackageResultList', value: results.map(({ result }) => result) }
  const found = notifications.filter(({ metadata }) =>
    criteria?.kind === 'seqNumber' ? metadata.seqNumber === criteria.value : isWanted(criteria?.value)(metadata),
  )
  return { kind: 'notificationList', value: found.map(({ notification }) => notification) }
}
