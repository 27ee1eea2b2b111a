/** Dialect esim-profile-management-subscriptions@wip, in the spelling of docs/dialects; the operations are those of eSIM Profile Management. */
import type { Dialect, Member, Route } from './dialect.ts'
import { esimProfileManagementRc1 } from './esim-profile-management.ts'
import { cloudEvent, eid, errorInfo, iccid, moment, type SchemaTable, uuid, when } from './schemas.ts'

const basePath = '/esim-profile-management-subscriptions/vwip'
const completedType = 'org.camaraproject.esim-profile-management.v0.operation-completed'
const lifecycle = 'org.camaraproject.esim-profile-management-subscriptions.v0.subscription-'
const scope = (name: string): string => `esim-profile-management-subscriptions:${name}`

const detail = '$.config.subscriptionDetail'
const members: readonly Member[] = [
  { path: '$.protocol', kind: 'text', required: true, wrong: ['MQTT'] },
  { path: '$.sink', kind: 'uri', required: true },
  { path: '$.types', kind: 'list', required: true, wrong: [[], ['org.example.another']] },
  { path: '$.config', kind: 'object', required: true },
  { path: detail, kind: 'object', required: true, wrong: [{}] },
  { path: `${detail}.esimProfile`, kind: 'object' },
  { path: `${detail}.esimProfile.eid`, kind: 'eid' },
  { path: `${detail}.esimProfile.iccid`, kind: 'iccid' },
  { path: `${detail}.operation`, kind: 'object', wrong: [{}, { operationId: 'no-uuid' }] },
  { path: '$.config.subscriptionMaxEvents', kind: 'number', wrong: [0, 1.5] },
  { path: '$.config.subscriptionExpireTime', kind: 'instant', wrong: ['2001-01-01T00:00:00Z'] },
  { path: '$.config.initialEvent', kind: 'flag' },
  { path: '$.sinkCredential', kind: 'object', wrong: [{}, { credentialType: 'PLAIN', identifier: 'a', secret: 'b' }] },
]

const one = `${basePath}/subscriptions/{subscriptionId}`

/** The definition leaves open whether a subscription is there, or gone, when the answer comes. */
const routesUnder = (isLater: boolean): Dialect['routes'] => ({
  ...esimProfileManagementRc1.routes,
  createSubscription: {
    method: 'POST',
    path: `${basePath}/subscriptions`,
    scope: scope(`${completedType}:create`),
    success: isLater ? 202 : 201,
    answer: 'Subscription',
    ...(isLater ? {} : { location: `${basePath}/subscriptions/` }),
    names: { eid: `${detail}.esimProfile.eid`, iccid: `${detail}.esimProfile.iccid` },
    body: ({ eid: device, iccid: named, sink }) => ({
      protocol: 'HTTP',
      sink,
      types: [completedType],
      config: { subscriptionDetail: { esimProfile: named === undefined ? { eid: device } : { iccid: named } } },
    }),
    members,
  },
  listSubscriptions: {
    method: 'GET',
    path: `${basePath}/subscriptions`,
    scope: scope('read'),
    success: 200,
    answer: 'Subscriptions',
  },
  getSubscription: { method: 'GET', path: one, scope: scope('read'), success: 200, answer: 'Subscription' },
  deleteSubscription: deletion(isLater),
})

const deletion = (isLater: boolean): Route => ({
  method: 'DELETE',
  path: one,
  scope: scope('delete'),
  success: isLater ? 202 : 204,
  answer: isLater ? 'Subscription' : 'Nothing',
})

const schemas: SchemaTable = (object) => {
  const esimProfile = object({}, { eid, iccid })
  const operation = object({ operationId: uuid })
  const subscriptionDetail = { ...object({}, { esimProfile, operation }), minProperties: 1 }
  const count = { type: 'integer', minimum: 1 }
  const config = object(
    { subscriptionDetail },
    { subscriptionMaxEvents: count, subscriptionExpireTime: moment, initialEvent: { type: 'boolean' } },
  )
  const subscription = object(
    {
      id: uuid,
      protocol: { const: 'HTTP' },
      sink: { type: 'string', format: 'uri' },
      types: { type: 'array', minItems: 1, items: { const: completedType } },
      config,
      startsAt: moment,
    },
    { expiresAt: moment, status: { enum: ['ACTIVATION_REQUESTED', 'ACTIVE', 'INACTIVE', 'EXPIRED', 'DELETED'] } },
  )
  const error = errorInfo(object)
  return {
    ...esimProfileManagementRc1.schemas(object),
    Subscription: subscription,
    Subscriptions: { type: 'array', items: subscription },
    EsimEventData: {
      ...object(
        {
          subscriptionId: uuid,
          operationId: { type: 'string' },
          operation: { enum: ['download', 'enable', 'disable', 'delete', 'set-fallback'] },
          status: { enum: ['completed', 'failed'] },
          esimProfile: object({ eid }, { iccid }),
        },
        { result: object({ completedAt: moment, outcome: { const: 'SUCCESS' } }), error },
      ),
      ...when(
        { properties: { status: { const: 'failed' } } },
        { required: ['error'], not: { required: ['result'] } },
        { required: ['result'], not: { required: ['error'] } },
      ),
    },
    SubscriptionEventData: object(
      { subscriptionId: uuid },
      {
        esimProfile,
        initiationReason: { const: 'SUBSCRIPTION_CREATED' },
        updateReason: { enum: ['SUBSCRIPTION_ACTIVE', 'SUBSCRIPTION_INACTIVE'] },
        terminationReason: {
          enum: [
            ...['NETWORK_TERMINATED', 'SUBSCRIPTION_EXPIRED', 'MAX_EVENTS_REACHED'],
            ...['ACCESS_TOKEN_EXPIRED', 'SUBSCRIPTION_DELETED'],
          ],
        },
      },
    ),
    CloudEvent: cloudEvent,
  }
}

const dialectUnder = (isLater: boolean): Dialect => ({
  ...esimProfileManagementRc1,
  id: 'esim-profile-management-subscriptions@wip',
  prefix: 'esim-profile-management-subscriptions',
  basePath,
  features: ['esim-profile-management-subscriptions'],
  abilities: ['events', 'fallback', 'status-of-one', 'activation-code'],
  choices: {
    ...esimProfileManagementRc1.choices,
    foreignIdentifier: ['unknown'],
    subscriptions: ['synchronous', 'asynchronous'],
  },
  routes: routesUnder(isLater),
  event: {
    operationId: '$.data.operationId',
    operation: '$.data.operation',
    eid: '$.data.esimProfile.eid',
    iccid: '$.data.esimProfile.iccid',
    status: '$.data.status',
    statuses: { completed: 'completed', failed: 'completed' },
    outcome: '$.data.status',
    outcomes: { completed: 'success', failed: 'failed' },
    completedAt: '$.data.result.completedAt',
    error: '$.data.error',
  },
  eventType: () => ({ type: completedType, requirement: 'events/type' }),
  subscriptionEvents: lifecycle,

  correlator: /^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$/,
  schemas,
  under: ({ subscriptions }) => dialectUnder(subscriptions === 'asynchronous'),
})

export const esimProfileManagementSubscriptions = dialectUnder(false)
