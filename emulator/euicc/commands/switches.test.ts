import { describe, expect, test } from 'vitest'
import { encode, fromHex, type Schema, toHex } from '../../../protocol/ber/index.ts'
import {
  ConfigureImmediateProfileEnablingRequest,
  ConfigureImmediateProfileEnablingResponse,
  DisableEmergencyProfileRequest,
  DisableEmergencyProfileResponse,
  EnableEmergencyProfileRequest,
  EnableEmergencyProfileResponse,
  ExecuteFallbackMechanismRequest,
  ExecuteFallbackMechanismResponse,
  GetConnectivityParametersRequest,
  GetConnectivityParametersResponse,
  ImmediateEnableRequest,
  ImmediateEnableResponse,
  ProfileRollbackRequest,
  ProfileRollbackResponse,
  ReturnFromFallbackRequest,
  ReturnFromFallbackResponse,
} from '../../../protocol/sgp32/index.ts'
import type { Policy } from '../policy.ts'
import type { ImmediateEnable, Memory, Profile } from '../state.ts'
import { withMemory } from '../state.ts'
import { newCard } from '../testing/cards.ts'
import {
  associatedCard,
  configurationOf,
  installedProfile,
  isSignedByCard,
  load,
  packageOf,
  psmos,
  withPolicy,
} from '../testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from '../testing/profiles.ts'
import { ADDRESS, download } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

type Flagged = { readonly refreshFlag: boolean }
type Named = readonly [request: Schema<Flagged>, response: Schema<Readonly<Record<string, unknown>>>, field: string]
const row = (request: unknown, response: unknown, field: string) => [request, response, field] as unknown as Named

const functions = {
  ProfileRollback: row(ProfileRollbackRequest, ProfileRollbackResponse, 'cmdResult'),
  ImmediateEnable: row(ImmediateEnableRequest, ImmediateEnableResponse, 'immediateEnableResult'),
  ExecuteFallbackMechanism: row(
    ExecuteFallbackMechanismRequest,
    ExecuteFallbackMechanismResponse,
    'executeFallbackMechanismResult',
  ),
  ReturnFromFallback: row(ReturnFromFallbackRequest, ReturnFromFallbackResponse, 'returnFromFallbackResult'),
  EnableEmergencyProfile: row(
    EnableEmergencyProfileRequest,
    EnableEmergencyProfileResponse,
    'enableEmergencyProfileResult',
  ),
  DisableEmergencyProfile: row(
    DisableEmergencyProfileRequest,
    DisableEmergencyProfileResponse,
    'disableEmergencyProfileResult',
  ),
}
type Name = keyof typeof functions

function call(card: Terminal, name: Name, refreshFlag = false): unknown {
  const [request, response, field] = functions[name]
  return card.call(request, { refreshFlag }, response)[field]
}

const a = installedProfile(ICCID, {}, 0x10)
const b = installedProfile(ICCID_2, {}, 0x11)
const emergency = installedProfile(ICCID_3, { ecallIndication: true }, 0x12)
const two = { profiles: [a, b], enabled: ICCID }
const fallen: Partial<Memory> = { profiles: [a, b], enabled: ICCID_2, fallback: ICCID_2, beforeFallback: ICCID }
const calling: Partial<Memory> = { profiles: [a, b, emergency], enabled: ICCID_3, beforeEmergency: ICCID }

const busy: Partial<Policy> = { toolkit: 'busy' }
const rollback = { iccid: ICCID_2, eimId: configurationOf().eimId, counterValue: 11, seqNumber: 1 }

/** `memory` of a card with an eIM. */
type Row = readonly [name: Name, check: string, memory: Partial<Memory>, policy: Partial<Policy>, code: string]

