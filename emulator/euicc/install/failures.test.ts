import { describe, expect, test } from 'vitest'
import { decode, encode, fromHex, octetString, toHex } from '../../../protocol/ber/index.ts'
import { EUICCResponse, type ProfileElement } from '../../../protocol/saip/index.ts'
import {
  ProfileInstallationResult,
  ReplaceSessionKeysRequest,
  RetrieveNotificationsListRequest,
} from '../../../protocol/sgp22/index.ts'
import { RetrieveNotificationsListResponse } from '../../../protocol/sgp32/index.ts'
import type { EuiccOptions } from '../euicc.ts'
import type { Policy } from '../policy.ts'
import type { Memory } from '../state.ts'
import { withMemory } from '../state.ts'
import { newCard, pki } from '../testing/cards.ts'
import { installedProfile } from '../testing/eim.ts'
import { elementsOf, ICCID, ICCID_2, metadataOf, packageOf } from '../testing/profiles.ts'
import {
  authenticate,
  type BindOptions,
  type BoundPackage,
  bind,
  load,
  otpkOf,
  prepare,
  segmentsOf,
  signatureOf,
} from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

interface Case {
  readonly bind?: BindOptions
  readonly change?: (bound: BoundPackage) => BoundPackage
  readonly card?: Partial<EuiccOptions>
  readonly memory?: Partial<Memory>
}

type Row = readonly [check: string, command: string, reason: string, broken: Case]

/** Flips a bit in the last octet, which is one of the MAC. */
const spoil = (tlv: Uint8Array): Uint8Array => tlv.map((octet, i) => (i === tlv.length - 1 ? octet ^ 1 : octet))
const spoilAt = (list: readonly Uint8Array[], index: number) => list.map((tlv, i) => (i === index ? spoil(tlv) : tlv))

const CRT = { keyLen: Uint8Array.of(0x10), hostId: Uint8Array.of(1) }
const otherTransaction = { transactionId: 'FF' }
const otherKeyType = { controlRefTemplate: { ...CRT, keyType: Uint8Array.of(0x80) } }
const noPoint = { smdpOtpk: Uint8Array.of(4, ...new Uint8Array(64).fill(1)) }
const noSignature = new Uint8Array(64)

const channelRows: readonly Row[] = [
  [
    'command-readable',
    'initialiseSecureChannel',
    'incorrectInputValues',
    {
      change: (bound) => ({ ...bound, channel: fromHex('bf2303820101') }),
    },
  ],
  [
    'package-structure',
    'initialiseSecureChannel',
    'incorrectInputValues',
    {
      change: (bound) => ({ ...bound, channel: fromHex('bf2400') }),
    },
  ],
  [
    'remote-operation-known',
    'initialiseSecureChannel',
    'unsupportedRemoteOperationType',
    {
      bind: { channel: { remoteOpId: 'unknown(2)' } },
    },
  ],
  [
    'remote-operation-known',
    'initialiseSecureChannel',
    'unsupportedRemoteOperationType',
    {
      bind: { channel: { remoteOpId: 'unknown(2)', ...otherTransaction } },
    },
  ],
  ['transaction-own', 'initialiseSecureChannel', 'invalidTransactionId', { bind: { channel: otherTransaction } }],
  [
    'transaction-own',
    'initialiseSecureChannel',
    'invalidTransactionId',
    {
      bind: { channel: { ...otherTransaction, ...otherKeyType } },
    },
  ],
  ['key-type-and-length', 'initialiseSecureChannel', 'unsupportedCrtValues', { bind: { channel: otherKeyType } }],
  [
    'key-type-and-length',
    'initialiseSecureChannel',
    'unsupportedCrtValues',
    {
      bind: { channel: { controlRefTemplate: { ...CRT, keyType: Uint8Array.of(0x88), keyLen: Uint8Array.of(32) } } },
    },
  ],
  [
    'key-type-and-length',
    'initialiseSecureChannel',
    'unsupportedCrtValues',
    {
      bind: { channel: otherKeyType, smdpSign: noSignature },
    },
  ],
  ['secure-channel-signature', 'initialiseSecureChannel', 'invalidSignature', { bind: { smdpSign: noSignature } }],
  [
    'secure-channel-signature',
    'initialiseSecureChannel',
    'invalidSignature',
    {
      bind: { pb: { ...pki.nist.dpPb, privateKey: pki.nist.dpAuth.privateKey } },
    },
  ],
  [
    'secure-channel-signature',
    'initialiseSecureChannel',
    'invalidSignature',
    {
      bind: { smdpSign: noSignature, channel: noPoint },
    },
  ],
  ['one-time-key-on-curve', 'initialiseSecureChannel', 'incorrectInputValues', { bind: { channel: noPoint } }],
]

