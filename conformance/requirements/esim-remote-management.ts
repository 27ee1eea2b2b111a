/**
 * The normative statements of eSIM Remote Management (wip): from its definition and, where that is silent, from the readings in
 * docs/dialects/esim-remote-management-wip.md. In our words.
 */
import type { Requirement } from './requirement.ts'
import { authorizationRows, groupsOf } from './rows.ts'

const group = groupsOf({
  prefix: 'esim-remote-management',
  dialects: ['esim-remote-management@wip'],
  documents: {
    definition: 'CAMARA eSIM Remote Management (wip)',
    dialect: 'docs/dialects/esim-remote-management-wip.md',
    common: 'CAMARA Commonalities 0.8, common schemas',
    events: 'CAMARA Commonalities 0.8, event schemas',
    cloudEvents: 'CloudEvents 1.0.2',
    bearer: 'RFC 6750',
    http: 'RFC 9110',
  },
})

const functionality = 'API Functionality'

export const esimRemoteManagement: readonly Requirement[] = [
  ...group('download', [
    [
      'installs-disabled',
      'A successful download leaves the new profile on the eUICC and disabled, and changes no other.',
      'definition',
      functionality,
    ],
    [
      'activates-on-request',
      'With autoEnableType 1 a successful download ends with the new profile enabled and every other one disabled.',
      'definition',
      'ProfileDownloadReq',
    ],
    [
      'order-refused',
      'A download whose order the SM-DP+ refuses is answered with another code than 100000, words, and no taskId.',
      'dialect',
      'activation code of a download',
    ],
  ]),
  ...group('enable', [
    ['enables', 'A successful task with optType 1 leaves a disabled profile enabled.', 'definition', 'ProfileOperReq'],
    [
      'only-one-enabled',
      'Enabling a profile disables the one that was enabled; at most one profile of an eUICC is.',
      'definition',
      functionality,
    ],
    [
      'already-enabled',
      'Enable of an enabled profile is accepted and then fails.',
      'dialect',
      'enable of an enabled profile',
    ],
  ]),
  ...group('disable', [
    [
      'disables',
      'A successful task with optType 2 leaves an enabled profile disabled, and no other becomes enabled.',
      'definition',
      'ProfileOperReq',
    ],
    ['stays-installed', 'A disabled profile stays installed and can be enabled again.', 'definition', functionality],
    [
      'not-enabled',
      'Disable of a disabled profile is accepted and then fails.',
      'dialect',
      'enable of an enabled profile',
    ],
  ]),
  ...group('delete', [
    [
      'removes',
      'A successful task with optType 3 removes a disabled profile from the eUICC and changes no other.',
      'definition',
      'ProfileOperReq',
    ],
    ['is-final', 'A deleted profile is gone for good: the API no longer knows it.', 'definition', functionality],
    [
      'enabled-is-disabled-first',
      'Delete of an enabled profile first disables it, then deletes it, in one task.',
      'dialect',
      'delete of an enabled profile',
      { reading: { deleteEnabled: 'auto-disable' } },
    ],
    [
      'enabled-is-kept',
      'Delete of an enabled profile is accepted and then fails, and leaves it as it was.',
      'dialect',
      'delete of an enabled profile',
      { reading: { deleteEnabled: 'conflict' } },
    ],
  ]),
  ...group('retrieve-status', [
    [
      'all-of-the-device',
      'The list holds exactly the profiles of the eUICC, none when it has none.',
      'definition',
      '/profile/downloaded-list',
    ],
    [
      'is-the-truth',
      'The list shows each profile as the eUICC has it: enableStatus 1 if it is enabled, 0 if not.',
      'definition',
      'ProfileInfo',
    ],
    [
      'truth-while-executing',
      'While a task executes the list shows the state before it or after it, and never goes back.',
      'definition',
      'ProfileInfo',
    ],
    [
      'result-code',
      'A query and a list are answered with resultCode B100000, and with the sequenceNum of the request.',
      'definition',
      'BaseCmpRespEidProfileListResp',
    ],
  ]),
  ...group('profiles', [
    ['two-states', 'A profile is enabled or disabled; there is no third state.', 'definition', 'ProfileInfo'],
    [
      'life',
      'A profile is born disabled, moves between disabled and enabled, and can be deleted.',
      'definition',
      functionality,
    ],
    [
      'at-most-one-enabled',
      'At no observable moment does an eUICC have two enabled profiles.',
      'definition',
      functionality,
    ],
  ]),
  ...group('operations', [
    [
      'accepted',
      'A task is answered with 200, code 100000, a taskId, and what the request was about.',
      'dialect',
      'taskId of an answer',
    ],
    ['asynchronous', 'The answer does not wait for the device.', 'definition', '/profile/oper'],
    ['own-id', 'Each accepted request is a task of its own with its own taskId.', 'definition', '/profile/oper'],
    [
      'pollable',
      'A task can be asked for at /profile/result/query from its acceptance on.',
      'definition',
      '/profile/result/query',
    ],
    [
      'two-states',
      'operResult is 0 while it executes, then 1 or 2; nothing else is ever shown.',
      'definition',
      'ProfileResultQueryResp',
    ],
    ['completed-is-final', 'The result of a task never changes.', 'definition', 'ProfileResultQueryResp'],
    [
      'result',
      'The result of a task names taskId, eId, iccid, operResult and a resultMsg.',
      'definition',
      'ProfileResultQueryResp',
    ],
    [
      'completed-not-before-card',
      'A task is not shown as a success before the eUICC has done it.',
      'definition',
      'ProfileResultQueryResp',
    ],
    [
      'one-at-a-time',
      'Of tasks that are asked for at the same time each ends as if they had been carried out one after another, in some order.',
      'dialect',
      'several tasks on one eUICC',
    ],
    [
      'in-order',
      'Tasks on one eUICC are executed one at a time, in the order of their acceptance.',
      'dialect',
      'several tasks on one eUICC',
    ],
    [
      'waits-for-device',
      'While the device cannot be reached the task stays executing.',
      'definition',
      'ProfileResultQueryResp',
    ],
    [
      'time-limit',
      'A task whose device stays unreachable beyond the time limit fails.',
      'definition',
      'ProfileResultQueryResp',
    ],
    [
      'retention',
      'A completed task can be read for the declared time, and then is answered with 404 NOT_FOUND.',
      'dialect',
      'unknown taskId',
    ],
    [
      'executed-once',
      'An accepted task is executed exactly once and touches only the profile it names.',
      'definition',
      functionality,
    ],
    ['unknown', 'A taskId that nobody knows is answered with 404 NOT_FOUND.', 'definition', '/profile/result/query'],
  ]),
  ...group('events', [
    [
      'exactly-one',
      'Each task with a sink is followed by exactly one event of its outcome, whatever that is.',
      'dialect',
      'which events',
    ],
    [
      'type',
      'The type of that event is org.camaraproject.esim-remote-management.v0.operation-completed.',
      'dialect',
      'events',
    ],
    [
      'envelope',
      'An event is a CloudEvent 1.0 in structured JSON, sent by POST as application/cloudevents+json.',
      'events',
      'CloudEvent',
    ],
    ['data', 'The event carries what a query answers about the task.', 'dialect', 'events'],
    ['same-result', 'The event and the query say the same result.', 'dialect', 'events'],
    ['only-for-accepted', 'No event of a request that was refused.', 'dialect', 'which events'],
    ['not-before-card', 'No event of a success before the eUICC has done it.', 'dialect', 'which events'],
    ['not-while-unreachable', 'The outcome is not told while the device cannot be reached.', 'dialect', 'which events'],
    [
      'sane-time',
      'The time of an event is RFC 3339 with a time zone, neither before the request nor after its arrival.',
      'common',
      'DateTime',
    ],
    ['id-unique', 'Each event has an id of its own.', 'cloudEvents', 'id'],
    [
      'initial',
      'With initialEvent an event operation-accepted comes before that of the outcome.',
      'definition',
      'ProfileOperReq',
    ],
    ['types', 'With types only events of these types are sent.', 'definition', 'BaseCmpReqProfileOperReq'],
    ['max-events', 'With subscriptionMaxEvents no more events than that are sent.', 'definition', 'ProfileOperReq'],
    [
      'sink-is-optional',
      'A task without a sink is executed like any other, and nobody is told.',
      'definition',
      'BaseCmpReqProfileOperReq',
    ],
  ]),
  ...group('delivery', [
    ['retried-until-taken', 'A delivery that ends without 2xx or 410 is tried again.', 'dialect', 'events'],
    [
      'same-event-on-retry',
      'Every retry carries the same event: the same id and the same content.',
      'dialect',
      'events',
    ],
    [
      'late-is-taken',
      'An event to which the sink answers 2xx late, but while the provider still waits, is taken: it is not sent again.',
      'events',
      'responses',
    ],
    ['ends-with-410', '410 ends the delivery without a retry.', 'events', '410'],
    ['no-credential', 'No Authorization is presented to a sink: there are no credentials.', 'dialect', 'sink'],
  ]),
  ...group('identifiers', [
    [
      'unknown-404',
      'A request that names an unknown iccid or eId is refused with 404 IDENTIFIER_NOT_FOUND.',
      'dialect',
      'unknown eId or iccid',
    ],
    [
      'unknown-to-status',
      'A list of an unknown eId is refused with 404 IDENTIFIER_NOT_FOUND.',
      'dialect',
      'unknown eId or iccid',
    ],
    [
      'pair-must-match',
      'eId and iccid that are no pair are refused with 404 IDENTIFIER_NOT_FOUND.',
      'dialect',
      'unknown eId or iccid',
    ],
  ]),
  ...group('ownership', [
    ['foreign-device', 'A device of somebody else can neither be changed nor read.', 'common', 'PERMISSION_DENIED'],
    [
      'foreign-like-unknown',
      'The answer about somebody else’s device is that about an unknown one, so that nothing is revealed.',
      'dialect',
      'unknown eId or iccid',
      { reading: { foreignIdentifier: 'unknown' } },
    ],
    [
      'foreign-is-forbidden',
      'A request about somebody else’s device is refused with 403 PERMISSION_DENIED.',
      'common',
      'PERMISSION_DENIED',
      { reading: { foreignIdentifier: '403' } },
    ],
    [
      'foreign-operation',
      'A task of somebody else is answered like an unknown one: 404 NOT_FOUND.',
      'dialect',
      'unknown taskId',
    ],
  ]),
  ...group('authorization', authorizationRows),
  ...group('errors', [
    [
      'malformed-json',
      'A body that is no JSON object is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'Generic400',
    ],
    [
      'missing-property',
      'A request that does not say what it is about is refused with 400 INVALID_ARGUMENT.',
      'dialect',
      'what is mandatory',
    ],
    [
      'wrong-type',
      'A property of the wrong type is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'components/schemas',
    ],
    [
      'wrong-pattern',
      'A property that breaks its pattern, format or range is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'components/schemas',
    ],
    [
      'unknown-property',
      'An unknown property at any depth is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'Request body strictness',
    ],
    [
      'media-type',
      'A body of another media type than JSON is refused with 415 UNSUPPORTED_MEDIA_TYPE.',
      'common',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['too-large', 'A body that is too large is refused with 413 INVALID_ARGUMENT.', 'common', 'ErrorInfo'],
    ['unknown-path', 'An unknown path is answered with 404 NOT_FOUND.', 'common', 'NOT_FOUND'],
    ['wrong-method', 'A wrong method is answered with 405 METHOD_NOT_ALLOWED and Allow.', 'http', '15.5.6'],
    ['shape', 'Every error is JSON with status (that of the response), code and a message.', 'definition', 'ErrorInfo'],
    ['change-nothing', 'A refused request changes nothing on the eUICC and sends no event.', 'definition', 'ErrorInfo'],
    [
      'documented-properties',
      'Every documented property of a request is accepted.',
      'definition',
      'components/schemas',
    ],
  ]),
  ...group('answers', [
    [
      'x-correlator-echoed',
      'The x-correlator of a request is echoed on its answer, errors included.',
      'definition',
      'components/headers/x-correlator',
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
    ['schema', 'Every answer follows the schema of its request.', 'definition', 'components/schemas'],
    [
      'declared-members',
      'Answers and events carry no member that neither the dialect nor the conformance statement names.',
      'dialect',
      'taskId of an answer',
    ],
  ]),
]