/** One row for each check and one for each pair of neighbours that can both fail. */
const refusals: readonly Row[] = [
  ['ProfileRollback', 'rollback-authorised', two, {}, 'rollbackNotAllowed'],
  ['ProfileRollback', 'rollback-authorised', two, busy, 'rollbackNotAllowed'],
  ['ProfileRollback', 'rollback-authorised', { ...two, eims: [], rollback }, {}, 'rollbackNotAllowed'],
  ['ProfileRollback', 'toolkit-idle', { ...two, rollback }, busy, 'catBusy'],
  ['ProfileRollback', 'toolkit-idle', { profiles: [a], rollback }, busy, 'catBusy'],
  ['ProfileRollback', 'profile-to-return-to', { profiles: [a], rollback }, {}, 'commandError'],
  ['ProfileRollback', 'profile-to-return-to', { ...two, enabled: ICCID_2, rollback }, {}, 'commandError'],

  ['ExecuteFallbackMechanism', 'some-profile-enabled', { profiles: [a], fallback: ICCID }, {}, 'commandError'],
  ['ExecuteFallbackMechanism', 'some-profile-enabled', { profiles: [a] }, {}, 'commandError'],
  ['ExecuteFallbackMechanism', 'fallback-attribute-set', two, {}, 'fallbackNotAvailable'],
  ['ExecuteFallbackMechanism', 'fallback-attribute-set', calling, {}, 'fallbackNotAvailable'],
  ['ExecuteFallbackMechanism', 'no-emergency', { ...calling, fallback: ICCID_2 }, {}, 'ecallActive'],
  ['ExecuteFallbackMechanism', 'no-emergency', { ...calling, fallback: ICCID_3 }, {}, 'ecallActive'],
  ['ExecuteFallbackMechanism', 'fallback-profile-disabled', fallen, {}, 'profileNotInDisabledState'],
  ['ExecuteFallbackMechanism', 'fallback-profile-disabled', fallen, busy, 'profileNotInDisabledState'],
  ['ExecuteFallbackMechanism', 'toolkit-idle', { ...two, fallback: ICCID_2 }, busy, 'catBusy'],

  ['ReturnFromFallback', 'fallback-profile-enabled', { ...fallen, enabled: ICCID }, {}, 'fallbackNotAvailable'],
  ['ReturnFromFallback', 'fallback-profile-enabled', two, {}, 'fallbackNotAvailable'],
  ['ReturnFromFallback', 'profile-to-return-to', { ...fallen, profiles: [b] }, {}, 'fallbackNotAvailable'],
  ['ReturnFromFallback', 'profile-to-return-to', { ...fallen, profiles: [b] }, busy, 'fallbackNotAvailable'],
  ['ReturnFromFallback', 'toolkit-idle', fallen, busy, 'catBusy'],

  ['EnableEmergencyProfile', 'emergency-profile-exists', two, {}, 'ecallNotAvailable'],
  ['EnableEmergencyProfile', 'emergency-profile-exists', two, busy, 'ecallNotAvailable'],
  ['EnableEmergencyProfile', 'emergency-profile-disabled', calling, {}, 'profileNotInDisabledState'],
  ['EnableEmergencyProfile', 'emergency-profile-disabled', calling, busy, 'profileNotInDisabledState'],
  ['EnableEmergencyProfile', 'toolkit-idle', { ...calling, enabled: ICCID }, busy, 'catBusy'],

  ['DisableEmergencyProfile', 'emergency-profile-enabled', two, {}, 'profileNotInEnabledState'],
  ['DisableEmergencyProfile', 'emergency-profile-enabled', two, busy, 'profileNotInEnabledState'],
  ['DisableEmergencyProfile', 'toolkit-idle', calling, busy, 'catBusy'],
]

test.each(refusals)('%s is refused because of %s %#', (name, check, memory, policy, code) => {
  const card = withPolicy(associatedCard(memory), policy)
  const before = card.state.memory
  expect(call(card, name, true)).toBe(code)
  expect(card.state.memory).toBe(before)
  expect(card.events).toMatchObject([{ type: 'refused', cause: name, check }])
})

const enable = (iccid: string, counterValue = 11) =>
  packageOf(psmos({ kind: 'enable', value: { iccid, rollbackFlag: true } }), { counterValue, eimTransactionId: 'AB' })

