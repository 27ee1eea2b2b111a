/**
 * The normative statements of the eSIM Management API, dialect esim-management@0.1: from its general description, from its OpenAPI
 * draft and, where those disagree or are silent, from the reading in docs/dialects/esim-management-0.1.md. In our words.
 */
import type { Requirement } from './requirement.ts'
import { groupsOf } from './rows.ts'

const documents = {
  description: 'eSIM Management API, high level description',
  draft: 'eSIM Management API 0.1, OpenAPI draft',
  dialect: 'docs/dialects/esim-management-0.1.md',
  common: 'CAMARA Commonalities 0.8, common schemas',
  events: 'CAMARA Commonalities 0.8, event schemas',
  cloudEvents: 'CloudEvents 1.0.2',
  bearer: 'RFC 6750',
  http: 'RFC 9110',
} as const

const group = groupsOf({ prefix: 'esim-management', dialects: ['esim-management@0.1'], documents })

const operationsTable = 'eSIM Management Operations'
const profileStates = 'States of eSIM profiles'
const operationStates = 'States of operations'
const notifications = 'Event Notifications'
const security = 'Security and Authorization'

const download = group('download', [
  [
    'installs-disabled',
    'A successful download leaves the new eSIM installed on the eUICC and disabled, and changes no other eSIM.',
    'description',
    operationsTable,
  ],
  [
    'activates-on-request',
    'With activateOnDownload true a successful download ends with the new eSIM enabled and every other one disabled.',
    'description',
    operationsTable,
  ],
  [
    'already-installed',
    'A download of an eSIM that the eUICC already has is accepted and then fails with 422 ESIM_ALREADY_INSTALLED.',
    'dialect',
    'download of an ICCID that the eUICC already has',
  ],
  [
    'refusal-is-reported',
    'A download that the SM-DP+ or the card refuses is accepted and then fails with 422 ESIM_DOWNLOAD_FAILED and details of the refusal.',
    'dialect',
    'download refused by the SM-DP+ or by the card',
  ],
  [
    'iccid-mismatch',
    'A download that brings another ICCID than requested fails with 422 ESIM_ICCID_MISMATCH.',
    'dialect',
    'the profile that arrives has another ICCID than the request',
  ],
  [
    'failure-activates-nothing',
    'A failed download with activateOnDownload leaves every eSIM in the state it had.',
    'description',
    operationsTable,
  ],
])

const enable = group('enable', [
  ['enables', 'A successful enable leaves a disabled eSIM enabled.', 'description', operationsTable],
  [
    'only-one-enabled',
    'Enabling an eSIM disables the one that was enabled before; at most one eSIM of an eUICC is enabled.',
    'description',
    operationsTable,
  ],
  [
    'already-enabled',
    'Enable of an enabled eSIM is accepted and then fails with 422 ESIM_NOT_DISABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'asynchronous' } },
  ],
  [
    'already-enabled-at-once',
    'Enable of an enabled eSIM is refused with 422 ESIM_NOT_DISABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'synchronous' } },
  ],
])

const disable = group('disable', [
  [
    'disables',
    'A successful disable leaves an enabled eSIM disabled, and no other becomes enabled.',
    'description',
    operationsTable,
  ],
  ['stays-installed', 'A disabled eSIM stays installed and can be enabled again.', 'description', operationsTable],
  [
    'not-enabled',
    'Disable of a disabled eSIM is accepted and then fails with 422 ESIM_NOT_ENABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'asynchronous' } },
  ],
  [
    'not-enabled-at-once',
    'Disable of a disabled eSIM is refused with 422 ESIM_NOT_ENABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'synchronous' } },
  ],
])

const remove = group('delete', [
  [
    'removes',
    'A successful delete removes a disabled eSIM from the eUICC and changes no other.',
    'description',
    operationsTable,
  ],
  ['is-final', 'A deleted eSIM is gone for good: the API no longer knows it.', 'description', operationsTable],
  [
    'enabled-is-disabled-first',
    'Delete of an enabled eSIM first disables it, then deletes it, in one operation.',
    'description',
    profileStates,
    { reading: { deleteEnabled: 'auto-disable' } },
  ],
  [
    'enabled-is-kept',
    'Delete of an enabled eSIM ends with 422 ESIM_NOT_DISABLED and leaves it as it was.',
    'description',
    operationsTable,
    { reading: { deleteEnabled: 'conflict' } },
  ],
])