/** DpProprietaryData of 129 octets. */
const bigProprietaryData = fromHex(`bf248181b87f800229038579${'00'.repeat(121)}`)

const isdpRows: readonly Row[] = [
  [
    'segment-protection',
    'configureISDP',
    'scp03tSecurityError',
    {
      change: (bound) => ({ ...bound, first87: spoilAt(bound.first87, 0) }),
    },
  ],
  ['segment-protection', 'configureISDP', 'scp03tSecurityError', { bind: { eid: '89049032123451234512345678901299' } }],
  [
    'segment-protection',
    'configureISDP',
    'scp03tStructureError',
    {
      change: (bound) => ({ ...bound, first87: [fromHex('87050102030405')] }),
    },
  ],
  [
    'package-structure',
    'configureISDP',
    'scp03tStructureError',
    {
      change: (bound) => ({ ...bound, first87: [encode(octetString(0x86), new Uint8Array(24))] }),
    },
  ],
  ['command-readable', 'configureISDP', 'incorrectInputValues', { bind: { configureIsdp: fromHex('bf2500') } }],
  ['proprietary-data-fits', 'configureISDP', 'incorrectInputValues', { bind: { configureIsdp: bigProprietaryData } }],
  [
    'proprietary-data-fits',
    'configureISDP',
    'incorrectInputValues',
    {
      bind: { configureIsdp: bigProprietaryData },
      card: { limits: { nonVolatileMemory: 0 } },
    },
  ],
  [
    'room-for-isd-p',
    'configureISDP',
    'installFailedDueToInsufficientMemoryForProfile',
    {
      card: { limits: { nonVolatileMemory: 0 } },
    },
  ],
  [
    'room-for-isd-p',
    'configureISDP',
    'installFailedDueToInsufficientMemoryForProfile',
    { card: { limits: { nonVolatileMemory: 0 } }, memory: { lastIsdp: 0xffff } },
  ],
  ['isd-p-aid-left', 'configureISDP', 'installFailedDueToUnknownError', { memory: { lastIsdp: 0xffff } }],
]

const owner = { mccMnc: fromHex('62f201') }
const noTests = { rspCapability: ['additionalProfile'] } as const
const wildcards = fromHex('eeeeee')
const taken = { profiles: [installedProfile(ICCID)] }
const metadata = (changes: Parameters<typeof metadataOf>[1]): BindOptions => ({ metadata: metadataOf(ICCID, changes) })
const long = { icon: new Uint8Array(1000) }
const typed = { ...long, iconType: 'png' } as const
const icon = { icon: new Uint8Array(4) }
const ecall = { ecallIndication: true }
const noEcall = { ecallSupported: false }
const small = { limits: { nonVolatileMemory: 20 } }
const test_ = { profileClass: 'test' } as const
const ppr2 = { profilePolicyRules: ['ppr2'] } as const

