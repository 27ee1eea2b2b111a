import { describe, expect, test } from 'vitest'
import { decode, encode, fromHex, toHex } from '../../protocol/ber/index.ts'
import {
  DeleteProfileRequest,
  DisableProfileRequest,
  EnableProfileRequest,
  EnableProfileResponse,
  ProfileInstallationResult,
} from '../../protocol/sgp22/index.ts'
import {
  EuiccMemoryResetRequest,
  EuiccMemoryResetResponse,
  ImmediateEnableRequest,
  ImmediateEnableResponse,
  type Psmo,
  ReturnFromFallbackRequest,
  ReturnFromFallbackResponse,
} from '../../protocol/sgp32/index.ts'
import type { EuiccOptions } from './euicc.ts'
import type { Policy } from './policy.ts'
import { type Memory, withMemory } from './state.ts'
import { newCard } from './testing/cards.ts'
import {
  addInitialEim,
  associatedCard,
  configurationOf,
  EIM_ID,
  ecos,
  installedProfile,
  load,
  packageOf,
  psmos,
  resultsOf,
  withPolicy,
} from './testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3, metadataOf } from './testing/profiles.ts'
import {
  authenticate,
  bind,
  challenge,
  ciPkIdOf,
  download,
  otpkOf,
  prepare,
  segmentsOf,
  signatureOf,
} from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'

const onIsdr = (policy: Partial<Policy>, options: Partial<EuiccOptions> = {}) =>
  new Terminal(newCard({ ...options, policy })).selectIsdr()

/** What the last command is answered with on a card with the default and on one with the other choice. */
const words: readonly [policy: Partial<Policy>, commands: readonly string[], byDefault: string, otherwise: string][] = [
  [{ channelNotOpen: 'secureMessagingNotSupported' }, ['01a40004023f00'], '6881', '6882'],
  [{ channelNotOpen: 'secureMessagingNotSupported' }, ['00708002'], '6881', '6882'],
  [
    { noFreeChannel: 'secureMessagingNotSupported' },
    ['0070000001', '0070000001', '0070000001', '0070000001'],
    '6a81',
    '6882',
  ],
  [{ storeDataElsewhere: 'instructionNotSupported' }, ['00a40004023f00', '80e2910003bf2e00'], '6985', '6d00'],
  [{ segmentWithoutSession: 'referencedDataNotFound' }, ['80e2910002a000'], '6985', '6a88'],
  [{ fetchWithoutCommand: 'noPreciseDiagnosis' }, ['801200000b'], '6985', '6f00'],
  [{ fetchWithoutCommand: 'incorrectParameters' }, ['801200000b'], '6985', '6a86'],
  [{ unknownFunction: 'instructionNotSupported' }, ['80e2910003bf7a00'], '6a88', '6d00'],
  [{ blockOutOfSequence: 'incorrectData' }, ['80e2110103bf2e00'], '6a86', '6a80'],
  [{ filesWithoutProfile: 'withDirAndUmpc' }, ['00a40004022f08', '00b0000005'], '6986', '3c050000009000'],
  [{ filesWithoutProfile: 'withDirAndUmpc' }, ['00a40004022f00', '00b2010420'], '6986', `${'ff'.repeat(32)}9000`],
]

test.each(words)('%o decides on the answer to %s', (policy, commands, byDefault, otherwise) => {
  for (const [card, expected] of [
    [onIsdr({}), byDefault],
    [onIsdr(policy), otherwise],
  ] as const)
    expect(commands.map((command) => card.send(command)).at(-1)).toBe(expected)
})