describe('ProfileRollback', () => {
  const rolled = () => {
    const card = associatedCard(two)
    load(card, enable(ICCID_2))
    return { card, answer: card.call(ProfileRollbackRequest, { refreshFlag: false }, ProfileRollbackResponse) }
  }

  test('goes back, and the result of the package gives way to a signed one that says so', () => {
    const { card, answer } = rolled()
    const { memory } = card.state
    expect([answer.cmdResult, memory.enabled]).toEqual(['ok', ICCID])
    const result = answer.eUICCPackageResult
    if (result?.kind !== 'euiccPackageResultSigned') throw new Error('no result')
    const { euiccPackageResultDataSigned: data, euiccSignEPR } = result.value
    expect(data.value).toEqual({
      eimId: configurationOf().eimId,
      counterValue: 11,
      eimTransactionId: 'AB',
      seqNumber: 5,
      euiccResult: [{ kind: 'rollbackResult', value: 'ok' }],
    })
    expect(isSignedByCard(data.octets, euiccSignEPR)).toBe(true)
    expect(memory.packageResults.map(({ seqNumber }) => seqNumber)).toEqual([5])
    expect(card.events.map(({ sequence }) => sequence)).toEqual(card.events.map((_, i) => i + 2))
  })

  test('is authorised once', () => {
    expect(call(rolled().card, 'ProfileRollback')).toBe('rollbackNotAllowed')
  })

  test('is authorised over a loss of power, and not after another package', () => {
    const card = associatedCard(two)
    load(card, enable(ICCID_2))
    load(card, packageOf(psmos({ kind: 'getRAT', value: {} }), { counterValue: 12 }))
    expect(call(card, 'ProfileRollback')).toBe('rollbackNotAllowed')
  })
})

/** Whether a rollback is still authorised after a function. */
test.each([
  ['ExecuteFallbackMechanism', { fallback: ICCID_3 }, false, false],
  ['ReturnFromFallback', { fallback: ICCID, beforeFallback: ICCID_2 }, false, false],
  ['EnableEmergencyProfile', {}, false, true],
  ['EnableEmergencyProfile', {}, true, false],
  ['DisableEmergencyProfile', { enabled: ICCID_3 }, false, true],
  ['DisableEmergencyProfile', { enabled: ICCID_3 }, true, false],
] as const)(
  '%s with %j and refreshFlag %s leaves the authorisation to roll back: %s',
  (name, changes, flag, isKept) => {
    const card = associatedCard({ profiles: [a, b, emergency], enabled: ICCID, rollback, ...changes })
    expect(call(card, name, flag)).toBe('ok')
    expect(card.state.memory.rollback !== undefined).toBe(isKept)
  },
)

describe('fallback', () => {
  test('goes to the fallback profile and back, with notifications', () => {
    const card = associatedCard({ ...two, fallback: ICCID_2 })
    expect(call(card, 'ExecuteFallbackMechanism')).toBe('ok')
    expect(card.state.memory).toMatchObject({ enabled: ICCID_2, beforeFallback: ICCID })
    expect(call(card, 'ReturnFromFallback')).toBe('ok')
    expect(card.state.memory.enabled).toBe(ICCID)
    expect(card.state.memory.beforeFallback).toBeUndefined()
    expect(card.state.memory.notifications).toHaveLength(6)
  })

  test('an enable by package forgets where it came from', () => {
    const card = associatedCard(fallen)
    load(card, enable(ICCID))
    load(card, enable(ICCID_2, 12))
    expect(call(card, 'ReturnFromFallback')).toBe('fallbackNotAvailable')
  })
})