const metadataRows: readonly Row[] = [
  ['command-readable', 'storeMetadata', 'incorrectInputValues', { bind: { metadataOctets: fromHex('bf2503910141') } }],
  ['icon-with-its-type', 'storeMetadata', 'incorrectInputValues', { bind: metadata(icon) }],
  [
    'icon-with-its-type',
    'storeMetadata',
    'incorrectInputValues',
    { bind: metadata({ ...icon, ...ecall }), card: noEcall },
  ],
  ['emergency-profile-supported', 'storeMetadata', 'incorrectInputValues', { bind: metadata(ecall), card: noEcall }],
  [
    'emergency-profile-supported',
    'storeMetadata',
    'incorrectInputValues',
    { bind: metadata(ecall), card: noEcall, memory: taken },
  ],
  ['iccid-new', 'storeMetadata', 'installFailedDueToIccidAlreadyExistsOnEuicc', { memory: taken }],
  [
    'iccid-new',
    'storeMetadata',
    'installFailedDueToIccidAlreadyExistsOnEuicc',
    {
      bind: metadata(test_),
      card: { capabilities: noTests },
      memory: taken,
    },
  ],
  [
    'profile-class-supported',
    'storeMetadata',
    'unsupportedProfileClass',
    {
      bind: metadata(test_),
      card: { capabilities: noTests },
    },
  ],
  [
    'profile-class-supported',
    'storeMetadata',
    'unsupportedProfileClass',
    {
      bind: metadata({ ...test_, ...ppr2 }),
      card: { capabilities: noTests },
    },
  ],
  [
    'profile-class-supported',
    'storeMetadata',
    'unsupportedProfileClass',
    { bind: metadata(test_), card: { capabilities: noTests, ...small } },
  ],
  ['metadata-fits-in-memory', 'storeMetadata', 'installFailedDueToInsufficientMemoryForProfile', { card: small }],
  [
    'metadata-fits-in-memory',
    'storeMetadata',
    'installFailedDueToInsufficientMemoryForProfile',
    { bind: metadata(ppr2), card: small },
  ],
  ['policy-rules-allowed', 'storeMetadata', 'pprNotAllowed', { bind: metadata(ppr2) }],
  [
    'policy-rules-allowed',
    'storeMetadata',
    'pprNotAllowed',
    {
      bind: metadata({ profilePolicyRules: ['ppr1'], profileOwner: owner }),
      memory: { profiles: [installedProfile(ICCID_2)] },
    },
  ],
  [
    'policy-rules-allowed',
    'storeMetadata',
    'pprNotAllowed',
    {
      bind: metadata({ ...ppr2, profileOwner: owner }),
      card: { capabilities: { forbiddenProfilePolicyRules: ['ppr2'] } },
    },
  ],
  [
    'policy-rules-allowed',
    'storeMetadata',
    'pprNotAllowed',
    {
      bind: metadata({ ...ppr2, profileOwner: owner }),
      card: {
        rulesAuthorisationTable: [
          { pprIds: ['ppr1'], allowedOperators: [{ mccMnc: wildcards }], pprFlags: [] },
          {
            pprIds: ['ppr2'],
            allowedOperators: [{ mccMnc: fromHex('eeeee2') }, { mccMnc: wildcards, gid1: fromHex('01') }],
            pprFlags: [],
          },
        ],
      },
    },
  ],
  [
    'segment-protection',
    'storeMetadata',
    'scp03tSecurityError',
    {
      change: (bound) => ({ ...bound, metadata88: spoilAt(bound.metadata88, 0) }),
    },
  ],
  [
    'segment-protection',
    'storeMetadata2',
    'scp03tSecurityError',
    {
      bind: metadata({ iconType: 'png', icon: new Uint8Array(1000) }),
      change: (bound) => ({ ...bound, metadata88: spoilAt(bound.metadata88, 1) }),
    },
  ],
]

/** Metadata that goes on in a second TLV is refused under the name of that. */
const longMetadataRows: readonly Row[] = [
  ['icon-with-its-type', 'storeMetadata2', 'incorrectInputValues', { bind: metadata(long) }],
  [
    'iccid-new',
    'storeMetadata2',
    'installFailedDueToIccidAlreadyExistsOnEuicc',
    { bind: metadata(typed), memory: taken },
  ],
  [
    'profile-class-supported',
    'storeMetadata2',
    'unsupportedProfileClass',
    { bind: metadata({ ...typed, ...test_ }), card: { capabilities: noTests } },
  ],
  [
    'metadata-fits-in-memory',
    'storeMetadata2',
    'installFailedDueToInsufficientMemoryForProfile',
    { bind: metadata(typed), card: small },
  ],
  ['policy-rules-allowed', 'storeMetadata2', 'pprNotAllowed', { bind: metadata({ ...typed, ...ppr2 }) }],
  [
    'package-structure',
    'storeMetadata',
    'scp03tStructureError',
    { change: (bound) => ({ ...bound, metadata88: [fromHex('8600')] }) },
  ],
  [
    'package-structure',
    'storeMetadata2',
    'scp03tStructureError',
    {
      bind: metadata(typed),
      change: (bound) => ({ ...bound, metadata88: [...bound.metadata88.slice(0, 1), fromHex('8600')] }),
    },
  ],
]

