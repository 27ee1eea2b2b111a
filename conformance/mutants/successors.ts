/** Wrong providers of the other dialects: layers over a provider that is right in them. */
import { answers, attempts, edited, error, header, type Json, parsed, requests, verdicts } from './changes.ts'
import type { ApiAnswer, ApiRequest, Mutant } from './layer.ts'

const isPost = ({ method }: ApiRequest): boolean => method === 'POST'
const names = ({ path }: ApiRequest, ending: string): boolean => path.split('?')[0]?.endsWith(ending) === true
const reads = ({ path }: ApiRequest): boolean => /\/(operations\/[^/]+|profile\/result\/query)$/.test(path)

const inJson = (change: (json: Json) => Json, ...statuses: readonly number[]) =>
  answers((answer) => (statuses.includes(answer.status) ? edited(answer, change) : answer))
const inOperation = (change: (operation: Json) => Json) =>
  answers((answer, request) => (reads(request) && answer.status === 200 ? edited(answer, change) : answer))
const inResult = (change: (result: Json) => Json) =>
  inOperation((operation) => (operation.result ? { ...operation, result: change(operation.result) } : operation))
const insteadOf = (code: string, status: number, other: string) =>
  answers((answer: ApiAnswer) => (parsed(answer)?.code === code ? error(status, other, answer) : answer))
const inBody = (change: (body: Json) => Json) =>
  requests((request) => (isPost(request) ? edited(request, change) : request))
const inConfig = (change: (config: Json) => Json) =>
  inBody((body) => (body?.config ? { ...body, config: change(body.config) } : body))
const inEvent = (change: (event: Json) => Json) => attempts((attempt) => edited(attempt, change))
const without = (isDropped: (event: Json) => boolean) => () => ({
  event: async (
    attempt: Parameters<NonNullable<ReturnType<Mutant['layer']>['event']>>[0],
    edge: { deliver: (one: typeof attempt) => Promise<number> },
  ) => (isDropped(parsed(attempt)) ? 204 : edge.deliver(attempt)),
})
/** A second event of the same, with an id of its own. */
const again =
  (isDoubled: (event: Json) => boolean): Mutant['layer'] =>
  () => ({
    event: async (attempt, edge) => {
      if (isDoubled(parsed(attempt)))
        await edge.deliver(edited(attempt, (event) => ({ ...event, id: `${event.id}-again` })))
      return edge.deliver(attempt)
    },
  })
const isOutcome = ({ type }: Json): boolean => String(type).endsWith('operation-completed')

type Row = readonly [id: string, summary: string, breaks: string, layer: Mutant['layer']]
const rows = (prefix: string, all: readonly Row[]): readonly Mutant[] =>
  all.map(([id, summary, breaks, layer]) => ({ id, summary, breaks: `${prefix}/${breaks}`, layer }))