const setFallback = group('set-fallback', [
  [
    'designates',
    'A successful set-fallback makes a disabled eSIM the fallback and changes no state.',
    'description',
    operationsTable,
  ],
  [
    'only-one-fallback',
    'At most one eSIM of an eUICC is the fallback: the designation moves.',
    'description',
    operationsTable,
  ],
  [
    'enabled-is-refused',
    'Set-fallback of an enabled eSIM is accepted and then fails with 422 ESIM_NOT_DISABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'asynchronous' } },
  ],
  [
    'enabled-is-refused-at-once',
    'Set-fallback of an enabled eSIM is refused with 422 ESIM_NOT_DISABLED.',
    'dialect',
    'state preconditions',
    { reading: { stateConflicts: 'synchronous' } },
  ],
  [
    'not-allowed',
    'Set-fallback of an eSIM whose metadata does not allow it is accepted and then fails with 422 ESIM_FALLBACK_NOT_ALLOWED.',
    'dialect',
    'set-fallback refused by the card',
  ],
])

const retrieveStatus = group('retrieve-status', [
  [
    'all-of-the-device',
    'Asked by EID, the status lists exactly the eSIMs of the eUICC, none when it has none.',
    'description',
    operationsTable,
  ],
  [
    'one-by-iccid',
    'Asked by ICCID, the status lists exactly that eSIM.',
    'description',
    'Device and eSIM Identification',
  ],
  [
    'pair',
    'Asked by EID and ICCID that belong together, the status lists exactly that eSIM.',
    'description',
    'Device and eSIM Identification',
  ],
  [
    'is-the-truth',
    'The status shows each eSIM as the eUICC has it: its state and whether it is the fallback.',
    'description',
    operationsTable,
  ],
  [
    'truth-while-executing',
    'While an operation executes the status shows the state before it or after it, and never goes back.',
    'description',
    profileStates,
  ],
])

const profiles = group('profiles', [
  ['two-states', 'An eSIM is enabled or disabled; there is no third state.', 'description', profileStates],
  [
    'life',
    'An eSIM is born disabled, moves between disabled and enabled, and may be deleted from both.',
    'description',
    profileStates,
  ],
  [
    'at-most-one-enabled',
    'At no observable moment does an eUICC have two enabled eSIMs.',
    'description',
    profileStates,
  ],
])

const operations = group('operations', [
  [
    'accepted',
    'Every operation is answered with 202, an operationId (UUID), the operation, status accepted and the eSIM, and no result.',
    'dialect',
    'answer to a POST',
  ],
  ['asynchronous', 'The 202 does not wait for the device.', 'description', operationsTable],
  [
    'own-id',
    'Each accepted request is an operation of its own with its own operationId.',
    'description',
    operationsTable,
  ],
  [
    'pollable',
    'An operation can be asked for at /operations/{operationId} from its acceptance on.',
    'description',
    notifications,
  ],
  ['two-states', 'An operation is accepted or completed; nothing else is ever shown.', 'dialect', 'status: failed'],
  [
    'completed-is-final',
    'A completed operation stays completed and its result never changes.',
    'description',
    operationStates,
  ],
  [
    'result',
    'A completed operation has a result with outcome and completedAt, and an error if and only if it failed.',
    'dialect',
    'GET of an operation',
  ],
  [
    'completed-not-before-card',
    'An operation is not shown as completed before the eUICC has done it.',
    'description',
    operationStates,
  ],
  [
    'one-at-a-time',
    'Of operations that are asked for at the same time each ends as if they had been carried out one after another, in some order.',
    'dialect',
    'several operations on one eUICC',
  ],
  [
    'in-order',
    'Operations on one eUICC are executed one at a time, in the order of their acceptance.',
    'dialect',
    'several operations on one eUICC',
  ],
  [
    'waits-for-device',
    'While the device cannot be reached the operation stays accepted.',
    'dialect',
    'device that cannot be reached',
  ],
  [
    'time-limit',
    'An operation whose device stays unreachable beyond the time limit fails with 504 ESIM_DEVICE_UNREACHABLE.',
    'dialect',
    'device that cannot be reached',
  ],
  [
    'executed-once',
    'An accepted operation is executed exactly once and touches only the eSIM it names.',
    'description',
    operationsTable,
  ],
  ['unknown', 'An operationId that nobody knows is answered with 404 NOT_FOUND.', 'dialect', 'unknown ICCID or EID'],
])