const keysRows: readonly Row[] = [
  [
    'package-structure',
    'replaceSessionKeys',
    'scp03tStructureError',
    { bind: { replaceSessionKeys: true }, change: (bound) => ({ ...bound, second87: [fromHex('8600')] }) },
  ],
  [
    'segment-protection',
    'replaceSessionKeys',
    'scp03tSecurityError',
    {
      bind: { replaceSessionKeys: true },
      change: (bound) => ({ ...bound, second87: spoilAt(bound.second87, 0) }),
    },
  ],
  [
    'command-readable',
    'replaceSessionKeys',
    'incorrectInputValues',
    { bind: { replaceSessionKeys: fromHex('bf2600') } },
  ],
  [
    'keys-of-16-octets',
    'replaceSessionKeys',
    'incorrectInputValues',
    {
      bind: {
        replaceSessionKeys: encode(ReplaceSessionKeysRequest, {
          initialMacChainingValue: new Uint8Array(15),
          ppkEnc: new Uint8Array(16),
          ppkCmac: new Uint8Array(16),
        }),
      },
    },
  ],
]

const elements = elementsOf(ICCID)
type Elements = readonly ProfileElement[]
const upp = (list: Elements): Case => ({ bind: { upp: packageOf(list) } })
const [header, mf, usim, aka, end] = elements
const changed = <K extends ProfileElement['kind']>(kind: K, changes: object): Elements =>
  elements.map((element) =>
    element.kind === kind ? ({ kind, value: { ...element.value, ...changes } } as ProfileElement) : element,
  )
const optional = (kind: 'nonStandard', mandated: boolean): ProfileElement => ({
  kind,
  value: {
    header: { identification: 40, ...(mandated && { mandated }) },
    issuerID: '2.999.1',
    content: new Uint8Array(),
  },
})

const PE = 'installFailedDueToPEProcessingError'
const MISMATCH = 'installFailedDueToDataMismatch'