describe('the emergency profile', () => {
  test('is enabled silently, over resets, and gives way to the one before', () => {
    const card = associatedCard({ ...calling, enabled: ICCID })
    expect(call(card, 'EnableEmergencyProfile')).toBe('ok')
    expect(card.state.memory).toMatchObject({ enabled: ICCID_3, beforeEmergency: ICCID, notifications: [] })
    expect(call(card, 'DisableEmergencyProfile')).toBe('ok')
    expect(card.state.memory).toMatchObject({ enabled: ICCID, notifications: [] })
    expect(card.state.memory.beforeEmergency).toBeUndefined()
  })

  test('leaves none enabled when there was none, and notifies where the policy says so', () => {
    const card = withPolicy(associatedCard({ profiles: [emergency], enabled: ICCID_3 }), {
      endOfEmergencyNotifications: 'sent',
    })
    expect(call(card, 'DisableEmergencyProfile')).toBe('ok')
    expect(card.state.memory.enabled).toBeUndefined()
    expect(card.state.memory.notifications).toHaveLength(1)
  })

  test('keeps every package off, with a signed error, and that before its counter moves', () => {
    const card = associatedCard(calling)
    const answer = load(card, enable(ICCID))
    if (answer.kind !== 'euiccPackageErrorSigned') throw new Error(answer.kind)
    const { euiccPackageErrorDataSigned: data, euiccSignEPE } = answer.value
    expect(data.value.euiccPackageErrorCode).toBe('ecallActive')
    expect(isSignedByCard(data.octets, euiccSignEPE)).toBe(true)
    expect(card.events).toMatchObject([{ type: 'refused', cause: 'LoadEuiccPackage', check: 'no-emergency' }])
    const replayed = load(card, enable(ICCID, 10))
    expect(replayed).toMatchObject({
      value: { euiccPackageErrorDataSigned: { value: { euiccPackageErrorCode: 'replayError' } } },
    })
  })

  test('is announced unless the product has none', () => {
    const info = (ecallSupported: boolean) =>
      toHex(new Terminal(newCard({ ecallSupported })).selectIsdr().storeData(fromHex('bf2200')))
    expect(info(true)).toContain('b40ba005040301020081008200')
    expect(info(false)).toContain('b409a00504030102008200')
  })
})

describe('ImmediateEnable', () => {
  const installing = (immediateEnable: ImmediateEnable, policy: Partial<Policy> = {}) => {
    const card = new Terminal(newCard({ policy })).selectIsdr()
    download(card)
    card.state = withMemory(card.state, { immediateEnable })
    card.events.length = 0
    return card
  }
  const allowed: ImmediateEnable = { allowed: true }

  test('enables what the session has installed, once', () => {
    const card = installing({ allowed: true, smdpOid: '2.999.10', smdpAddress: ADDRESS.toUpperCase() })
    expect(call(card, 'ImmediateEnable')).toBe('ok')
    expect(card.state.memory.enabled).toBe(ICCID)
    expect(call(card, 'ImmediateEnable')).toBe('noSessionContext')
  })

  test.each([
    ['immediate-enable-allowed', installing({ allowed: false }), 'immediateEnableNotAvailable'],
    ['immediate-enable-allowed', associatedCard(two), 'immediateEnableNotAvailable'],
    ['profile-just-installed', associatedCard({ ...two, immediateEnable: allowed }), 'noSessionContext'],
    [
      'profile-just-installed',
      associatedCard({ ...two, immediateEnable: { allowed: true, smdpOid: '2.999.11' } }),
      'noSessionContext',
    ],
    ['smdp-oid-configured', installing({ allowed: true, smdpOid: '2.999.11' }), 'immediateEnableNotAvailable'],
    [
      'smdp-oid-configured',
      installing({ allowed: true, smdpOid: '2.999.11', smdpAddress: 'x' }),
      'immediateEnableNotAvailable',
    ],
    ['smdp-address-configured', installing({ allowed: true, smdpAddress: 'x' }), 'immediateEnableNotAvailable'],
    ['smdp-address-configured', installing({ allowed: true, smdpAddress: 'x' }, busy), 'immediateEnableNotAvailable'],
    ['toolkit-idle', installing(allowed, busy), 'catBusy'],
  ] as const)('is refused because of %s %#, and the session is over', (check, card, code) => {
    const before = card.state.memory
    expect(call(card, 'ImmediateEnable')).toBe(code)
    expect(card.state.memory).toBe(before)
    expect(card.state.volatile.session).toBeUndefined()
    expect(card.events).toMatchObject([{ type: 'refused', cause: 'ImmediateEnable', check }])
  })

  test.each([
    ['profile-disabled', {}, 'undefinedError'],
    ['toolkit-idle', busy, 'catBusy'],
  ] as const)('of a profile that is enabled already is refused because of %s', (check, policy, code) => {
    const card = installing(allowed, policy)
    card.state = withMemory(card.state, { enabled: ICCID })
    expect(call(card, 'ImmediateEnable')).toBe(code)
    expect(card.events).toMatchObject([{ check }])
  })

  test.each([
    [true, false],
    [false, true],
  ])('with refreshFlag %s leaves the authorisation to roll back: %s', (flag, isKept) => {
    const card = installing(allowed)
    card.state = withMemory(card.state, { rollback })
    expect(call(card, 'ImmediateEnable', flag)).toBe('ok')
    expect(card.state.memory.rollback !== undefined).toBe(isKept)
  })
})