describe('sessions', () => {
  test('challengeInSession refused: a challenge does not end a session that is open, and begins one before and after', () => {
    const card = onIsdr({ challengeInSession: 'refused' })
    challenge(card)
    const signature = signatureOf(authenticate(card))
    expect(card.send('80e2910003bf2e00')).toBe('6985')
    expect(card.events.at(-1)).toMatchObject({ cause: 'GetEUICCChallenge', check: 'session-may-end' })
    const bound = bind(otpkOf(prepare(card, signature)))
    for (const segment of segmentsOf(bound)) card.storeData(segment)
    expect(card.send('80e2910003bf2e00')).toMatch(/^61/)
  })

  test('missingConfirmationCode accepted: whether there is one is the business of the SM-DP+', () => {
    const asks = { signed: { ccRequiredFlag: true } }
    const prepared = (policy: Partial<Policy>) => {
      const card = onIsdr(policy)
      return prepare(card, signatureOf(authenticate(card)), asks).kind
    }
    expect(prepared({})).toBe('downloadResponseError')
    expect(prepared({ missingConfirmationCode: 'accepted' })).toBe('downloadResponseOk')
  })

  test('rollbackAfterInstallation withdrawn: a new profile ends the authorisation to roll back', () => {
    const rollback = { iccid: ICCID_2, eimId: EIM_ID, counterValue: 11, seqNumber: 1 }
    const rollbackLeft = (policy: Partial<Policy>) => {
      const card = onIsdr(policy)
      card.state = withMemory(card.state, { rollback })
      download(card)
      return card.state.memory.rollback
    }
    expect(rollbackLeft({})).toEqual(rollback)
    expect(rollbackLeft({ rollbackAfterInstallation: 'withdrawn' })).toBeUndefined()
  })

  test('secondEmergencyProfile refused: there is one emergency profile at most', () => {
    const reasonOf = (policy: Partial<Policy>) => {
      const card = onIsdr(policy)
      card.state = withMemory(card.state, { profiles: [installedProfile(ICCID_2, { ecallIndication: true })] })
      const answer = download(card, { metadata: metadataOf(ICCID, { ecallIndication: true }) }).subarray(0, -2)
      return decode(ProfileInstallationResult, answer).profileInstallationResultData.value.finalResult
    }
    expect(reasonOf({}).kind).toBe('successResult')
    expect(reasonOf({ secondEmergencyProfile: 'refused' }).value).toMatchObject({ errorReason: 'incorrectInputValues' })
  })

  test('absentGidInRule none: a rule without a gid is for owners without one', () => {
    const owner = { mccMnc: fromHex('62f201'), gid1: fromHex('aa') }
    const rules = { profilePolicyRules: ['ppr2'] as const }
    const reasonOf = (policy: Partial<Policy>, profileOwner: Partial<typeof owner>) => {
      const metadata = metadataOf(ICCID, { ...rules, profileOwner: { mccMnc: owner.mccMnc, ...profileOwner } })
      const answer = download(onIsdr(policy), { metadata }).subarray(0, -2)
      const { finalResult } = decode(ProfileInstallationResult, answer).profileInstallationResultData.value
      return finalResult.kind === 'errorResult' ? finalResult.value.errorReason : finalResult.kind
    }
    expect(reasonOf({}, owner)).toBe('installFailedDueToDataMismatch')
    expect(reasonOf({ absentGidInRule: 'none' }, owner)).toBe('pprNotAllowed')
    expect(reasonOf({ absentGidInRule: 'none' }, {})).toBe('successResult')
  })
})

const [a, b] = [installedProfile(ICCID, {}, 0x10), installedProfile(ICCID_2, {}, 0x11)]
const two: Partial<Memory> = { profiles: [a, b], enabled: ICCID }
const enable = (iccid: string): Psmo => ({ kind: 'enable', value: { iccid } })
const disable = (iccid: string): Psmo => ({ kind: 'disable', value: { iccid } })
const setAddress: Psmo = { kind: 'setDefaultDpAddress', value: { defaultDpAddress: '' } }
const badList: Psmo = { kind: 'listProfileInfo', value: { tagList: [0x5a, 0x02] } }
const rat: Psmo = { kind: 'getRAT', value: {} }

function executed(memory: Partial<Memory>, policy: Partial<Policy>, ...operations: readonly Psmo[]) {
  const card = withPolicy(associatedCard(memory), policy)
  const results = resultsOf(load(card, packageOf(psmos(...operations))))
  return { card, results: results.map(({ kind, value }) => [kind, typeof value === 'object' ? 'data' : value]) }
}