const elementRows: readonly Row[] = [
  [
    'key-of-test-profile',
    'loadProfileElements',
    'testProfileInstallFailedDueToInvalidNaaKey',
    { bind: metadata(test_), card: { policy: { testProfileKey: 'testKey' } } },
  ],
  [
    'segment-protection',
    'loadProfileElements',
    'scp03tSecurityError',
    {
      change: (bound) => ({ ...bound, elements86: spoilAt(bound.elements86, 0) }),
    },
  ],
  [
    'package-structure',
    'loadProfileElements',
    'scp03tStructureError',
    {
      change: (bound) => ({ ...bound, elements86: [...bound.elements86, fromHex('8700')] }),
    },
  ],
  [
    'profile-fits-in-memory',
    'loadProfileElements',
    'installFailedDueToInsufficientMemoryForProfile',
    {
      card: { limits: { nonVolatileMemory: 200 } },
    },
  ],
  ['element-readable', 'loadProfileElements', PE, { bind: { upp: fromHex('a00480010182') } }],
  ['header-first-and-once', 'loadProfileElements', PE, upp(elements.slice(1))],
  ['mf-second', 'loadProfileElements', PE, upp(elements.filter(({ kind }) => kind !== 'mf'))],
  ['at-most-once', 'loadProfileElements', PE, upp([header, mf, usim, usim, end])],
  ['identification-unique', 'loadProfileElements', PE, upp([header, mf, usim, aka, aka, end])],
  ['mandatory-services-present', 'loadProfileElements', PE, upp([header, mf, usim, end])],
  ['nothing-after-end', 'loadProfileElements', PE, upp([...elements, optional('nonStandard', false)])],
  ['profile-complete', 'loadProfileElements', PE, upp(elements.slice(0, -1))],
  ['profile-complete', 'loadProfileElements', PE, { bind: { upp: packageOf(elements).subarray(0, -1) } }],
  [
    'mandated-element-supported',
    'loadProfileElements',
    PE,
    upp([header, mf, optional('nonStandard', true), usim, aka, end]),
  ],
  [
    'files-can-be-made',
    'loadProfileElements',
    PE,
    upp(changed('usim', { 'ef-imsi': [{ kind: 'fillFileContent', value: new Uint8Array(10) }] })),
  ],
  ['profile-version-supported', 'loadProfileElements', PE, upp(changed('header', { 'major-version': 9 }))],
  [
    'profile-version-supported',
    'loadProfileElements',
    PE,
    upp(changed('header', { 'minor-version': 99, 'eUICC-Mandatory-services': { csim: true } })),
  ],
  [
    'mandatory-services-supported',
    'loadProfileElements',
    PE,
    upp(changed('header', { 'eUICC-Mandatory-services': { csim: true } })),
  ],
  [
    'mandatory-services-supported',
    'loadProfileElements',
    PE,
    upp(changed('header', { 'eUICC-Mandatory-services': { csim: true }, 'eUICC-Mandatory-GFSTEList': ['2.999'] })),
  ],
  [
    'mandatory-templates-supported',
    'loadProfileElements',
    PE,
    upp(changed('header', { 'eUICC-Mandatory-GFSTEList': ['2.999'] })),
  ],
  [
    'mandatory-templates-supported',
    'loadProfileElements',
    PE,
    upp(changed('header', { 'eUICC-Mandatory-GFSTEList': ['2.999'], iccid: new Uint8Array(10) })),
  ],
  ['header-iccid-of-metadata', 'loadProfileElements', MISMATCH, upp(changed('header', { iccid: new Uint8Array(10) }))],
  [
    'ef-iccid-of-metadata',
    'loadProfileElements',
    MISMATCH,
    upp(changed('mf', { 'ef-iccid': [{ kind: 'fillFileContent', value: new Uint8Array(10) }] })),
  ],
  [
    'ef-iccid-of-metadata',
    'loadProfileElements',
    MISMATCH,
    {
      bind: {
        ...metadata({ profileOwner: { mccMnc: fromHex('62f210') } }),
        upp: packageOf(changed('mf', { 'ef-iccid': [{ kind: 'fillFileContent', value: new Uint8Array(10) }] })),
      },
    },
  ],
  [
    'ef-imsi-of-owner',
    'loadProfileElements',
    MISMATCH,
    { bind: metadata({ profileOwner: { mccMnc: fromHex('62f210'), gid1: fromHex('aa') } }) },
  ],
  [
    'ef-imsi-of-owner',
    'loadProfileElements',
    MISMATCH,
    { bind: metadata({ profileOwner: { mccMnc: fromHex('62f210') } }) },
  ],
  [
    'ef-gid1-of-owner',
    'loadProfileElements',
    MISMATCH,
    { bind: metadata({ profileOwner: { ...owner, gid1: fromHex('aa') } }) },
  ],
  [
    'ef-gid1-of-owner',
    'loadProfileElements',
    MISMATCH,
    { bind: metadata({ profileOwner: { ...owner, gid1: fromHex('aa'), gid2: fromHex('aa') } }) },
  ],
  [
    'ef-gid2-of-owner',
    'loadProfileElements',
    MISMATCH,
    { bind: metadata({ profileOwner: { ...owner, gid2: fromHex('aa') } }) },
  ],
]

function run({ bind: bindOptions, change = (bound) => bound, card: options, memory = {} }: Case) {
  const card = new Terminal(newCard(options)).selectIsdr()
  card.state = withMemory(card.state, memory)
  const before = card.state.memory
  const otpk = otpkOf(prepare(card, signatureOf(authenticate(card))))
  const answer = load(card, segmentsOf(change(bind(otpk, bindOptions))))
  return { card, before, answer: answer.subarray(0, -2) }
}

describe.each([
  ['InitialiseSecureChannel', channelRows],
  ['ConfigureISDP', isdpRows],
  ['StoreMetadata', metadataRows],
  ['StoreMetadata in two TLVs', longMetadataRows],
  ['ReplaceSessionKeys', keysRows],
  ['LoadProfileElements', elementRows],
] as const)('%s is refused, reported and leaves nothing behind', (_, rows) => {
  test.each(rows)('because of %s: %s %s %#', (check, bppCommandId, errorReason, broken) => {
    const { card, before, answer } = run(broken)
    const { value } = decode(ProfileInstallationResult, answer).profileInstallationResultData
    expect(value.finalResult).toMatchObject({ kind: 'errorResult', value: { bppCommandId, errorReason } })
    const { notifications, lastSeqNumber, ...after } = card.state.memory
    const { notifications: _none, lastSeqNumber: _zero, ...rest } = before
    expect(after).toEqual(rest)
    expect([notifications.length, lastSeqNumber, value.notificationMetadata.seqNumber]).toEqual([1, 1, 1])
    expect(card.state.volatile.session).toBeUndefined()
    expect(card.events).toMatchObject([
      { type: 'installation-failed', check, detail: errorReason },
      { type: 'notification-stored', seqNumber: 1 },
    ])
  })
})

