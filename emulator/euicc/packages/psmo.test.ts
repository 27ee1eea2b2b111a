import { describe, expect, test } from 'vitest'
import type { EuiccResultData, Psmo } from '../../../protocol/sgp32/index.ts'
import type { Memory } from '../state.ts'
import { associatedCard, installedProfile, load, packageOf, psmos, resultsOf, withPolicy } from '../testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from '../testing/profiles.ts'

const NOBODY = '8900000000000000000'

const enable = (iccid: string, rollbackFlag?: true): Psmo => ({
  kind: 'enable',
  value: rollbackFlag ? { iccid, rollbackFlag } : { iccid },
})
const disable = (iccid: string): Psmo => ({ kind: 'disable', value: { iccid } })
const remove = (iccid: string): Psmo => ({ kind: 'delete', value: { iccid } })
const setFallback = (iccid: string): Psmo => ({ kind: 'setFallbackAttribute', value: { iccid } })
const unsetFallback: Psmo = { kind: 'unsetFallbackAttribute', value: {} }
const list: Psmo = { kind: 'listProfileInfo', value: {} }

const a = installedProfile(ICCID, {}, 0x10)
const b = installedProfile(ICCID_2, {}, 0x11)
const c = installedProfile(ICCID_3, {}, 0x12)
const kept = installedProfile(ICCID, { profilePolicyRules: ['ppr1', 'ppr2'] })
const owned = installedProfile(ICCID_2, { fallbackAllowed: false }, 0x11)

interface Setting extends Partial<Memory> {
  /** Counter of a further package; the first is 11. */
  readonly counterValue?: number
}

const two: Setting = { profiles: [a, b], enabled: ICCID }
const none: Setting = { profiles: [a, b] }
const protectedOne: Setting = { profiles: [kept, b], enabled: ICCID }

function run(memory: Setting, ...operations: readonly Psmo[]) {
  const card = associatedCard(memory)
  const results = resultsOf(load(card, packageOf(psmos(...operations))))
  return { card, results, last: results.at(-1) as EuiccResultData, memory: card.state.memory }
}

type Row = readonly [check: string, memory: Setting, operations: readonly Psmo[], result: EuiccResultData['value']]