describe('packages', () => {
  test('secondSwitchInPackage beforeAll: nothing of the package is executed', () => {
    const refused = (...operations: readonly Psmo[]) => {
      const { card, results } = executed(two, { secondSwitchInPackage: 'beforeAll' }, ...operations)
      expect(card.state.memory.enabled).toBe(ICCID)
      return results
    }
    const end = ['processingTerminated', 'unknownOrDamagedCommand']
    expect(refused(rat, enable(ICCID_2), enable(ICCID))).toEqual([['enableResult', 'undefinedError'], end])
    expect(refused(disable(ICCID), disable(ICCID))).toEqual([['disableResult', 'undefinedError'], end])
    expect(refused(enable(ICCID_2), disable(ICCID_2))).toEqual([['disableResult', 'undefinedError'], end])
    const fine = executed(two, { secondSwitchInPackage: 'beforeAll' }, disable(ICCID), enable(ICCID_2))
    expect(fine.card.state.memory.enabled).toBe(ICCID_2)
    expect(executed(two, {}, enable(ICCID_2), enable(ICCID)).card.state.memory.enabled).toBe(ICCID_2)
  })

  test('listErrorInPackage goesOn: what stands behind a list that could not be made is executed', () => {
    const unknownTagInList = 'incorrectInputValues'
    const error = ['listProfileInfoResult', 'data']
    const ended = executed(two, { unknownTagInList }, badList, enable(ICCID_2))
    expect([ended.results, ended.card.state.memory.enabled]).toEqual([[error], ICCID])
    const policy: Partial<Policy> = { unknownTagInList, listErrorInPackage: 'goesOn' }
    const wentOn = executed(two, policy, badList, enable(ICCID_2))
    expect([wentOn.results, wentOn.card.state.memory.enabled]).toEqual([[error, ['enableResult', 'ok']], ICCID_2])
  })

  test('emptyDpAddressInPackage refused: an empty address is an error', () => {
    const address = 'smdp.example.com'
    const cleared = executed({ defaultDpAddress: address }, {}, setAddress)
    expect(cleared.card.state.memory.defaultDpAddress).toBeUndefined()
    const refused = executed({ defaultDpAddress: address }, { emptyDpAddressInPackage: 'refused' }, setAddress)
    expect(refused.card.state.memory.defaultDpAddress).toBe(address)
  })

  test('counterAfterUpdate ofPackage: the counter of the package takes the place of the one that the eIM has set', () => {
    const update = ecos({ kind: 'updateEim', value: { eimId: EIM_ID, counterValue: 50 } })
    const counter = (policy: Partial<Policy>) => {
      const card = withPolicy(associatedCard(), policy)
      load(card, packageOf(update))
      return card.state.memory.eims.map(({ counterValue }) => counterValue)
    }
    expect([counter({}), counter({ counterAfterUpdate: 'ofPackage' })]).toEqual([[50], [11]])
  })

  test('sizeOverflow unsigned: a package that is too large gets an unsigned error', () => {
    const kind = (policy: Partial<Policy>) => {
      const card = onIsdr(policy, { limits: { packageSize: 10 } })
      addInitialEim(card, configurationOf())
      return load(card, packageOf(psmos(rat))).kind
    }
    expect(kind({})).toBe('euiccPackageErrorSigned')
    expect(kind({ sizeOverflow: 'unsigned' })).toBe('euiccPackageErrorUnsigned')
  })

  test('packageResultsAtReset deleted: results go with the eIMs', () => {
    const left = (policy: Partial<Policy>) => {
      const card = withPolicy(associatedCard(two), policy)
      load(card, packageOf(psmos(rat)))
      card.call(EuiccMemoryResetRequest, { resetOptions: ['resetEimConfigData'] }, EuiccMemoryResetResponse)
      return card.state.memory.packageResults.length
    }
    expect([left({}), left({ packageResultsAtReset: 'deleted' })]).toEqual([1, 0])
  })
})

const identified = { profileIdentifier: { kind: 'iccid', value: ICCID_2 }, refreshFlag: false } as const

const enabled = (memory: Partial<Memory>, policy: Partial<Policy>) => {
  const card = withPolicy(associatedCard(memory), policy)
  return { card, ...card.call(EnableProfileRequest, identified, EnableProfileResponse) }
}