test('the result of a failure names the profile as soon as its metadata is read', () => {
  const iccidOf = (broken: Case) =>
    decode(ProfileInstallationResult, run(broken).answer).profileInstallationResultData.value.notificationMetadata.iccid
  expect(iccidOf({ bind: { smdpSign: noSignature } })).toBeUndefined()
  expect(iccidOf({ memory: taken })).toBe(ICCID)
  expect(iccidOf(upp(elements.slice(1)))).toBe(ICCID)
})

test('the response to an element that failed names its status and its identification', () => {
  const { answer } = run(upp([header, mf, optional('nonStandard', true), usim, aka, end]))
  const { finalResult } = decode(ProfileInstallationResult, answer).profileInstallationResultData.value
  const octets = finalResult.kind === 'errorResult' ? finalResult.value.simaResponse : undefined
  expect(decode(EUICCResponse, octets ?? new Uint8Array())).toEqual({
    peStatus: [{ status: 'pe-not-supported', identification: 40 }],
    profileInstallationAborted: true,
  })
})

test('an element that is not supported and not mandated is passed over and reported', () => {
  const { card, answer } = run(upp([header, mf, optional('nonStandard', false), usim, aka, end]))
  const { finalResult } = decode(ProfileInstallationResult, answer).profileInstallationResultData.value
  if (finalResult.kind !== 'successResult') throw new Error(finalResult.kind)
  expect(decode(EUICCResponse, finalResult.value.simaResponse).peStatus).toEqual([
    { status: 'pe-not-supported', identification: 40 },
    { status: 'ok' },
  ])
  expect(card.state.memory.profiles).toHaveLength(1)
})

test('policy rules and owner that fit are accepted', () => {
  const options = { profilePolicyRules: ['ppr1', 'ppr2'], profileOwner: owner } as const
  expect(run({ bind: metadata(options) }).card.state.memory.profiles).toHaveLength(1)
})

test('the stored result is the one that was answered, and a second attempt gets the next number', () => {
  const { card, answer } = run({ bind: { smdpSign: noSignature } })
  const stored = card.storeData(encode(RetrieveNotificationsListRequest, {})).subarray(0, -2)
  expect(toHex(stored)).toContain(toHex(answer))
  const list = decode(RetrieveNotificationsListResponse, stored)
  expect(list).toMatchObject({ kind: 'notificationList', value: [{ kind: 'profileInstallationResult' }] })
  const otpk = otpkOf(prepare(card, signatureOf(authenticate(card))))
  const again = load(card, segmentsOf(bind(otpk))).subarray(0, -2)
  const { notificationMetadata } = decode(ProfileInstallationResult, again).profileInstallationResultData.value
  expect(notificationMetadata.seqNumber).toBe(2)
})

test('a profile of class test with the test key is taken, and one of another class with any', () => {
  const strict = { policy: { testProfileKey: 'testKey' } } as const
  const { algoConfiguration } = aka.kind === 'akaParameter' ? aka.value : {}
  if (algoConfiguration?.kind !== 'algoParameter') throw new Error('no key')
  const key = Uint8Array.from({ length: 16 }, (_, i) => (i < 2 ? 0xaa : i))
  const keyed = changed('akaParameter', {
    algoConfiguration: { ...algoConfiguration, value: { ...algoConfiguration.value, key } },
  })
  const installed = (options: Case) => run({ ...options, card: strict }).card.state.memory.profiles.length
  expect(installed({ bind: { ...metadata(test_), upp: packageOf(keyed) } })).toBe(1)
  expect(installed({})).toBe(1)
})

/** Segments after which the reset comes, and the command that it meets. */
const cuts = [
  [1, 'configureISDP'],
  [2, 'storeMetadata'],
  [4, 'storeMetadata2'],
  [5, 'replaceSessionKeys'],
  [6, 'loadProfileElements'],
] as const

const longWithKeys: BindOptions = { ...metadata(typed), replaceSessionKeys: true }

function interruptedAfter(segments: readonly Uint8Array[], card: Terminal): Terminal {
  for (const segment of segments) card.storeData(segment)
  return card.reset().selectIsdr()
}