/** One row for each check and one for each pair of neighbours that both fail: the first decides. */
const refusals: readonly Row[] = [
  ['first-enable-of-package', two, [enable(ICCID_2), enable(ICCID)], 'undefinedError'],
  ['first-enable-of-package', two, [enable(ICCID_2), enable(NOBODY)], 'undefinedError'],
  ['profile-exists', two, [enable(NOBODY)], 'iccidOrAidNotFound'],
  ['profile-disabled', two, [enable(ICCID)], 'profileNotInDisabledState'],
  ['profile-disabled', protectedOne, [enable(ICCID, true)], 'profileNotInDisabledState'],
  ['profile-to-roll-back-to', none, [enable(ICCID, true)], 'rollbackNotAvailable'],
  ['profile-exists', none, [enable(NOBODY, true)], 'iccidOrAidNotFound'],
  ['disabling-allowed', protectedOne, [enable(ICCID_2)], 'disallowedByPolicy'],

  ['first-switch-of-package', two, [enable(ICCID_2), disable(ICCID_2)], 'undefinedError'],
  ['first-switch-of-package', two, [disable(ICCID), disable(ICCID)], 'undefinedError'],
  ['first-switch-of-package', two, [disable(ICCID), disable(NOBODY)], 'undefinedError'],
  ['profile-exists', two, [disable(NOBODY)], 'iccidOrAidNotFound'],
  ['profile-enabled', two, [disable(ICCID_2)], 'profileNotInEnabledState'],
  ['profile-enabled', { profiles: [kept] }, [disable(ICCID)], 'profileNotInEnabledState'],
  ['disabling-allowed', protectedOne, [disable(ICCID)], 'disallowedByPolicy'],

  ['profile-exists', two, [remove(NOBODY)], 'iccidOrAidNotFound'],
  ['profile-disabled', two, [remove(ICCID)], 'profileNotInDisabledState'],
  ['profile-disabled', two, [enable(ICCID_2), remove(ICCID_2)], 'profileNotInDisabledState'],
  ['not-the-rollback-profile', two, [enable(ICCID_2, true), remove(ICCID)], 'rollbackNotAvailable'],
  [
    'not-the-profile-before-fallback',
    { ...two, fallback: ICCID, beforeFallback: ICCID_2 },
    [remove(ICCID_2)],
    'returnFallbackProfile',
  ],
  [
    'not-the-profile-before-fallback',
    { profiles: [kept, b], enabled: ICCID_2, fallback: ICCID_2, beforeFallback: ICCID },
    [remove(ICCID)],
    'returnFallbackProfile',
  ],
  ['deletion-allowed', { profiles: [kept] }, [remove(ICCID)], 'disallowedByPolicy'],

  ['profile-exists', two, [setFallback(NOBODY)], 'iccidOrAidNotFound'],
  ['fallback-allowed', { profiles: [a, owned] }, [setFallback(ICCID_2)], 'fallbackNotAllowed'],
  [
    'fallback-allowed',
    { profiles: [a, owned], enabled: ICCID, fallback: ICCID },
    [setFallback(ICCID_2)],
    'fallbackNotAllowed',
  ],
  ['fallback-profile-disabled', { ...two, fallback: ICCID }, [setFallback(ICCID_2)], 'fallbackProfileEnabled'],

  ['fallback-attribute-set', two, [unsetFallback], 'noFallbackAttribute'],
  ['fallback-profile-disabled', { ...two, fallback: ICCID }, [unsetFallback], 'fallbackProfileEnabled'],

  ['no-change-before', two, [enable(ICCID_2), list], { kind: 'profileInfoListError', value: 'profileChangeOngoing' }],
  ['no-change-before', two, [disable(ICCID), list], { kind: 'profileInfoListError', value: 'profileChangeOngoing' }],
  ['no-change-before', two, [remove(ICCID_2), list], { kind: 'profileInfoListError', value: 'profileChangeOngoing' }],

  [
    'address-fits',
    two,
    [{ kind: 'configureImmediateEnable', value: { defaultSmdpAddress: 'x'.repeat(129) } }],
    'insufficientMemory',
  ],
  [
    'address-fits',
    two,
    [{ kind: 'setDefaultDpAddress', value: { defaultDpAddress: 'x'.repeat(129) } }],
    { setDefaultDpAddressResult: 'undefinedError' },
  ],
]

test.each(refusals)('a PSMO is refused because of %s %#', (check, memory, operations, value) => {
  const before = run(memory, ...operations.slice(0, -1)).memory
  const { card, last, memory: after } = run(memory, ...operations)
  expect(last.value).toEqual(value)
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'refused', check, cause: 'LoadEuiccPackage' }))
  const { profiles, enabled, fallback } = before
  expect(after).toMatchObject({ profiles, ...(enabled && { enabled }), ...(fallback && { fallback }) })
  expect([after.enabled, after.fallback]).toEqual([enabled, fallback])
})

describe('enable', () => {
  test('disables the profile before it and notifies both receivers, disable first', () => {
    const { card, results, memory } = run(two, enable(ICCID_2))
    expect(results).toEqual([{ kind: 'enableResult', value: 'ok' }])
    expect(memory.enabled).toBe(ICCID_2)
    expect(card.events.map(({ type, iccid, seqNumber }) => [type, iccid, seqNumber])).toEqual([
      ['profile-disabled', ICCID, undefined],
      ['profile-enabled', ICCID_2, undefined],
      ['package-executed', undefined, 1],
      ['notification-stored', ICCID, 2],
      ['notification-stored', ICCID_2, 3],
      ['notification-stored', ICCID_2, 4],
    ])
    expect(memory.notifications.map(({ metadata }) => metadata)).toMatchObject([
      { seqNumber: 2, profileManagementOperation: ['notificationDisable'], notificationAddress: 'smdp.example.com' },
      { seqNumber: 3, profileManagementOperation: ['notificationEnable'], notificationAddress: 'smdp.example.com' },
      { seqNumber: 4, profileManagementOperation: ['notificationEnable'], notificationAddress: 'other.example.com' },
    ])
  })

  test('with rollbackFlag remembers what it replaced, also when a disable went before', () => {
    const expected = { iccid: ICCID, eimId: 'eim.example.com', counterValue: 11, seqNumber: 1 }
    expect(run(two, enable(ICCID_2, true)).memory.rollback).toEqual(expected)
    expect(run(two, disable(ICCID), enable(ICCID_2, true)).memory.rollback).toEqual(expected)
    expect(run(two, enable(ICCID_2)).memory.rollback).toBeUndefined()
  })

  test('the next accepted package withdraws the authorisation to roll back', () => {
    const { card } = run(two, enable(ICCID_2, true))
    load(card, packageOf(psmos(list), { counterValue: 5 }))
    expect(card.state.memory.rollback).toBeDefined()
    load(card, packageOf(psmos(list), { counterValue: 12 }))
    expect(card.state.memory.rollback).toBeUndefined()
  })

  test('forgets what a return from fallback would go back to', () => {
    expect(run({ ...two, fallback: ICCID, beforeFallback: ICCID_2 }, enable(ICCID_2)).memory.beforeFallback).toBe(
      undefined,
    )
  })
})

