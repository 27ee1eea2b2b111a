/**
 * The normative statements of eSIM Profile Management Subscriptions (wip): from its definition and, where that is silent, from the
 * readings in docs/dialects/esim-profile-management-subscriptions-wip.md. In our words.
 */
import type { Requirement } from './requirement.ts'
import { authorizationRows, groupsOf } from './rows.ts'

const group = groupsOf({
  prefix: 'esim-profile-management-subscriptions',
  dialects: ['esim-profile-management-subscriptions@wip'],
  documents: {
    definition: 'CAMARA eSIM Profile Management Subscriptions (wip)',
    dialect: 'docs/dialects/esim-profile-management-subscriptions-wip.md',
    common: 'CAMARA Commonalities 0.8, common schemas',
    events: 'CAMARA Commonalities 0.8, event schemas',
    cloudEvents: 'CloudEvents 1.0.2',
    bearer: 'RFC 6750',
    http: 'RFC 9110',
  },
})

export const esimProfileManagementSubscriptions: readonly Requirement[] = [
  ...group('creation', [
    [
      'active',
      'A subscription is answered with 201 and is ACTIVE when the answer comes.',
      'definition',
      'POST /subscriptions',
      { reading: { subscriptions: 'synchronous' } },
    ],
    [
      'requested',
      'A subscription is answered with 202 and becomes ACTIVE.',
      'definition',
      'POST /subscriptions',
      { reading: { subscriptions: 'asynchronous' } },
    ],
    [
      'location',
      'The 201 names the subscription in Location, as an absolute URL.',
      'dialect',
      'Routes',
      { reading: { subscriptions: 'synchronous' } },
    ],
    [
      'as-requested',
      'A subscription shows protocol, sink, types and config as they were asked for, and when it starts and expires.',
      'definition',
      'Subscription',
    ],
    [
      'filter-needed',
      'A subscription without a filter is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'SubscriptionDetail',
    ],
    [
      'identifier-needed',
      'A filter by a profile that names neither EID nor ICCID is refused with 422 MISSING_IDENTIFIER.',
      'definition',
      'Generic422',
    ],
    [
      'unknown-eid',
      'A filter by an unknown EID is refused with 422 SERVICE_NOT_APPLICABLE.',
      'dialect',
      'an EID or operationId that is unknown',
    ],
    [
      'foreign-eid',
      'A filter by an EID of somebody else is refused like one by an unknown EID.',
      'dialect',
      'an EID or operationId that is unknown',
    ],
    [
      'unknown-operation',
      'A filter by an operationId that nobody knows is refused with 422 SERVICE_NOT_APPLICABLE.',
      'dialect',
      'an EID or operationId that is unknown',
    ],
    ['any-iccid', 'A filter by an ICCID is not looked up: the profile may come later.', 'dialect', 'an ICCID'],
    [
      'no-duplicate',
      'The same sink and filter again, while the first one lives, are refused with 409 CONFLICT.',
      'definition',
      'Generic409',
    ],
  ]),
  ...group('reading', [
    [
      'one',
      'A subscription can be read by its id, as it was answered.',
      'definition',
      'GET /subscriptions/{subscriptionId}',
    ],
    [
      'unknown',
      'An id that nobody knows is answered with 404 NOT_FOUND.',
      'definition',
      'GET /subscriptions/{subscriptionId}',
    ],
    ['foreign', 'A subscription of somebody else is answered like an unknown one.', 'common', 'NOT_FOUND'],
    [
      'list',
      'The list holds each subscription of the caller, and none of anybody else.',
      'definition',
      'GET /subscriptions',
    ],
    ['list-by-type', 'The list can be asked for by type.', 'definition', 'GET /subscriptions'],
    [
      'list-by-expiry',
      'With expiresAt.lt the list holds only what expires before that.',
      'definition',
      'GET /subscriptions',
    ],
  ]),
  ...group('deletion', [
    [
      'gone',
      'A deletion is answered with 204, and the subscription is unknown from then on.',
      'definition',
      'DELETE /subscriptions/{subscriptionId}',
      { reading: { subscriptions: 'synchronous' } },
    ],
    [
      'requested',
      'A deletion is answered with 202, and the subscription is unknown or DELETED before long.',
      'definition',
      'DELETE /subscriptions/{subscriptionId}',
      { reading: { subscriptions: 'asynchronous' } },
    ],
    [
      'silence',
      'After a deletion no operation is told any more.',
      'definition',
      'DELETE /subscriptions/{subscriptionId}',
    ],
    [
      'unknown',
      'The deletion of what nobody knows is answered with 404 NOT_FOUND.',
      'definition',
      'DELETE /subscriptions/{subscriptionId}',
    ],
    ['foreign', 'A subscription of somebody else cannot be deleted.', 'common', 'NOT_FOUND'],
  ]),
  ...group('events', [
    [
      'exactly-one',
      'Each operation that a subscription covers is told exactly once, whatever its outcome.',
      'definition',
      'Event Types',
    ],
    [
      'type',
      'The type of that event is org.camaraproject.esim-profile-management.v0.operation-completed.',
      'definition',
      'SubscriptionEventType',
    ],
    [
      'envelope',
      'An event is a CloudEvent 1.0 in structured JSON, sent by POST as application/cloudevents+json.',
      'events',
      'CloudEvent',
    ],
    [
      'data',
      'The event names subscription, operation and profile, and has a result if it is completed, an error if it failed.',
      'definition',
      'CloudEvent',
    ],
    ['same-result', 'The event and the operation say the same result.', 'definition', 'Event Types'],
    [
      'failure',
      'A failed operation is told with status failed and an error with status, code and message.',
      'dialect',
      'Events',
    ],
    ['not-before-card', 'No event before the eUICC has done what it reports.', 'definition', 'Event Types'],
    [
      'sane-time',
      'The times of an event are RFC 3339 with a time zone, neither before the request nor after its arrival.',
      'common',
      'DateTime',
    ],
    ['id-unique', 'Each event has an id of its own.', 'cloudEvents', 'id'],
    [
      'by-eid',
      'A subscription by EID tells of every operation on this eUICC and of no other.',
      'definition',
      'ESimProfileFilter',
    ],
    [
      'by-iccid',
      'A subscription by ICCID tells of every operation on this profile and of no other.',
      'definition',
      'ESimProfileFilter',
    ],
    [
      'by-operation',
      'A subscription by operationId tells of this operation and of no other.',
      'definition',
      'OperationIdentifier',
    ],
    [
      'initial',
      'With initialEvent the operation that was completed last is told at once.',
      'definition',
      'SubscriptionConfig',
    ],
    [
      'x-correlator',
      'An event carries the x-correlator of the request that started its operation.',
      'dialect',
      'x-correlator of an event',
    ],
  ]),
  ...group('life', [
    [
      'started',
      'The first event of a subscription is subscription-started, with SUBSCRIPTION_CREATED.',
      'events',
      'subscription-started',
    ],
    [
      'expired',
      'At subscriptionExpireTime it ends: subscription-ended with SUBSCRIPTION_EXPIRED, and status EXPIRED.',
      'events',
      'subscription-ended',
    ],
    [
      'max-events',
      'After subscriptionMaxEvents it ends with MAX_EVENTS_REACHED; events about the subscription do not count.',
      'events',
      'subscription-ended',
    ],
    ['initial-counts', 'The initial event counts for subscriptionMaxEvents.', 'dialect', 'subscriptionMaxEvents'],
    [
      'token-expired',
      'Before the access token of the sink expires it ends with ACCESS_TOKEN_EXPIRED.',
      'events',
      'subscription-ended',
    ],
    ['deleted', 'On deletion it ends with SUBSCRIPTION_DELETED.', 'events', 'subscription-ended'],
  ]),
  ...group('delivery', [
    ['retried-until-taken', 'A delivery that ends without 2xx or 410 is tried again.', 'events', 'responses'],
    [
      'same-event-on-retry',
      'Every retry carries the same event: the same id and the same content.',
      'cloudEvents',
      'id',
    ],
    [
      'late-is-taken',
      'An event to which the sink answers 2xx late, but while the provider still waits, is taken: it is not sent again.',
      'events',
      'responses',
    ],
    ['ends-with-410', '410 ends the subscription without a word.', 'events', '410'],
    [
      'bearer-credential',
      'A sinkCredential ACCESSTOKEN is presented as Authorization: Bearer with each event.',
      'definition',
      'SinkCredential',
    ],
    [
      'credential-never-returned',
      'The sinkCredential is never returned, in no answer and in no event body.',
      'events',
      'SinkCredential',
    ],
  ]),
  ...group('authorization', authorizationRows),
  ...group('errors', [
    [
      'query-parameter',
      'A query parameter that breaks its format or enumeration is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'GET /subscriptions',
    ],
    [
      'malformed-json',
      'A body that is no JSON object is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'Generic400',
    ],
    [
      'missing-property',
      'A missing required property is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'CreateSubscriptionRequest',
    ],
    [
      'wrong-type',
      'A property of the wrong type is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'CreateSubscriptionRequest',
    ],
    [
      'wrong-pattern',
      'A property that breaks its pattern, format or enumeration is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'CreateSubscriptionRequest',
    ],
    [
      'unknown-property',
      'An unknown property at any depth is refused with 400 INVALID_ARGUMENT.',
      'common',
      'Request body strictness',
    ],
    [
      'media-type',
      'A body of another media type than JSON is refused with 415 UNSUPPORTED_MEDIA_TYPE.',
      'common',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['wrong-method', 'A wrong method is answered with 405 METHOD_NOT_ALLOWED and Allow.', 'http', '15.5.6'],
    ['shape', 'Every error is JSON with status (that of the response), code and a message.', 'common', 'ErrorInfo'],
  ]),
  ...group('answers', [
    [
      'x-correlator-echoed',
      'The x-correlator of a request is echoed on its answer, errors included.',
      'common',
      'x-correlator',
    ],
    [
      'x-correlator-generated',
      'An answer to a request without x-correlator carries a generated one.',
      'common',
      'x-correlator',
    ],
    [
      'x-correlator-pattern',
      'An x-correlator that breaks the pattern is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'XCorrelator',
    ],
    ['json', 'Answers with a body are application/json.', 'definition', 'paths'],
    ['schema', 'Every answer follows its schema.', 'definition', 'components/schemas'],
    [
      'declared-members',
      'Answers and events carry no member that neither the definition nor the conformance statement names.',
      'definition',
      'components/schemas',
    ],
  ]),
]