function ready(policy: Partial<Policy> = { interruptedInstallation: 'reported' }) {
  const card = new Terminal(newCard({ policy })).selectIsdr()
  const otpk = otpkOf(prepare(card, signatureOf(authenticate(card))))
  return { card, segments: segmentsOf(bind(otpk, longWithKeys)) }
}

const listed = (card: Terminal) =>
  decode(
    RetrieveNotificationsListResponse,
    card.storeData(encode(RetrieveNotificationsListRequest, {})).subarray(0, -2),
  )

test.each(cuts)(
  'an interruption after %i segments is reported of %s, where the policy says so',
  (count, bppCommandId) => {
    const { card, segments } = ready()
    const list = listed(interruptedAfter(segments.slice(0, count), card))
    const [first] = list.kind === 'notificationList' ? list.value : []
    if (first?.kind !== 'profileInstallationResult') throw new Error('no result')
    const { value } = first.value.profileInstallationResultData
    const errorResult = { bppCommandId, errorReason: 'installFailedDueToInterruption' }
    expect(value.finalResult).toEqual({ kind: 'errorResult', value: errorResult })
    expect(card.events.slice(-2)).toMatchObject([{ type: 'installation-failed' }, { type: 'notification-stored' }])
    expect(card.state.memory.profiles).toEqual([])
    expect(listed(card)).toEqual(list)
  },
)

test('an interruption in the middle of the secure channel is reported, too', () => {
  const { card, segments } = ready()
  const [first = new Uint8Array()] = segments
  const list = listed(interruptedAfter([first.subarray(0, 20)], card))
  expect(JSON.stringify(list)).toContain('"bppCommandId":"initialiseSecureChannel"')
})

test('by default an interruption leaves nothing', () => {
  const { card, segments } = ready({})
  expect(listed(interruptedAfter(segments.slice(0, 3), card))).toEqual({ kind: 'notificationList', value: [] })
})

/** SGP.22 v2.5, 2.5.6.1: which reasons there are for which command. 127 and interruptions are for any; the rest of `any` is incorrectInputValues. */
const reachable: Readonly<Record<string, readonly string[]>> = {
  initialiseSecureChannel: [
    'incorrectInputValues',
    'invalidSignature',
    'invalidTransactionId',
    'unsupportedCrtValues',
    'unsupportedRemoteOperationType',
  ],
  configureISDP: [
    'incorrectInputValues',
    'scp03tStructureError',
    'scp03tSecurityError',
    'installFailedDueToInsufficientMemoryForProfile',
    'installFailedDueToUnknownError',
  ],
  storeMetadata: [
    'incorrectInputValues',
    'unsupportedProfileClass',
    'scp03tStructureError',
    'scp03tSecurityError',
    'installFailedDueToIccidAlreadyExistsOnEuicc',
    'installFailedDueToInsufficientMemoryForProfile',
    'pprNotAllowed',
  ],
  storeMetadata2: [
    'incorrectInputValues',
    'unsupportedProfileClass',
    'scp03tStructureError',
    'scp03tSecurityError',
    'installFailedDueToIccidAlreadyExistsOnEuicc',
    'installFailedDueToInsufficientMemoryForProfile',
    'pprNotAllowed',
  ],
  replaceSessionKeys: ['incorrectInputValues', 'scp03tStructureError', 'scp03tSecurityError'],
  loadProfileElements: [
    'scp03tStructureError',
    'scp03tSecurityError',
    'installFailedDueToInsufficientMemoryForProfile',
    'installFailedDueToPEProcessingError',
    'installFailedDueToDataMismatch',
    'testProfileInstallFailedDueToInvalidNaaKey',
  ],
}

test('every reason that the standard has for a command is reached', () => {
  const all = [...channelRows, ...isdpRows, ...metadataRows, ...longMetadataRows, ...keysRows, ...elementRows]
  const reached = new Set(all.map(([, command, reason]) => `${command} ${reason}`))
  const wanted = Object.entries(reachable).flatMap(([command, reasons]) =>
    reasons.map((reason) => `${command} ${reason}`),
  )
  expect(wanted.filter((pair) => !reached.has(pair))).toEqual([])
  expect([...reached].filter((pair) => !wanted.includes(pair))).toEqual([])
})
