import { expect, test } from 'vitest'
import { fromHex, type Schema, toHex } from '../../../protocol/ber/index.ts'
import {
  DeleteProfileRequest,
  DeleteProfileResponse,
  DisableProfileRequest,
  DisableProfileResponse,
  EnableProfileRequest,
  EnableProfileResponse,
  ProfileInfoListRequest,
  SetDefaultDpAddressRequest,
  SetDefaultDpAddressResponse,
  SetNicknameRequest,
  SetNicknameResponse,
} from '../../../protocol/sgp22/index.ts'
import {
  GetCertsRequest,
  GetCertsResponse,
  ProfileInfoListResponse,
  SetDefaultDpAddressRequest as SetDefaultDpAddressRequestIot,
  SetDefaultDpAddressResponse as SetDefaultDpAddressResponseIot,
} from '../../../protocol/sgp32/index.ts'
import type { Policy } from '../policy.ts'
import type { Memory } from '../state.ts'
import { withMemory } from '../state.ts'
import { newCard, pki } from '../testing/cards.ts'
import { installedProfile, withPolicy } from '../testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from '../testing/profiles.ts'
import { ciPkIdOf } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const NOBODY = '8900000000000000000'
const a = installedProfile(ICCID, {}, 0x10)
const b = installedProfile(ICCID_2, {}, 0x11)
const kept = installedProfile(ICCID, { profilePolicyRules: ['ppr1', 'ppr2'] })
const testProfile = installedProfile(ICCID_2, { profileClass: 'test' }, 0x11)

function cardWith(memory: Partial<Memory> = {}): Terminal {
  const card = new Terminal(newCard()).selectIsdr()
  card.state = withMemory(card.state, memory)
  return card
}

const otherTest = installedProfile(ICCID_3, { profileClass: 'test' }, 0x12)
const inTest = { profiles: [a, testProfile, otherTest], enabled: ICCID_2 }

const two = { profiles: [a, b], enabled: ICCID }
const protectedOne = { profiles: [kept, b], enabled: ICCID }

type Name = 'EnableProfile' | 'DisableProfile' | 'DeleteProfile'
type Identifier = DeleteProfileRequest

function call(card: Terminal, name: Name, identifier: Identifier): string {
  const target = { profileIdentifier: identifier, refreshFlag: false }
  if (name === 'EnableProfile') return card.call(EnableProfileRequest, target, EnableProfileResponse).enableResult
  if (name === 'DisableProfile') return card.call(DisableProfileRequest, target, DisableProfileResponse).disableResult
  return card.call(DeleteProfileRequest as Schema<Identifier>, identifier, DeleteProfileResponse).deleteResult
}

test.each([
  ['EnableProfile', 'profile-exists', protectedOne, NOBODY, 'iccidOrAidNotFound'],
  ['EnableProfile', 'profile-disabled', two, ICCID, 'profileNotInDisabledState'],
  ['EnableProfile', 'profile-disabled', protectedOne, ICCID, 'profileNotInDisabledState'],
  ['EnableProfile', 'disabling-allowed', protectedOne, ICCID_2, 'disallowedByPolicy'],
  [
    'EnableProfile',
    'disabling-allowed',
    {
      profiles: [a, installedProfile(ICCID_2, { profileClass: 'test', profilePolicyRules: ['ppr1'] })],
      enabled: ICCID_2,
    },
    ICCID,
    'disallowedByPolicy',
  ],
  ['EnableProfile', 'way-back-from-test-profile', inTest, ICCID, 'wrongProfileReenabling'],
  ['DisableProfile', 'profile-exists', protectedOne, NOBODY, 'iccidOrAidNotFound'],
  ['DisableProfile', 'profile-enabled', two, ICCID_2, 'profileNotInEnabledState'],
  ['DisableProfile', 'profile-enabled', { profiles: [kept] }, ICCID, 'profileNotInEnabledState'],
  ['DisableProfile', 'disabling-allowed', protectedOne, ICCID, 'disallowedByPolicy'],
  ['DeleteProfile', 'profile-exists', protectedOne, NOBODY, 'iccidOrAidNotFound'],
  ['DeleteProfile', 'profile-disabled', two, ICCID, 'profileNotInDisabledState'],
  ['DeleteProfile', 'profile-disabled', protectedOne, ICCID, 'profileNotInDisabledState'],
  ['DeleteProfile', 'deletion-allowed', { profiles: [kept] }, ICCID, 'disallowedByPolicy'],
] as const)('%s is refused because of %s %#', (name, check, memory, iccid, code) => {
  const card = cardWith(memory)
  const before = card.state.memory
  expect(call(card, name, { kind: 'iccid', value: iccid })).toBe(code)
  expect(card.state.memory).toBe(before)
  expect(card.events).toMatchObject([{ type: 'refused', cause: name, check }])
})

