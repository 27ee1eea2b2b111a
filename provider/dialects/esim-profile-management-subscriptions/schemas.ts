/** CAMARA eSIM Profile Management Subscriptions (wip): requests, answers and events, as docs/dialects/esim-profile-management-subscriptions-wip.md reads them. */
import {
  bearerToken,
  flag,
  integer,
  list,
  oneWord,
  optional,
  type Schema,
  strict,
  text,
  type ValueOf,
} from '../../schema.ts'

export const completedType = 'org.camaraproject.esim-profile-management.v0.operation-completed'

const uuid = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
const instant = text({ format: 'date-time' })
const eid = text({ pattern: '^[0-9]{32}$', example: '89049032000000000000000000000001' })
const iccid = text({ pattern: '^[0-9]{19,20}$', example: '8901260123456789012' })
const operationId = text({ pattern: uuid, description: 'Of an operation of esim-profile-management.' })
const subscriptionId = text({ pattern: uuid, description: 'A UUID.' })
export const subscriptionParams = { subscriptionId }

const esimProfile = strict({ eid: optional(eid), iccid: optional(iccid) })

const subscriptionDetail = strict(
  { esimProfile: optional(esimProfile), operation: optional(strict({ operationId })) },
  { minProperties: 1, description: 'Of which operations; all that is said must hold.' },
)

const config = strict({
  subscriptionDetail,
  subscriptionMaxEvents: optional(integer({ minimum: 1, maximum: 1_000_000, description: 'Then it ends.' })),
  subscriptionExpireTime: optional(text({ format: 'date-time', description: 'Then it ends.' })),
  initialEvent: optional(
    flag({ default: false, description: 'Tell at once of the operation that was completed last, if there is one.' }),
  ),
})
export type Config = ValueOf<typeof config>

const sinkCredential = strict(
  {
    credentialType: oneWord(['ACCESSTOKEN']),
    accessToken: bearerToken({ maxLength: 4096 }),
    accessTokenExpiresUtc: text({ format: 'date-time', description: 'Shortly before it the subscription ends.' }),
    accessTokenType: oneWord(['bearer']),
  },
  { description: 'What every event carries in Authorization. Never returned.' },
)

const common = {
  protocol: oneWord(['HTTP']),
  sink: text({ format: 'uri', description: 'Where the events go.' }),
  types: list(oneWord([completedType]), { minItems: 1 }),
  config,
}
export const createRequest = strict({ ...common, sinkCredential: optional(sinkCredential) })
export type CreateRequest = ValueOf<typeof createRequest>

export const subscriptionAnswer = strict({
  id: subscriptionId,
  ...common,
  startsAt: instant,
  expiresAt: optional(instant),
  status: oneWord(['ACTIVE', 'INACTIVE', 'EXPIRED']),
})
export type SubscriptionAnswer = ValueOf<typeof subscriptionAnswer>
export const subscriptionsAnswer = list(subscriptionAnswer)

export const listQuery = {
  type: oneWord([completedType]),
  'expiresAt.lt': text({ format: 'date-time', description: 'Only those that expire before.' }),
}

const errorInfo = strict({ status: integer(), code: text(), message: text(), details: optional(text()) })
export type ErrorInfo = ValueOf<typeof errorInfo>

const completedData = strict({
  subscriptionId,
  operationId,
  operation: oneWord(['download', 'enable', 'disable', 'delete', 'set-fallback']),
  status: oneWord(['completed', 'failed']),
  esimProfile: strict({ eid, iccid: optional(iccid) }),
  result: optional(strict({ completedAt: instant, outcome: oneWord(['SUCCESS']) })),
  error: optional(errorInfo),
})
export type CompletedData = ValueOf<typeof completedData>

const startedData = strict({ subscriptionId, initiationReason: oneWord(['SUBSCRIPTION_CREATED']) })
export type StartedData = ValueOf<typeof startedData>

const updatedData = strict({
  subscriptionId,
  updateReason: oneWord(['SUBSCRIPTION_ACTIVE', 'SUBSCRIPTION_INACTIVE']),
})
export type UpdatedData = ValueOf<typeof updatedData>

const endedData = strict({
  subscriptionId,
  esimProfile: optional(esimProfile),
  terminationReason: oneWord([
    'NETWORK_TERMINATED',
    'SUBSCRIPTION_EXPIRED',
    'MAX_EVENTS_REACHED',
    'ACCESS_TOKEN_EXPIRED',
    'SUBSCRIPTION_DELETED',
  ]),
})
export type EndedData = ValueOf<typeof endedData>

export const lifecycleType = (name: 'started' | 'updated' | 'ended'): string =>
  `org.camaraproject.esim-profile-management-subscriptions.v0.subscription-${name}`

const eventOf = (type: string, data: Schema<unknown>) =>
  strict({
    specversion: oneWord(['1.0']),
    id: text({ description: 'The same on every retry.' }),
    source: text({ format: 'uri' }),
    type: oneWord([type]),
    time: instant,
    datacontenttype: oneWord(['application/json']),
    data,
  })

export const event = {
  oneOf: [
    eventOf(completedType, completedData),
    eventOf(lifecycleType('started'), startedData),
    eventOf(lifecycleType('updated'), updatedData),
    eventOf(lifecycleType('ended'), endedData),
  ],
}