const events = group('events', [
  [
    'exactly-one',
    'Each accepted operation is followed by exactly one event, whatever its outcome.',
    'dialect',
    'when an event is sent',
  ],
  [
    'named-after-operation',
    'The event type names the operation: org.camaraproject.esim-management.v0. and esim-downloaded, -enabled, -disabled, -deleted or -fallback-set.',
    'dialect',
    'event type',
    { reading: { events: 'named' } },
  ],
  [
    'one-type',
    'The event type is com.camara.esim-management.vwip.operation-completed.',
    'dialect',
    'event type',
    { reading: { events: 'operation-completed' } },
  ],
  [
    'envelope',
    'An event is a CloudEvent 1.0 in structured JSON: specversion, id, source, type, time and datacontenttype application/json, sent by POST as application/cloudevents+json.',
    'events',
    'CloudEvent',
  ],
  [
    'data',
    'The event carries operationId, operation, status completed, the EID and ICCID, and the result of the operation.',
    'dialect',
    'event data',
  ],
  ['error-if-failed', 'The event carries an error if and only if the outcome is failed.', 'dialect', 'event data'],
  ['same-result', 'The event and the operation say the same result.', 'description', notifications],
  [
    'only-for-accepted',
    'No event before its operation was accepted, and none for a refused request.',
    'description',
    operationStates,
  ],
  ['not-before-card', 'No event before the eUICC has done what it reports.', 'description', 'High-level flow'],
  [
    'not-while-unreachable',
    'Nothing is said about an operation while its device cannot be reached.',
    'dialect',
    'device that cannot be reached',
  ],
  [
    'sane-time',
    'The times of an event are RFC 3339 with a time zone, neither before the request nor after the answer that shows them.',
    'common',
    'DateTime',
  ],
  ['id-unique', 'Each event has an id of its own.', 'cloudEvents', 'id'],
])

const delivery = group('delivery', [
  [
    'same-event-on-retry',
    'Every retry carries the same event: the same id and the same content.',
    'dialect',
    'event envelope',
  ],
  ['retried-until-taken', 'A delivery that ends without 2xx or 410 is tried again.', 'dialect', 'event delivery'],
  ['growing-intervals', 'The intervals between attempts grow.', 'dialect', 'event delivery'],
  ['ends-with-2xx', 'Any 2xx ends the delivery.', 'dialect', 'event delivery'],
  [
    'late-is-taken',
    'An event to which the sink answers 2xx late, but while the provider still waits, is taken: it is not sent again.',
    'dialect',
    'event delivery',
  ],
  ['ends-with-410', '410 ends the delivery without a retry.', 'dialect', 'event delivery'],
  ['operation-unaffected', 'A sink that fails changes nothing about the operation.', 'dialect', 'event delivery'],
  [
    'bearer-credential',
    'A sinkCredential ACCESSTOKEN or REFRESHTOKEN is presented as Authorization: Bearer with each event.',
    'dialect',
    'sink credential',
  ],
  [
    'plain-credential',
    'A sinkCredential PLAIN is presented as Authorization: Basic with each event.',
    'dialect',
    'sink credential',
  ],
  ['no-credential', 'Without sinkCredential no Authorization is presented.', 'dialect', 'sink credential'],
  [
    'credential-never-returned',
    'The sinkCredential is never returned, in no answer and in no event body.',
    'dialect',
    'sink credential',
  ],
])

const identifiers = group('identifiers', [
  [
    'unknown',
    'A request that names an unknown ICCID or EID is refused with 422 SERVICE_NOT_APPLICABLE.',
    'dialect',
    'unknown ICCID or EID',
    { reading: { unknownIdentifier: '422' } },
  ],
  [
    'unknown-404',
    'A request that names an unknown ICCID or EID is refused with 404 IDENTIFIER_NOT_FOUND.',
    'dialect',
    'unknown ICCID or EID',
    { reading: { unknownIdentifier: '404' } },
  ],
  [
    'unknown-403',
    'A request that names an unknown ICCID or EID is refused with 403 PERMISSION_DENIED.',
    'dialect',
    'unknown ICCID or EID',
    { reading: { unknownIdentifier: '403' } },
  ],
  [
    'unknown-to-status',
    'A status request that names an unknown ICCID or EID is refused with 404 IDENTIFIER_NOT_FOUND.',
    'dialect',
    'unknown ICCID or EID',
  ],
  [
    'pair-must-match',
    'EID and ICCID that do not belong together are refused with 422 SERVICE_NOT_APPLICABLE.',
    'dialect',
    'EID and ICCID both sent but not a pair',
  ],
])

