import { NotificationSentRequest, NotificationSentResponse } from '../../../protocol/sgp22/index.ts'
import { type EuiccState, holding, withMemory, withoutRollback } from '../state.ts'
import { command, type Effect } from './command.ts'

/** ES10b.RemoveNotificationFromList: SGP.22 v2.5, 5.7.11; SGP.32 v1.2, 5.9.12. Removes eUICC Package Results, too. */
export const removeNotificationFromList = command({
  name: 'RemoveNotificationFromList',
  request: NotificationSentRequest,
  response: NotificationSentResponse,
  facts: ({ memory }: EuiccState, { seqNumber }) => ({ memory, seqNumber }),
  checks: [
    {
      id: 'entry-stored',
      holds: ({ memory, seqNumber }) =>
        memory.notifications.some(({ metadata }) => metadata.seqNumber === seqNumber) ||
        memory.packageResults.some((stored) => stored.seqNumber === seqNumber),
      otherwise: (): NotificationSentResponse => ({ deleteNotificationStatus: 'nothingToDelete' }),
    },
  ],
  run: (state, { seqNumber }): Effect<NotificationSentResponse> => ({
    state: afterDelivery(without(state, seqNumber), seqNumber),
    answer: { deleteNotificationStatus: 'ok' },
    events: [{ type: 'notification-removed', cause: 'RemoveNotificationFromList', seqNumber }],
  }),
})

function without(state: EuiccState, seqNumber: number): EuiccState {
  const { notifications, packageResults } = state.memory
  return withMemory(state, {
    notifications: notifications.filter(({ metadata }) => metadata.seqNumber !== seqNumber),
    packageResults: packageResults.filter((stored) => stored.seqNumber !== seqNumber),
  })
}

function afterDelivery(state: EuiccState, seqNumber: number): EuiccState {
  const { rollback } = state.memory
  const withdraws = state.product.policy.rollbackAfterDelivery === 'withdraw' && rollback?.seqNumber === seqNumber
  return withdraws ? holding(state, withoutRollback(state.memory)) : state
}