test('a profile is enabled, disabled and deleted, by ICCID or by AID, with events and notifications', () => {
  const card = cardWith({ profiles: [a, b] })
  expect(call(card, 'EnableProfile', { kind: 'isdpAid', value: b.isdpAid })).toBe('ok')
  expect(card.state.memory.enabled).toBe(ICCID_2)
  expect(call(card, 'DisableProfile', { kind: 'iccid', value: ICCID_2 })).toBe('ok')
  expect(call(card, 'DeleteProfile', { kind: 'isdpAid', value: b.isdpAid })).toBe('ok')
  expect(card.state.memory.profiles).toEqual([a])
  expect(card.state.memory.notifications).toHaveLength(5)
  expect(card.events.filter(({ type }) => type.startsWith('profile')).map(({ type, cause }) => [type, cause])).toEqual([
    ['profile-enabled', 'EnableProfile'],
    ['profile-disabled', 'DisableProfile'],
    ['profile-deleted', 'DeleteProfile'],
  ])
})

test.each([
  ['EnableProfile', ICCID_2, two],
  ['DisableProfile', ICCID, two],
] as const)('%s is refused because of toolkit-idle, behind every other check', (name, iccid, memory) => {
  const busy = (state: Partial<Memory>) => withPolicy(cardWith(state), { toolkit: 'busy' })
  const card = busy(memory)
  expect(call(card, name, { kind: 'iccid', value: iccid })).toBe('catBusy')
  expect(card.events).toMatchObject([{ type: 'refused', cause: name, check: 'toolkit-idle' }])
  expect(call(busy(protectedOne), name, { kind: 'iccid', value: iccid })).toBe('disallowedByPolicy')
  expect(call(busy(inTest), 'EnableProfile', { kind: 'iccid', value: ICCID })).toBe('wrongProfileReenabling')
})

test('the last test profile gives way to the operational one before the first', () => {
  const card = cardWith({ ...inTest, enabled: ICCID })
  const enable = (value: string) => call(card, 'EnableProfile', { kind: 'iccid', value })
  expect([enable(ICCID_2), enable(ICCID_3)]).toEqual(['ok', 'ok'])
  expect(call(card, 'DisableProfile', { kind: 'iccid', value: ICCID_3 })).toBe('ok')
  expect(card.state.memory.enabled).toBe(ICCID)
  expect(card.state.memory.beforeTest).toBeUndefined()
  expect([enable(ICCID_2), enable(ICCID)]).toEqual(['ok', 'ok'])
})

test('a test profile that nothing was enabled before leaves nothing enabled', () => {
  const card = cardWith(inTest)
  expect(call(card, 'DisableProfile', { kind: 'iccid', value: ICCID_2 })).toBe('ok')
  expect(card.state.memory.enabled).toBeUndefined()
})

test('PPR1 of the enabled profile does not stop a test profile', () => {
  const card = cardWith({ profiles: [kept, testProfile], enabled: ICCID })
  expect(call(card, 'EnableProfile', { kind: 'iccid', value: ICCID_2 })).toBe('ok')
})

