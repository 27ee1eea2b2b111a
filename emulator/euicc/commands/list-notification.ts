import { ListNotificationRequest, ListNotificationResponse } from '../../../protocol/sgp22/index.ts'
import { isWanted } from '../notifications.ts'
import { query } from './command.ts'

/** ES10b.ListNotification: SGP.22 v2.5, 5.7.9. */
export const listNotification = query({
  name: 'ListNotification',
  request: ListNotificationRequest,
  response: ListNotificationResponse,
  answer: ({ memory }, { profileManagementOperation }): ListNotificationResponse => ({
    kind: 'notificationMetadataList',
    value: memory.notifications.map(({ metadata }) => metadata).filter(isWanted(profileManagementOperation)),
  }),
})
