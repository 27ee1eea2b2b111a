import { RetrieveNotificationsListRequest as ConsumerRequest } from '../../../protocol/sgp22/index.ts'
import {
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
  RetrieveNotificationsListResponseV1_0_1,
} from '../../../protocol/sgp32/index.ts'
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

/** ES10b.RetrieveNotificationsList: SGP.32 v1.0.1, 5.9.11. Unverified: both lists where nothing is searched for, if there are results at all. */
export const retrieveNotificationsListV1_0_1 = query({
  name: 'RetrieveNotificationsList',
  request: RetrieveNotificationsListRequest,
  response: RetrieveNotificationsListResponseV1_0_1,
  answer({ memory }, { searchCriteria }): RetrieveNotificationsListResponseV1_0_1 {
    const found = search(memory, searchCriteria)
    if (searchCriteria || memory.packageResults.length === 0 || found.kind !== 'notificationList') return found
    const euiccPackageResultList = memory.packageResults.map(({ result }) => result)
    return { kind: 'notificationAndEprList', value: { notificationList: found.value, euiccPackageResultList } }
  },
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
