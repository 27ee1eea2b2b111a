/**
 * The normative statements of eSIM Profile Management 0.1.0-rc.1 and rc.2: from the definition of rc.1, from what rc.2 changed, and,
 * where those are silent, from the readings in docs/dialects/esim-profile-management-*.md. In our words.
 */
import type { Requirement } from './requirement.ts'
import { authorizationRows, groupsOf } from './rows.ts'

const rc1 = 'esim-profile-management@0.1.0-rc.1'
const rc2 = 'esim-profile-management@0.1.0-rc.2'
const onlyRc1 = { dialects: [rc1] }
const onlyRc2 = { dialects: [rc2] }

const group = groupsOf({
  prefix: 'esim-profile-management',
  dialects: [rc1, rc2],
  documents: {
    definition: 'CAMARA eSIM Profile Management 0.1.0-rc.1',
    changes: 'CAMARA eSIM Profile Management 0.1.0-rc.2',
    dialect: 'docs/dialects/esim-profile-management-0.1.0-rc.1.md',
    common: 'CAMARA Commonalities 0.8, common schemas',
    bearer: 'RFC 6750',
    http: 'RFC 9110',
  },
})

const lifecycle = 'Operation Lifecycle'
const states = 'States of eSIMs'
const errorHandling = 'Error Handling'
const strictness = 'Request body strictness'

