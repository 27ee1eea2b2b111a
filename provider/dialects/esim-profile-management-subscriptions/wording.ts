/** How the dialect spells what the core knows: subscriptions and what is told of them. */
import type { At, FailureReason, Operation } from '../../operations/operation.ts'
import type { EndReason, Subscription } from '../../subscriptions/subscription.ts'
import type { SubscriptionWording } from '../../subscriptions/wording.ts'
import {
  type CompletedData,
  type CreateRequest,
  completedType,
  type EndedData,
  type ErrorInfo,
  lifecycleType,
  type StartedData,
  type SubscriptionAnswer,
  type UpdatedData,
} from './schemas.ts'

/** What of the request is shown again. */
export type Shown = Pick<CreateRequest, 'protocol' | 'sink' | 'types' | 'config'>

const instant = (at: number): string => new Date(at).toISOString()

const statuses = { active: 'ACTIVE', inactive: 'INACTIVE', expired: 'EXPIRED', deleted: 'EXPIRED' } as const

export const subscriptionAnswerOf = (subscription: Subscription): SubscriptionAnswer => ({
  id: subscription.subscriptionId,
  ...(subscription.shown as Shown),
  startsAt: instant(subscription.startsAt),
  ...(subscription.expiresAt !== undefined && { expiresAt: instant(subscription.expiresAt) }),
  status: statuses[subscription.status],
})

const terminations: Readonly<Record<EndReason, EndedData['terminationReason']>> = {
  expired: 'SUBSCRIPTION_EXPIRED',
  'max-events': 'MAX_EVENTS_REACHED',
  'token-expired': 'ACCESS_TOKEN_EXPIRED',
  deleted: 'SUBSCRIPTION_DELETED',
  undeliverable: 'NETWORK_TERMINATED',
}

const failures: Readonly<Record<FailureReason | 'cancelled', Omit<ErrorInfo, 'details'>>> = {
  'already-installed': { status: 409, code: 'ALREADY_EXISTS', message: 'The eUICC already has this profile.' },
  'not-installed': { status: 404, code: 'IDENTIFIER_NOT_FOUND', message: 'The eUICC does not have this profile.' },
  'not-disabled': { status: 409, code: 'INCOMPATIBLE_STATE', message: 'The profile is not DISABLED.' },
  'not-enabled': { status: 409, code: 'INCOMPATIBLE_STATE', message: 'The profile is not ENABLED.' },
  'download-failed': { status: 502, code: 'BAD_GATEWAY', message: 'The profile could not be downloaded.' },
  'iccid-mismatch': { status: 422, code: 'IDENTIFIER_MISMATCH', message: 'A profile with another ICCID arrived.' },
  'fallback-not-allowed': {
    status: 422,
    code: 'SERVICE_NOT_APPLICABLE',
    message: 'The profile may not be the fallback.',
  },
  unreachable: { status: 504, code: 'TIMEOUT', message: 'The device was not reached in time.' },
  refused: { status: 502, code: 'BAD_GATEWAY', message: 'The operation was not carried out.' },
  cancelled: { status: 409, code: 'ABORTED', message: 'The operation was cancelled at the RSP platform.' },
}

const completedDataOf = ({ subscriptionId }: Subscription, operation: Operation<At<'completed'>>): CompletedData => ({
  subscriptionId,
  operationId: operation.operationId,
  operation: operation.task.kind,
  esimProfile: { eid: operation.eid, ...(operation.iccid !== undefined && { iccid: operation.iccid }) },
  ...outcomeOf(operation),
})

const outcomeOf = ({ progress: { result } }: Operation<At<'completed'>>) => {
  if (result.outcome === 'success')
    return { status: 'completed', result: { completedAt: instant(result.completedAt), outcome: 'SUCCESS' } } as const
  if (result.outcome !== 'failed') return { status: 'failed', error: failures.cancelled } as const
  const { reason, details } = result.failure
  return { status: 'failed', error: { ...failures[reason], ...(details !== undefined && { details }) } } as const
}

export const wordingOf = (covers: readonly string[]): SubscriptionWording => ({
  covers,
  started: ({ subscriptionId }) => ({
    type: lifecycleType('started'),
    data: { subscriptionId, initiationReason: 'SUBSCRIPTION_CREATED' } satisfies StartedData,
  }),
  updated: ({ subscriptionId }, active) => ({
    type: lifecycleType('updated'),
    data: {
      subscriptionId,
      updateReason: active ? 'SUBSCRIPTION_ACTIVE' : 'SUBSCRIPTION_INACTIVE',
    } satisfies UpdatedData,
  }),
  ended: ({ subscriptionId, shown }, reason) => {
    const { esimProfile } = (shown as Shown).config.subscriptionDetail
    const data: EndedData = { subscriptionId, terminationReason: terminations[reason] }
    return { type: lifecycleType('ended'), data: { ...data, ...(esimProfile && { esimProfile }) } }
  },
  completed: (subscription, operation) => ({ type: completedType, data: completedDataOf(subscription, operation) }),
})