const profileManagement = rows('esim-profile-management', [
  [
    'profile-lower-case',
    'says accepted',
    'operations/accepted',
    inJson((json) => ({ ...json, status: String(json.status).toLowerCase() }), 202),
  ],
  [
    'profile-no-location',
    'does not say where the operation is',
    'operations/location',
    answers((answer) => header(answer, 'location')),
  ],
  [
    'profile-relative-location',
    'gives a path for the URL of the operation',
    'operations/location',
    answers((answer) =>
      header(answer, 'location', answer.headers['location'] && new URL(answer.headers['location']).pathname),
    ),
  ],
  [
    'profile-conflict-422',
    'answers 422 where the state does not allow it',
    'enable/already-enabled-at-once',
    insteadOf('INCOMPATIBLE_STATE', 422, 'INCOMPATIBLE_STATE'),
  ],
  [
    'profile-conflict-code',
    'says CONFLICT about a profile that is ENABLED',
    'delete/enabled-is-kept',
    insteadOf('INCOMPATIBLE_STATE', 409, 'CONFLICT'),
  ],
  [
    'profile-busy-code',
    'says CONFLICT while another operation is in progress',
    'operations/busy-is-aborted',
    insteadOf('ABORTED', 409, 'CONFLICT'),
  ],
  [
    'profile-fallback-409',
    'takes what its owner forbids for a matter of state',
    'set-fallback/not-allowed',
    insteadOf('SERVICE_NOT_APPLICABLE', 409, 'INCOMPATIBLE_STATE'),
  ],
  [
    'profile-assigns-another',
    'names another profile than it has installed',
    'download/assigned-iccid',
    inResult((result) => (result.assignedIccid ? { ...result, assignedIccid: '8999999999999999997' } : result)),
  ],
  [
    'profile-without-reason',
    'does not say why an operation failed',
    'operations/result',
    inResult(({ failureReason: _, ...result }) => result),
  ],
  [
    'profile-early',
    'shows an operation as COMPLETED before the card has done it',
    'operations/completed-not-before-card',
    inOperation((operation) => ({
      ...operation,
      status: 'COMPLETED',
      result: operation.result ?? { outcome: 'SUCCESS', completedAt: new Date().toISOString() },
    })),
  ],
  [
    'profile-moving-moment',
    'gives the present time as completedAt',
    'operations/completed-is-final',
    inResult((result) => ({ ...result, completedAt: new Date().toISOString() })),
  ],
  [
    'profile-gone',
    'answers 410 about an operation that it does not know',
    'operations/unknown',
    answers((answer, request) => (reads(request) && answer.status === 404 ? error(410, 'GONE', answer) : answer)),
  ],
  [
    'profile-id-of-any-length',
    'looks up what is no operationId',
    'operations/malformed-id',
    answers((answer, request) => (reads(request) && answer.status === 400 ? error(404, 'NOT_FOUND', answer) : answer)),
  ],
  [
    'profile-states-lower-case',
    'says enabled and disabled',
    'retrieve-status/is-the-truth',
    inJson(
      (json) =>
        json?.esimProfiles
          ? {
              esimProfiles: json.esimProfiles.map((one: Json) => ({
                ...one,
                state: one.state === 'ENABLED' ? 'DISABLED' : one.state,
              })),
            }
          : json,
      200,
    ),
  ],
  [
    'profile-unknown-property',
    'ignores unknown properties',
    'errors/unknown-property',
    inBody((body) =>
      body?.esimProfile === undefined
        ? body
        : {
            esimProfile: body.esimProfile,
            ...(body.activationCode === undefined ? {} : { activationCode: body.activationCode }),
          },
    ),
  ],
  [
    'profile-backslash',
    'takes any x-correlator',
    'answers/x-correlator-pattern',
    requests((request) =>
      /^[\w:;./<>{}-]{0,256}$/.test(request.headers['x-correlator'] ?? '') ? request : header(request, 'x-correlator'),
    ),
  ],
  [
    'profile-mismatch-404',
    'does not tell a pair that is none from what nobody knows',
    'identifiers/pair-must-match',
    answers((answer) =>
      String(parsed(answer)?.code).endsWith('IDENTIFIER_MISMATCH')
        ? error(404, 'IDENTIFIER_NOT_FOUND', answer)
        : answer,
    ),
  ],
])

const profileManagementRc2 = rows('esim-profile-management', [
  [
    'profile-iccid-of-download',
    'lets a download name an ICCID',
    'download/eid-only',
    inBody((body) =>
      body?.activationCode === undefined ? body : { ...body, esimProfile: { eid: body.esimProfile?.eid } },
    ),
  ],
])

const remoteManagement = rows('esim-remote-management', [
  [
    'remote-code-zero',
    'accepts with code 0',
    'operations/accepted',
    inJson((json) => (json.taskId ? { ...json, code: 0 } : json), 200),
  ],
  [
    'remote-result-as-text',
    'says operResult in a text',
    'operations/result',
    inOperation((json) => ({ ...json, data: { ...json.data, operResult: String(json.data.operResult) } })),
  ],
  [
    'remote-success-for-failure',
    'reports a failed task as a success',
    'enable/already-enabled',
    inOperation((json) => (json.data.operResult === 2 ? { ...json, data: { ...json.data, operResult: 1 } } : json)),
  ],
  [
    'remote-result-code',
    'answers a query with another code',
    'retrieve-status/result-code',
    inJson((json) => (json.resultCode ? { ...json, resultCode: 'B000000' } : json), 200),
  ],
  [
    'remote-sequence-forgotten',
    'does not give the sequence number back',
    'retrieve-status/result-code',
    inJson(({ sequenceNum: _, ...json }) => json, 200),
  ],
  [
    'remote-all-disabled',
    'shows every profile as disabled',
    'retrieve-status/is-the-truth',
    inJson(
      (json) =>
        json.data?.profiles
          ? {
              ...json,
              data: { ...json.data, profiles: json.data.profiles.map((one: Json) => ({ ...one, enableStatus: 0 })) },
            }
          : json,
      200,
    ),
  ],
  [
    'remote-task-of-a-refused-order',
    'gives a task for an order that was refused',
    'download/order-refused',
    inJson((json) => (json.code === 100_001 ? { ...json, code: 100_000, taskId: 'task' } : json), 200),
  ],
  [
    'remote-activation-ignored',
    'ignores autoEnableType',
    'download/activates-on-request',
    inConfig(({ subscriptionDetail, ...config }) => {
      const { autoEnableType: _, ...detail } = subscriptionDetail ?? {}
      return { ...config, subscriptionDetail: detail }
    }),
  ],
  ['remote-two-events', 'sends two events of each outcome', 'events/exactly-one', again(isOutcome)],
  [
    'remote-event-type',
    'calls every event accepted',
    'events/type',
    inEvent((event) => ({ ...event, type: event.type.replace('v0.operation-completed', 'v1.operation-completed') })),
  ],
  [
    'remote-no-initial-event',
    'never says that a task was accepted',
    'events/initial',
    without((event) => !isOutcome(event)),
  ],
  [
    'remote-types-ignored',
    'sends events of every type',
    'events/types',
    inBody((body) => {
      const { types: _, ...rest } = body ?? {}
      return body?.config ? rest : body
    }),
  ],
  [
    'remote-max-events-ignored',
    'sends more events than wanted',
    'events/max-events',
    inConfig(({ subscriptionMaxEvents: _, ...config }) => config),
  ],
  [
    'remote-sink-needed',
    'wants a sink',
    'events/sink-is-optional',
    answers((answer, request) =>
      names(request, '/profile/oper') && parsed(request)?.sink === undefined
        ? error(400, 'INVALID_ARGUMENT', answer)
        : answer,
    ),
  ],
  ['remote-no-retry', 'tries once', 'delivery/retried-until-taken', verdicts(() => 204)],
])