export const esimProfileManagement: readonly Requirement[] = [
  ...group('download', [
    [
      'installs-disabled',
      'A successful download leaves the new profile on the eUICC and DISABLED, and changes no other.',
      'definition',
      lifecycle,
    ],
    [
      'assigned-iccid',
      'A successful download says the ICCID of the new profile as assignedIccid; no other result does.',
      'definition',
      'ESimProfileOperationResult',
    ],
    [
      'refusal-is-reported',
      'A download that the SM-DP+ or the card refuses is accepted and then FAILED, with a failureReason.',
      'definition',
      errorHandling,
    ],
    [
      'activation-code',
      'An activation code that is not in the form of a QR code is refused with 400 INVALID_ARGUMENT.',
      'dialect',
      'activationCode',
    ],
    [
      'while-busy',
      'A download is accepted while another operation on the eUICC is in progress, and waits for its turn.',
      'dialect',
      'another operation on the same eUICC is in progress',
    ],
    [
      'expected-iccid',
      'A download may name the ICCID that it expects; one that the eUICC has already ends as FAILED.',
      'dialect',
      'download with an iccid',
      onlyRc1,
    ],
    [
      'unexpected-iccid',
      'A download that brings another profile than the one it named ends as FAILED.',
      'dialect',
      'download with an iccid',
      onlyRc1,
    ],
    [
      'iccid-elsewhere',
      'A download that names a profile on another eUICC of the same owner is refused with 422 IDENTIFIER_MISMATCH.',
      'dialect',
      'download with an iccid',
      onlyRc1,
    ],
    [
      'eid-only',
      'A download names the EID and no ICCID; with one it is refused with 400 INVALID_ARGUMENT.',
      'changes',
      'DownloadEsimProfileRequest',
      onlyRc2,
    ],
  ]),
  ...group('enable', [
    ['enables', 'A successful enable leaves a DISABLED profile ENABLED.', 'definition', lifecycle],
    [
      'only-one-enabled',
      'Enabling a profile disables the one that was ENABLED; at most one profile of an eUICC is.',
      'definition',
      states,
    ],
    [
      'already-enabled-at-once',
      'Enable of an ENABLED profile is refused with 409 INCOMPATIBLE_STATE, and nothing happens.',
      'definition',
      errorHandling,
    ],
  ]),
  ...group('disable', [
    [
      'disables',
      'A successful disable leaves an ENABLED profile DISABLED, and no other becomes ENABLED.',
      'definition',
      lifecycle,
    ],
    ['stays-installed', 'A DISABLED profile stays installed and can be enabled again.', 'definition', lifecycle],
    [
      'not-enabled-at-once',
      'Disable of a DISABLED profile is refused with 409 INCOMPATIBLE_STATE, and nothing happens.',
      'definition',
      errorHandling,
    ],
  ]),
  ...group('delete', [
    [
      'removes',
      'A successful delete removes a DISABLED profile from the eUICC and changes no other.',
      'definition',
      lifecycle,
    ],
    ['is-final', 'A deleted profile is gone for good: the API no longer knows it.', 'definition', lifecycle],
    [
      'enabled-is-kept',
      'Delete of an ENABLED profile is refused with 409 INCOMPATIBLE_STATE and leaves it as it was.',
      'definition',
      '/delete',
    ],
  ]),
  ...group('set-fallback', [
    [
      'designates',
      'A successful set-fallback makes a DISABLED profile the fallback and changes no state.',
      'definition',
      '/set-fallback',
    ],
    [
      'only-one-fallback',
      'At most one profile of an eUICC is the fallback: the designation moves.',
      'definition',
      lifecycle,
    ],
    [
      'enabled-is-refused-at-once',
      'Set-fallback of an ENABLED profile is refused with 409 INCOMPATIBLE_STATE.',
      'definition',
      '/set-fallback',
    ],
    [
      'not-allowed',
      'Set-fallback of a profile whose owner does not allow it is refused with 422 SERVICE_NOT_APPLICABLE.',
      'changes',
      '/set-fallback',
    ],
  ]),
  ...group('retrieve-status', [
    [
      'all-of-the-device',
      'Asked by EID, the status lists exactly the profiles of the eUICC, none when it has none.',
      'definition',
      '/retrieve-status',
    ],
    ['one-by-iccid', 'Asked by ICCID, the status lists exactly that profile.', 'definition', '/retrieve-status'],
    [
      'pair',
      'Asked by EID and ICCID that belong together, the status lists exactly that profile.',
      'changes',
      '/retrieve-status',
    ],
    [
      'is-the-truth',
      'The status shows each profile as the eUICC has it: its state and whether it is the fallback.',
      'definition',
      '/retrieve-status',
    ],
    [
      'truth-while-executing',
      'While an operation executes the status shows the state before it or after it, and never goes back.',
      'definition',
      states,
    ],
  ]),
  ...group('profiles', [
    ['two-states', 'A profile is ENABLED or DISABLED; there is no third state.', 'definition', states],
    [
      'life',
      'A profile is born DISABLED, moves between DISABLED and ENABLED, and is deleted from DISABLED.',
      'definition',
      lifecycle,
    ],
    ['at-most-one-enabled', 'At no observable moment does an eUICC have two ENABLED profiles.', 'definition', states],
  ]),
  ...group('operations', [
    [
      'accepted',
      'Every operation is answered with 202, an operationId, the operation, status ACCEPTED and the profile, and no result.',
      'definition',
      'ESimProfileResponse',
    ],
    [
      'location',
      'The 202 names the operation in Location, as an absolute URL.',
      'definition',
      'components/headers/Location',
    ],
    ['asynchronous', 'The 202 does not wait for the device.', 'definition', errorHandling],
    [
      'own-id',
      'Each accepted request is an operation of its own with its own operationId.',
      'definition',
      'ESimProfileResponse',
    ],
    [
      'pollable',
      'An operation can be asked for at /operations/{operationId} from its acceptance on.',
      'definition',
      '/operations/{operationId}',
    ],
    [
      'two-states',
      'An operation is ACCEPTED or COMPLETED; nothing else is ever shown.',
      'definition',
      'ESimProfileResponse',
    ],
    [
      'completed-is-final',
      'A COMPLETED operation stays COMPLETED and its result never changes.',
      'definition',
      'ESimProfileResponse',
    ],
    [
      'result',
      'A COMPLETED operation has a result with completedAt and outcome SUCCESS or FAILED, and a failureReason if and only if it failed.',
      'definition',
      'ESimProfileOperationResult',
    ],
    [
      'sane-time',
      'completedAt is RFC 3339 with a time zone, neither before the request nor after the answer that shows it.',
      'common',
      'DateTime',
    ],
    [
      'completed-not-before-card',
      'An operation is not shown as COMPLETED before the eUICC has done it.',
      'definition',
      errorHandling,
    ],
    [
      'busy-is-aborted',
      'An enable, disable, delete or set-fallback while another operation on the eUICC is in progress is refused with 409 ABORTED.',
      'changes',
      '409',
      { reading: { whenBusy: 'abort' } },
    ],
    [
      'malformed-id',
      'An operationId that breaks its pattern, or is longer than 64 characters, is refused with 400 INVALID_ARGUMENT.',
      'definition',
      '/operations/{operationId}',
    ],
    [
      'one-at-a-time',
      'Of operations that are asked for at the same time each ends as if they had been carried out one after another, in some order.',
      'dialect',
      'another operation on the same eUICC is in progress',
    ],
    [
      'in-order',
      'Operations on one eUICC are executed one at a time, in the order of their acceptance.',
      'dialect',
      'another operation on the same eUICC is in progress',
      { reading: { whenBusy: 'queue' } },
    ],
    [
      'waits-for-device',
      'While the device cannot be reached the operation stays ACCEPTED.',
      'definition',
      errorHandling,
    ],
    [
      'time-limit',
      'An operation whose device stays unreachable beyond the time limit ends as FAILED.',
      'definition',
      errorHandling,
    ],
    [
      'retention',
      'A COMPLETED operation can be read for the declared time, and then is answered with 404 NOT_FOUND, never 410.',
      'changes',
      '/operations/{operationId}',
    ],
    [
      'executed-once',
      'An accepted operation is executed exactly once and touches only the profile it names.',
      'definition',
      lifecycle,
    ],
    [
      'unknown',
      'An operationId that nobody knows is answered with 404 NOT_FOUND.',
      'definition',
      '/operations/{operationId}',
    ],
    [
      'of-this-version',
      'An operation of another API or another version is answered like an unknown one.',
      'dialect',
      'unknown operationId',
    ],
    ['no-event', 'No event is sent to anybody: the outcome is polled for.', 'definition', errorHandling],
  ]),
  ...group('identifiers', [
    [
      'unknown-404',
      'A request that names an unknown ICCID or EID is refused with 404 IDENTIFIER_NOT_FOUND.',
      'changes',
      '404',
    ],
    [
      'unknown-to-status',
      'A status request that names an unknown ICCID or EID is refused with 404 IDENTIFIER_NOT_FOUND.',
      'changes',
      '404',
    ],
    [
      'pair-must-match',
      'EID and ICCID that are each known and no pair are refused with 422: IDENTIFIER_MISMATCH, with ESIM_PROFILE_MANAGEMENT. before it from rc.2 on.',
      'changes',
      '422',
    ],
    [
      'order-of-refusals',
      'Of several reasons the first decides: 404, 422 of the pair, 422 of the fallback, 409.',
      'dialect',
      'order of the refusals',
      { level: 'SHOULD' },
    ],
  ]),
  ...group('ownership', [
    ['foreign-device', 'A device of somebody else can neither be changed nor read.', 'common', 'PERMISSION_DENIED'],
    [
      'foreign-like-unknown',
      'The answer about somebody else’s device is that about an unknown one, so that nothing is revealed.',
      'dialect',
      'unknown ICCID or EID',
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
      'An operation of somebody else is answered like an unknown one: 404 NOT_FOUND.',
      'dialect',
      'unknown operationId',
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
      'A missing required property is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'components/schemas',
    ],
    [
      'wrong-type',
      'A property of the wrong type is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'components/schemas',
    ],
    [
      'wrong-pattern',
      'A property that breaks its pattern is refused with 400 INVALID_ARGUMENT.',
      'definition',
      'components/schemas',
    ],
    [
      'unknown-property',
      'An unknown property at any depth is refused with 400 INVALID_ARGUMENT.',
      'definition',
      strictness,
    ],
    [
      'media-type',
      'A body of another media type than JSON is refused with 415 UNSUPPORTED_MEDIA_TYPE.',
      'common',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'too-large',
      'A body that is too large is refused with 413 INVALID_ARGUMENT.',
      'dialect',
      'wrong media type, body too large',
    ],
    ['unknown-path', 'An unknown path is answered with 404 NOT_FOUND.', 'common', 'NOT_FOUND'],
    ['wrong-method', 'A wrong method is answered with 405 METHOD_NOT_ALLOWED and Allow.', 'http', '15.5.6'],
    ['shape', 'Every error is JSON with status (that of the response), code and a message.', 'common', 'ErrorInfo'],
    ['change-nothing', 'A refused request changes nothing on the eUICC.', 'definition', errorHandling],
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
      'changes',
      'XCorrelator',
    ],
    ['json', 'Answers with a body are application/json.', 'definition', 'paths'],
    ['schema', 'Every answer follows the schema of its operation and status.', 'definition', 'components/schemas'],
    [
      'declared-members',
      'Answers carry no member that neither the definition nor the conformance statement names.',
      'definition',
      'components/schemas',
    ],
  ]),
]