test('a nickname is set, shown and removed; that of an unknown profile is refused', () => {
  const card = cardWith(two)
  const set = (iccid: string, profileNickname: string) =>
    card.call(SetNicknameRequest, { iccid, profileNickname }, SetNicknameResponse).setNicknameResult
  const shown = () => {
    const request = { searchCriteria: { kind: 'iccid', value: ICCID }, tagList: [0x90] } as const
    return card.call(ProfileInfoListRequest, request, ProfileInfoListResponse).value
  }
  expect(set(ICCID, 'Work')).toBe('ok')
  expect(shown()).toMatchObject([{ profileNickname: 'Work' }])
  expect(set(ICCID, '')).toBe('ok')
  expect(shown()).toEqual([{ fallbackAttribute: false }])
  expect(set(NOBODY, 'x')).toBe('iccidNotFound')
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'SetNickname', check: 'profile-exists' }])
})

test('GetProfilesInfo finds by AID and by class, and nothing is an empty list', () => {
  const card = cardWith({ profiles: [a, testProfile] })
  const found = (searchCriteria: ProfileInfoListRequest['searchCriteria']) => {
    const request = searchCriteria ? { searchCriteria, tagList: [0x5a] } : { tagList: [0x5a] }
    const answer = card.call(ProfileInfoListRequest, request, ProfileInfoListResponse)
    return answer.kind === 'profileInfoListOk' && answer.value.map(({ iccid }) => iccid)
  }
  expect(found(undefined)).toEqual([ICCID, ICCID_2])
  expect(found({ kind: 'isdpAid', value: a.isdpAid })).toEqual([ICCID])
  expect(found({ kind: 'profileClass', value: 'test' })).toEqual([ICCID_2])
  expect(found({ kind: 'iccid', value: NOBODY })).toEqual([])
})

test('a tag that no profile has is ignored, or refused where the policy says so', () => {
  const list = (policy: Partial<Policy>) => {
    const card = new Terminal(newCard({ policy })).selectIsdr()
    const answer = card.call(ProfileInfoListRequest, { tagList: [0x5a, 0x5b] }, ProfileInfoListResponse)
    const refused = { type: 'refused', cause: 'GetProfilesInfo', check: 'tags-known' }
    expect(card.events).toMatchObject(answer.kind === 'profileInfoListError' ? [refused] : [])
    return answer
  }
  expect(list({})).toEqual({ kind: 'profileInfoListOk', value: [] })
  expect(list({ unknownTagInList: 'incorrectInputValues' })).toEqual({
    kind: 'profileInfoListError',
    value: 'incorrectInputValues',
  })
})

test.each([
  [SetDefaultDpAddressRequest, SetDefaultDpAddressResponse],
  [SetDefaultDpAddressRequestIot, SetDefaultDpAddressResponseIot],
])('SetDefaultDpAddress sets the address and refuses one that is too long %#', (request, response) => {
  const card = cardWith()
  const set = (defaultDpAddress: string) => card.call(request, { defaultDpAddress }, response).setDefaultDpAddressResult
  expect(set('smdp.example.com')).toBe('ok')
  expect(card.state.memory.defaultDpAddress).toBe('smdp.example.com')
  expect(set('x'.repeat(129))).toBe('undefinedError')
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'SetDefaultDpAddress', check: 'address-fits' }])
})

test('GetCerts gives the chain under the CI that is asked for, and of no other', () => {
  const card = cardWith()
  const get = (euiccCiPKId?: Uint8Array) =>
    card.call(GetCertsRequest, euiccCiPKId ? { euiccCiPKId } : {}, GetCertsResponse)
  expect(get()).toMatchObject({ kind: 'certs', value: { eumCertificate: pki.nist.eum.certificate } })
  expect(get(ciPkIdOf('brainpool'))).toMatchObject({ value: { eumCertificate: pki.brainpool.eum.certificate } })
  expect(get(new Uint8Array(20))).toEqual({ kind: 'getCertsError', value: 'invalidCiPKId' })
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'GetCerts', check: 'ci-for-signing' }])
})

test('GetEID gives the EID and nothing else', () => {
  const card = cardWith()
  expect(toHex(card.storeData(fromHex('bf3e035c014f')))).toBe('6a80')
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'GetEID', check: 'tag-is-eid' }])
})