test('disable leaves no profile enabled', () => {
  const { memory, results } = run(two, disable(ICCID))
  expect(results).toEqual([{ kind: 'disableResult', value: 'ok' }])
  expect(memory.enabled).toBeUndefined()
})

test('delete takes the fallback attribute and the notification along', () => {
  const { card, memory } = run({ ...two, fallback: ICCID_2 }, remove(ICCID_2))
  expect(memory.profiles.map(({ iccid }) => iccid)).toEqual([ICCID])
  expect(memory.fallback).toBeUndefined()
  expect(card.events.map(({ type }) => type)).toEqual([
    'fallback-attribute-unset',
    'profile-deleted',
    'package-executed',
    'notification-stored',
    'notification-stored',
  ])
})

test('a profile that is not the one before fallback can be deleted while the fallback profile is enabled', () => {
  const memory = { profiles: [a, b, c], enabled: ICCID, fallback: ICCID, beforeFallback: ICCID_2 }
  expect(run(memory, remove(ICCID_3)).last.value).toBe('ok')
})

test('the fallback attribute moves from one profile to another, and setting it twice changes nothing', () => {
  const { card, memory } = run({ ...none, fallback: ICCID }, setFallback(ICCID_2), setFallback(ICCID_2))
  expect(memory.fallback).toBe(ICCID_2)
  expect(card.events.map(({ type, iccid }) => [type, iccid])).toEqual([
    ['fallback-attribute-unset', ICCID],
    ['fallback-attribute-set', ICCID_2],
    ['package-executed', undefined],
  ])
})

test('a profile that has the attribute keeps it although its owner forbids it or it is enabled', () => {
  const memory = { profiles: [a, owned], enabled: ICCID_2, fallback: ICCID_2 }
  expect(run(memory, setFallback(ICCID_2)).last.value).toBe('ok')
})

test('the attribute is unset', () => {
  expect(run({ ...none, fallback: ICCID }, unsetFallback).memory.fallback).toBeUndefined()
})

test('listProfileInfo shows state and attribute of every profile, or of those that are searched for', () => {
  const { last } = run({ ...two, fallback: ICCID_2 }, list)
  expect(last.value).toMatchObject({
    kind: 'profileInfoListOk',
    value: [
      { iccid: ICCID, profileState: 'enabled', fallbackAttribute: false, fallbackAllowed: true },
      { iccid: ICCID_2, profileState: 'disabled', fallbackAttribute: true, profileName: `Profile ${ICCID_2}` },
    ],
  })
  const searched: Psmo = {
    kind: 'listProfileInfo',
    value: { searchCriteria: { kind: 'iccid', value: ICCID_2 }, tagList: [0x5a, 0x1234] },
  }
  expect(run(two, searched).last.value).toEqual({
    kind: 'profileInfoListOk',
    value: [{ iccid: ICCID_2, fallbackAttribute: false }],
  })
})

test.each([
  ['incorrectInputValues', [{ kind: 'listProfileInfo', value: { tagList: [0x5b] } }], 'incorrectInputValues'],
  [
    'incorrectInputValues',
    [enable(ICCID_2), { kind: 'listProfileInfo', value: { tagList: [0x5b] } }],
    'profileChangeOngoing',
  ],
] as const)(
  'a tag that no profile has is refused where the policy says %s %#',
  (unknownTagInList, operations, value) => {
    const card = withPolicy(associatedCard(two), { unknownTagInList })
    const results = resultsOf(load(card, packageOf(psmos(...operations))))
    expect(results.at(-1)?.value).toEqual({ kind: 'profileInfoListError', value })
  },
)

