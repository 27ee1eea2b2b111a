/** The routes of esim-profile-management-subscriptions@wip. */
import { refuse } from '../../http/errors.ts'
import { answer, type Route, route } from '../../http/route.ts'
import { instantOf } from '../../instant.ts'
import type { NewSubscription, Services } from '../../services.ts'
import type { Filter } from '../../subscriptions/subscription.ts'
import {
  type Config,
  type CreateRequest,
  completedType,
  createRequest,
  event,
  listQuery,
  subscriptionAnswer,
  subscriptionParams,
  subscriptionsAnswer,
} from './schemas.ts'
import { type Shown, subscriptionAnswerOf } from './wording.ts'

export const dialectId = 'esim-profile-management-subscriptions@wip'

const scope = (action: string) => `esim-profile-management-subscriptions:${action}`

const notFound = refuse('NOT_FOUND', 'No subscription has this id, or none any more.')
const notApplicable = refuse('SERVICE_NOT_APPLICABLE', 'Nothing can be subscribed to by this identifier.')

const create = (covers: readonly string[]) =>
  route({
    method: 'POST',
    path: '/subscriptions',
    operationId: 'createSubscription',
    summary: 'Subscribe to completed operations',
    description: 'Of one eUICC, of one profile, or one operation. It is active when the answer comes.',
    scope: scope(`${completedType}:create`),
    body: createRequest,
    success: {
      status: 201,
      description: 'The subscription.',
      body: subscriptionAnswer,
      location: 'The subscription.',
    },
    errors: ['INVALID_ARGUMENT', 'MISSING_IDENTIFIER', 'SERVICE_NOT_APPLICABLE', 'CONFLICT'],
    callback: { summary: 'What is told of the subscription: its life, and the operations.', event },
    async handle({ body, tenant, correlator }, services) {
      const problem = problemOf(body, services)
      if (problem) return refuse('INVALID_ARGUMENT', problem)
      const { esimProfile } = body.config.subscriptionDetail
      if (esimProfile && esimProfile.eid === undefined && esimProfile.iccid === undefined)
        return refuse('MISSING_IDENTIFIER', 'esimProfile names neither EID nor ICCID.')
      const filter = filterOf(body.config)
      if (!(await isOwn(tenant, filter, { services, covers }))) return notApplicable
      const created = await services.subscriptions.create({
        ...asked(body),
        dialect: dialectId,
        tenant,
        correlator,
        filter,
      })
      if (!created) return refuse('CONFLICT', 'There is a subscription with these criteria already.')
      return answer(subscriptionAnswerOf(created), `/subscriptions/${created.subscriptionId}`)
    },
  })

const problemOf = ({ sink, sinkCredential, config }: CreateRequest, { sinkProblem, now }: Services) => {
  const hasPassed = (at: string | undefined) => at !== undefined && instantOf(at) <= now()
  if (hasPassed(config.subscriptionExpireTime)) return 'subscriptionExpireTime has passed already.'
  if (hasPassed(sinkCredential?.accessTokenExpiresUtc)) return 'accessTokenExpiresUtc has passed already.'
  return sinkProblem(sink)
}

const filterOf = ({ subscriptionDetail: { esimProfile, operation } }: Config): Filter => ({
  ...esimProfile,
  ...(operation && { operationId: operation.operationId }),
})

interface Known {
  readonly services: Services
  readonly covers: readonly string[]
}

/** An ICCID is not looked up: the profile may come later. */
const isOwn = async (tenant: string, { eid, operationId }: Filter, { services, covers }: Known): Promise<boolean> => {
  if (eid !== undefined && (await services.profiles.onEuicc(tenant, eid)).kind === 'unknown') return false
  if (operationId === undefined) return true
  const operation = await services.operations.find(tenant, operationId)
  return operation !== undefined && covers.includes(operation.dialect)
}

type Asked = Omit<NewSubscription, 'dialect' | 'tenant' | 'correlator' | 'filter'>

const asked = ({ protocol, sink, sinkCredential, types, config }: CreateRequest): Asked => {
  const { initialEvent = false, subscriptionMaxEvents, subscriptionExpireTime } = config
  return {
    sink,
    ...(sinkCredential && {
      credential: {
        scheme: 'Bearer',
        value: sinkCredential.accessToken,
        expiresAt: instantOf(sinkCredential.accessTokenExpiresUtc),
      },
    }),
    shown: { protocol, sink, types, config } satisfies Shown,
    ...(subscriptionMaxEvents !== undefined && { maxEvents: subscriptionMaxEvents }),
    ...(subscriptionExpireTime !== undefined && { expiresAt: instantOf(subscriptionExpireTime) }),
    initialEvent,
  }
}

const list = route({
  method: 'GET',
  path: '/subscriptions',
  operationId: 'listSubscriptions',
  summary: 'List subscriptions',
  description: 'Those of the tenant, the oldest first; those that have ended for a while, those that were deleted not.',
  scope: scope('read'),
  query: listQuery,
  success: { status: 200, description: 'The subscriptions.', body: subscriptionsAnswer },
  errors: [],
  async handle({ query, tenant }, { subscriptions }) {
    const before = query['expiresAt.lt']
    const found = await subscriptions.list(tenant, before === undefined ? undefined : instantOf(before))
    return answer(found.map(subscriptionAnswerOf))
  },
})

const read = route({
  method: 'GET',
  path: '/subscriptions/{subscriptionId}',
  operationId: 'getSubscription',
  summary: 'Read a subscription',
  description: 'Also when it has ended, for a while.',
  scope: scope('read'),
  params: subscriptionParams,
  success: { status: 200, description: 'The subscription.', body: subscriptionAnswer },
  errors: ['NOT_FOUND'],
  async handle({ params, tenant }, { subscriptions }) {
    const found = await subscriptions.find(tenant, params.subscriptionId)
    return found ? answer(subscriptionAnswerOf(found)) : notFound
  },
})

const remove = route({
  method: 'DELETE',
  path: '/subscriptions/{subscriptionId}',
  operationId: 'deleteSubscription',
  summary: 'Delete a subscription',
  description: 'Events that are on their way still arrive; the last one says that it has ended.',
  scope: scope('delete'),
  params: subscriptionParams,
  success: { status: 204, description: 'It has ended.' },
  errors: ['NOT_FOUND'],
  async handle({ params, tenant }, { subscriptions }) {
    return (await subscriptions.delete(tenant, params.subscriptionId)) ? answer(undefined) : notFound
  },
})

export const routesOf = (covers: readonly string[]): readonly Route[] => [create(covers), list, read, remove]