describe('ConfigureImmediateProfileEnabling', () => {
  const configure = (card: Terminal, request: ConfigureImmediateProfileEnablingRequest) =>
    card.call(ConfigureImmediateProfileEnablingRequest, request, ConfigureImmediateProfileEnablingResponse)
      .configImmediateEnableResult
  const tooLong = { defaultSmdpAddress: 'x'.repeat(129) }

  test('stores what is given, and an absent flag withdraws the permission', () => {
    const card = new Terminal(newCard()).selectIsdr()
    expect(configure(card, { immediateEnableFlag: true, defaultSmdpOid: '2.999.10' })).toBe('ok')
    expect(card.state.memory.immediateEnable).toEqual({ allowed: true, smdpOid: '2.999.10' })
    expect(configure(card, { defaultSmdpAddress: ADDRESS })).toBe('ok')
    expect(card.state.memory.immediateEnable).toEqual({ allowed: false, smdpOid: '2.999.10', smdpAddress: ADDRESS })
  })

  test.each([
    ['no-eim-yet', associatedCard(), {}, 'associatedEimAlreadyExists'],
    ['no-eim-yet', associatedCard(), tooLong, 'associatedEimAlreadyExists'],
    ['address-fits', new Terminal(newCard()).selectIsdr(), tooLong, 'insufficientMemory'],
  ] as const)('is refused because of %s %#', (check, card, request, code) => {
    const before = card.state.memory
    expect(configure(card, request)).toBe(code)
    expect(card.state.memory).toBe(before)
    expect(card.events).toMatchObject([{ cause: 'ConfigureImmediateProfileEnabling', check }])
  })
})

test('GetConnectivityParameters gives those of the enabled profile', () => {
  const withParameters: Profile = { ...a, connectivityParameters: fromHex('3501') }
  const get = (memory: Partial<Memory>) => {
    const card = associatedCard(memory)
    const answer = card.call(GetConnectivityParametersRequest, {}, GetConnectivityParametersResponse)
    const refused = { type: 'refused', cause: 'GetConnectivityParameters', check: 'parameters-stored' }
    expect(card.events).toMatchObject(answer.kind === 'connectivityParametersError' ? [refused] : [])
    return answer
  }
  expect(get({ profiles: [withParameters, b], enabled: ICCID })).toEqual({
    kind: 'connectivityParameters',
    value: { httpParams: fromHex('3501') },
  })
  const notAvailable = { kind: 'connectivityParametersError', value: 'parametersNotAvailable' }
  expect(get({ profiles: [withParameters, b], enabled: ICCID_2 })).toEqual(notAvailable)
  expect(get({ profiles: [withParameters] })).toEqual(notAvailable)
})

test.each(['80', '01'])('refreshFlag is read under tag %s', (tag) => {
  const card = associatedCard({ ...two, fallback: ICCID_2 })
  expect(toHex(card.storeData(fromHex(`bf5d03${tag}0100`)))).toBe('bf5d038001009000')
})

test('the request of a function is what its schema says', () => {
  expect(toHex(encode(ProfileRollbackRequest, { refreshFlag: true }))).toBe('bf58038001ff')
})