test('configureImmediateEnable forgets what it does not name where the policy says so', () => {
  const memory = { immediateEnable: { allowed: true, smdpOid: '2.999.10' } }
  const card = withPolicy(associatedCard(memory), { immediateEnableAbsentField: 'delete' })
  load(card, packageOf(psmos({ kind: 'configureImmediateEnable', value: { immediateEnableFlag: true } })))
  expect(card.state.memory.immediateEnable).toEqual({ allowed: true })
})

test('a failed operation is followed by processingTerminated where the policy says so', () => {
  const card = withPolicy(associatedCard(two), { afterFailedOperation: 'processingTerminated' })
  expect(resultsOf(load(card, packageOf(psmos(enable(NOBODY), list)))).map(({ kind }) => kind)).toEqual([
    'enableResult',
    'processingTerminated',
  ])
})

test('switches of test profiles are not notified where the policy says so', () => {
  const profiles = [installedProfile(ICCID, { profileClass: 'test' }), b]
  const card = withPolicy(associatedCard({ profiles, enabled: ICCID }), { testProfileNotifications: 'suppressed' })
  load(card, packageOf(psmos(enable(ICCID_2))))
  expect(card.state.memory.notifications.map(({ metadata }) => metadata.iccid)).toEqual([ICCID_2, ICCID_2])
})

test.each([
  ['enable', two, enable(ICCID_2)],
  ['disable', two, disable(ICCID)],
] as const)('%s is refused because of toolkit-idle, behind the policy rules', (_, memory, operation) => {
  const busy = (setting: Setting) => {
    const card = withPolicy(associatedCard(setting), { toolkit: 'busy' })
    return resultsOf(load(card, packageOf(psmos(operation))))
  }
  expect(busy(memory)).toMatchObject([{ value: 'catBusy' }])
  expect(busy(protectedOne)).toMatchObject([{ value: 'disallowedByPolicy' }])
})

test('listProfileInfo with a tag that no profile has is refused because of tags-known where the policy says so', () => {
  const card = withPolicy(associatedCard(two), { unknownTagInList: 'incorrectInputValues' })
  const operation: Psmo = { kind: 'listProfileInfo', value: { tagList: [0x5b] } }
  expect(resultsOf(load(card, packageOf(psmos(operation))))).toMatchObject([
    { value: { kind: 'profileInfoListError', value: 'incorrectInputValues' } },
  ])
  expect(card.events).toContainEqual(expect.objectContaining({ type: 'refused', check: 'tags-known' }))
})

test('a disabled test profile gives way to the operational one before it', () => {
  const trial = installedProfile(ICCID_3, { profileClass: 'test' }, 0x12)
  const memory = { profiles: [a, trial], enabled: ICCID_3, beforeTest: ICCID }
  expect(run(memory, disable(ICCID_3)).memory.enabled).toBe(ICCID)
})

test('getRAT answers the table of the card', () => {
  expect(run(two, { kind: 'getRAT', value: {} }).last).toMatchObject({
    kind: 'getRATResult',
    value: [{ pprIds: ['ppr1', 'ppr2'] }],
  })
})

test('configureImmediateEnable keeps what it does not name', () => {
  const memory = { immediateEnable: { allowed: true, smdpOid: '2.999.10', smdpAddress: 'a.example.com' } }
  const value = { immediateEnableFlag: true, defaultSmdpAddress: 'b.example.com' } as const
  expect(run(memory, { kind: 'configureImmediateEnable', value }).memory.immediateEnable).toEqual({
    allowed: true,
    smdpOid: '2.999.10',
    smdpAddress: 'b.example.com',
  })
  expect(run(memory, { kind: 'configureImmediateEnable', value: {} }).memory.immediateEnable.allowed).toBe(false)
})

test('setDefaultDpAddress sets the address, and an empty one removes it', () => {
  const set = (defaultDpAddress: string): Psmo => ({ kind: 'setDefaultDpAddress', value: { defaultDpAddress } })
  expect(run({}, set('a.example.com')).memory.defaultDpAddress).toBe('a.example.com')
  expect(run({ defaultDpAddress: 'a.example.com' }, set('')).memory).toMatchObject({ defaultDpAddress: undefined })
})