describe('switches', () => {
  test('ppr1Exemption testAndProvisioning: a provisioning profile is enabled in spite of PPR1', () => {
    const kept = installedProfile(ICCID, { profilePolicyRules: ['ppr1'] })
    const provisioning = installedProfile(ICCID_2, { profileClass: 'provisioning' }, 0x11)
    const memory = { profiles: [kept, provisioning], enabled: ICCID }
    expect(enabled(memory, {}).enableResult).toBe('disallowedByPolicy')
    const policy = { ppr1Exemption: 'testAndProvisioning' } as const
    expect(enabled(memory, policy).enableResult).toBe('ok')
    expect(enabled({ profiles: [kept, b], enabled: ICCID }, policy).enableResult).toBe('disallowedByPolicy')
  })

  test('switchNotifications enableFirst: what was enabled is told before what was disabled', () => {
    const told = (policy: Partial<Policy>) =>
      enabled(two, policy).card.state.memory.notifications.flatMap(
        ({ metadata }) => metadata.profileManagementOperation,
      )
    expect(told({})[0]).toBe('notificationDisable')
    expect(told({ switchNotifications: 'enableFirst' })[0]).toBe('notificationEnable')
    expect(told({ switchNotifications: 'enableFirst' }).at(-1)).toBe('notificationDisable')
  })

  test('notificationKey preferred: notifications are signed under the preferred CI', () => {
    const brainpool = { ...b, ciPkId: ciPkIdOf('brainpool') }
    const eums = (policy: Partial<Policy>) =>
      enabled({ profiles: [brainpool] }, policy).card.state.memory.notifications.map(({ notification }) =>
        notification.kind === 'otherSignedNotification' ? toHex(notification.value.eumCertificate) : '',
      )
    expect(eums({ notificationKey: 'preferred' })).not.toEqual(eums({}))
  })

  test('fullNotificationList dropsNew: a full list takes nothing more, but numbers go on', () => {
    const numbers = (policy: Partial<Policy>) => {
      const card = onIsdr(policy, { limits: { notifications: 2 } })
      card.state = withMemory(card.state, two)
      card.call(EnableProfileRequest, identified, EnableProfileResponse)
      const { notifications, lastSeqNumber } = card.state.memory
      return [lastSeqNumber, ...notifications.map(({ metadata }) => metadata.seqNumber)]
    }
    expect([numbers({}), numbers({ fullNotificationList: 'dropsNew' })]).toEqual([
      [3, 2, 3],
      [3, 1, 2],
    ])
  })

  test('localProfileManagement absent: profiles of a card for IoT are managed by packages alone', () => {
    const { profileIdentifier } = identified
    const requests = [
      encode(EnableProfileRequest, identified),
      encode(DisableProfileRequest, identified),
      encode(DeleteProfileRequest, profileIdentifier),
    ]
    const card = withPolicy(associatedCard(two), { localProfileManagement: 'absent' })
    for (const request of requests) expect(toHex(card.storeData(request))).toBe('6a88')
    const consumer = onIsdr({ localProfileManagement: 'absent' }, { personality: 'consumer' })
    for (const request of requests) expect(toHex(consumer.storeData(request))).toMatch(/9000$/)
  })

  test('immediateEnableUnrestricted refused: an OID or an address must be configured', () => {
    const result = (policy: Partial<Policy>, smdpAddress?: string) => {
      const card = onIsdr(policy)
      const address = smdpAddress === undefined ? {} : { smdpAddress }
      card.state = withMemory(card.state, { immediateEnable: { allowed: true, ...address } })
      download(card)
      return card.call(ImmediateEnableRequest, { refreshFlag: false }, ImmediateEnableResponse).immediateEnableResult
    }
    expect(result({})).toBe('ok')
    expect(result({ immediateEnableUnrestricted: 'refused' })).toBe('immediateEnableNotAvailable')
    expect(result({ immediateEnableUnrestricted: 'refused' }, 'smdp.example.com')).toBe('ok')
  })

  test('returnToDeletedProfile commandError: another code for a profile that is gone', () => {
    const result = (policy: Partial<Policy>) => {
      const memory = { profiles: [a], enabled: ICCID, fallback: ICCID, beforeFallback: ICCID_3 }
      const card = withPolicy(associatedCard(memory), policy)
      return card.call(ReturnFromFallbackRequest, { refreshFlag: false }, ReturnFromFallbackResponse)
    }
    expect(result({})).toEqual({ returnFromFallbackResult: 'fallbackNotAvailable' })
    const policy = { returnToDeletedProfile: 'commandError' } as const
    expect(result(policy)).toEqual({ returnFromFallbackResult: 'commandError' })
  })
})