const ownership = group('ownership', [
  ['foreign-device', 'A device of somebody else can neither be changed nor read.', 'description', security],
  [
    'foreign-like-unknown',
    'The answer about somebody else’s device is that about an unknown one, so that nothing is revealed.',
    'dialect',
    'unknown ICCID or EID',
  ],
  [
    'foreign-operation',
    'An operation of somebody else is answered like an unknown one: 404 NOT_FOUND.',
    'dialect',
    'unknown ICCID or EID',
  ],
])

const authorization = group('authorization', [
  [
    'token-required',
    'A request without a bearer token, or with a token under another scheme, is answered with 401 and WWW-Authenticate: Bearer.',
    'bearer',
    '3',
  ],
  [
    'token-genuine',
    'A token that is malformed, unsigned, changed or signed by another key than the issuer’s is answered with 401, whatever key or algorithm it names.',
    'dialect',
    'missing, malformed, expired or foreign token',
  ],
  [
    'token-current',
    'A token that has expired, or is not valid yet, is answered with 401.',
    'dialect',
    'missing, malformed, expired or foreign token',
  ],
  [
    'token-ours',
    'A token for another audience or of another issuer is answered with 401.',
    'dialect',
    'missing, malformed, expired or foreign token',
  ],
  ['scheme-in-any-case', 'The scheme Bearer is known in small letters, too.', 'http', '11.1'],
  [
    'scope-required',
    'A token without the scope of the operation is answered with 403 PERMISSION_DENIED.',
    'dialect',
    'scopes',
  ],
  ['scope-sufficient', 'The scope of an operation is enough for it.', 'dialect', 'scopes'],
])

const errors = group('errors', [
  [
    'malformed-json',
    'A body that is no JSON object is refused with 400 INVALID_ARGUMENT.',
    'dialect',
    'malformed JSON',
  ],
  [
    'missing-property',
    'A missing required property is refused with 400 INVALID_ARGUMENT.',
    'dialect',
    'malformed JSON',
  ],
  ['wrong-type', 'A property of the wrong type is refused with 400 INVALID_ARGUMENT.', 'dialect', 'malformed JSON'],
  [
    'wrong-pattern',
    'A property that breaks its pattern, format or enumeration is refused with 400 INVALID_ARGUMENT.',
    'dialect',
    'malformed JSON',
  ],
  [
    'unknown-property',
    'An unknown property at any depth is refused with 400 INVALID_ARGUMENT.',
    'dialect',
    'malformed JSON',
  ],
  [
    'media-type',
    'A body of another media type than JSON is refused with 415 UNSUPPORTED_MEDIA_TYPE.',
    'dialect',
    'wrong media type, body too large',
  ],
  [
    'too-large',
    'A body that is too large is refused with 413 INVALID_ARGUMENT.',
    'dialect',
    'wrong media type, body too large',
  ],
  ['unknown-path', 'An unknown path is answered with 404 NOT_FOUND.', 'dialect', 'unknown path, wrong method'],
  [
    'wrong-method',
    'A wrong method is answered with 405 METHOD_NOT_ALLOWED and Allow.',
    'dialect',
    'unknown path, wrong method',
  ],
  ['shape', 'Every error is JSON with status (that of the response), code and a message.', 'common', 'ErrorInfo'],
  ['change-nothing', 'A refused request changes nothing on the eUICC and sends no event.', 'description', security],
  ['documented-properties', 'Every documented property of a request is accepted.', 'draft', 'components/schemas'],
])

const answers = group('answers', [
  [
    'x-correlator-echoed',
    'The x-correlator of a request is echoed on its answer, errors included.',
    'dialect',
    'x-correlator',
  ],
  [
    'x-correlator-generated',
    'An answer to a request without x-correlator carries a generated one.',
    'dialect',
    'x-correlator',
  ],
  [
    'x-correlator-pattern',
    'An x-correlator that breaks the pattern is refused with 400 INVALID_ARGUMENT.',
    'dialect',
    'x-correlator',
  ],
  ['json', 'Answers with a body are application/json.', 'draft', 'paths'],
  ['schema', 'Every answer follows the schema of its operation and status.', 'draft', 'components/schemas'],
  [
    'declared-members',
    'Answers and events carry no member that neither the dialect nor the conformance statement names.',
    'dialect',
    'answer to a POST',
  ],
])

export const esimManagement01: readonly Requirement[] = [
  ...download,
  ...enable,
  ...disable,
  ...remove,
  ...setFallback,
  ...retrieveStatus,
  ...profiles,
  ...operations,
  ...events,
  ...delivery,
  ...identifiers,
  ...ownership,
  ...authorization,
  ...errors,
  ...answers,
]