const ends = ({ type }: Json): boolean => String(type).endsWith('subscription-ended')
const subscriptions = rows('esim-profile-management-subscriptions', [
  [
    'subscription-200',
    'answers 200 where 201 belongs',
    'creation/active',
    answers((answer) => (answer.status === 201 ? { ...answer, status: 200 } : answer)),
  ],
  [
    'subscription-inactive',
    'makes subscriptions that are not ACTIVE',
    'creation/active',
    inJson((json) => ({ ...json, status: 'INACTIVE' }), 201),
  ],
  [
    'subscription-no-location',
    'does not say where the subscription is',
    'creation/location',
    answers((answer) => header(answer, 'location')),
  ],
  [
    'subscription-other-filter',
    'shows another filter than was asked for',
    'creation/as-requested',
    inJson(
      (json) => ({ ...json, config: { subscriptionDetail: { esimProfile: { iccid: '8999999999999999997' } } } }),
      201,
    ),
  ],
  [
    'subscription-duplicate-400',
    'answers 400 about the same subscription again',
    'creation/no-duplicate',
    insteadOf('CONFLICT', 400, 'INVALID_ARGUMENT'),
  ],
  [
    'subscription-identifier-400',
    'answers 400 where an identifier is missing',
    'creation/identifier-needed',
    insteadOf('MISSING_IDENTIFIER', 400, 'INVALID_ARGUMENT'),
  ],
  [
    'subscription-list-of-all',
    'lists whatever expires',
    'reading/list-by-expiry',
    requests((request) => ({ ...request, path: request.path.split('?')[0] ?? '' })),
  ],
  [
    'subscription-deleted-200',
    'answers 200 to a deletion',
    'deletion/gone',
    answers((answer) => (answer.status === 204 ? { ...answer, status: 200 } : answer)),
  ],
  ['subscription-two-events', 'tells every operation twice', 'events/exactly-one', again(isOutcome)],
  [
    'subscription-no-error',
    'does not say why an operation failed',
    'events/failure',
    inEvent((event) => {
      const { error: _, ...data } = event.data
      return { ...event, data }
    }),
  ],
  [
    'subscription-no-initial-event',
    'ignores initialEvent',
    'events/initial',
    inConfig(({ initialEvent: _, ...config }) => config),
  ],
  [
    'subscription-event-correlator',
    'sends events without x-correlator',
    'events/x-correlator',
    attempts((attempt) => header(attempt, 'x-correlator')),
  ],
  [
    'subscription-no-start',
    'does not say that a subscription has started',
    'life/started',
    without(({ type }) => String(type).endsWith('subscription-started')),
  ],
  ['subscription-no-end', 'does not say that a subscription has ended', 'life/max-events', without(ends)],
  [
    'subscription-max-ignored',
    'tells more than wanted',
    'life/max-events',
    inConfig(({ subscriptionMaxEvents: _, ...config }) => config),
  ],
  [
    'subscription-wrong-end',
    'blames the network for every end',
    'life/expired',
    inEvent((event) =>
      ends(event) ? { ...event, data: { ...event.data, terminationReason: 'NETWORK_TERMINATED' } } : event,
    ),
  ],
  [
    'subscription-no-authorization',
    'does not present the access token',
    'delivery/bearer-credential',
    attempts((attempt) => header(attempt, 'authorization')),
  ],
  [
    'subscription-410-ignored',
    'does not believe 410',
    'delivery/ends-with-410',
    verdicts((status) => (status === 410 ? 204 : status)),
  ],
])

export const wrongSuccessors: readonly Mutant[] = [
  ...profileManagement,
  ...profileManagementRc2,
  ...remoteManagement,
  ...subscriptions,
]
