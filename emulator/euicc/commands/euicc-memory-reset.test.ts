import { describe, expect, test } from 'vitest'
import {
  EuiccMemoryResetRequest as ConsumerRequest,
  EuiccMemoryResetResponse as ConsumerResponse,
} from '../../../protocol/sgp22/index.ts'
import { EuiccMemoryResetRequest, EuiccMemoryResetResponse } from '../../../protocol/sgp32/index.ts'
import type { Policy } from '../policy.ts'
import type { Memory, Profile } from '../state.ts'
import { newCard } from '../testing/cards.ts'
import { associatedCard, installedProfile, withPolicy } from '../testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from '../testing/profiles.ts'
import type { Terminal } from '../testing/terminal.ts'

type Options = EuiccMemoryResetRequest['resetOptions']

const reset = (card: Terminal, resetOptions: Options) =>
  card.call(EuiccMemoryResetRequest, { resetOptions }, EuiccMemoryResetResponse)
const resetConsumer = (card: Terminal, resetOptions: ConsumerRequest['resetOptions']) =>
  card.call(ConsumerRequest, { resetOptions }, ConsumerResponse).resetResult

const PRE_LOADED = '8949000000000000035'
const kept = installedProfile(ICCID, { profilePolicyRules: ['ppr1', 'ppr2'] })
const testProfile = installedProfile(ICCID_2, { profileClass: 'test' }, 0x11)
const provisioning = installedProfile(ICCID_3, { profileClass: 'provisioning' }, 0x12)
const preLoaded: Profile = { ...installedProfile(PRE_LOADED, { profileClass: 'test' }, 0x13), isPreLoaded: true }
const profiles = [kept, testProfile, provisioning, preLoaded]
const emergency = installedProfile(ICCID, { ecallIndication: true })
const calling: Partial<Memory> = { profiles: [emergency, testProfile], enabled: ICCID }

const iccidsOf = ({ state }: Terminal) => state.memory.profiles.map(({ iccid }) => iccid)

test.each([
  [['deleteOperationalProfiles'], [ICCID_2, ICCID_3, PRE_LOADED]],
  [['deleteFieldLoadedTestProfiles'], [ICCID, ICCID_3, PRE_LOADED]],
  [['deletePreLoadedTestProfiles'], [ICCID, ICCID_2, ICCID_3]],
  [['deleteProvisioningProfiles'], [ICCID, ICCID_2, PRE_LOADED]],
  [
    ['deleteOperationalProfiles', 'deleteProvisioningProfiles'],
    [ICCID_2, PRE_LOADED],
  ],
] as const)('the options %j leave the profiles %j', (options, left) => {
  const card = associatedCard({ profiles })
  expect(reset(card, options)).toEqual({ resetResult: 'ok' })
  expect(iccidsOf(card)).toEqual(left)
  expect(card.state.memory.eims).toHaveLength(1)
})

test('an enabled profile goes whatever its policy rules, with what referred to it; its receivers learn that it is deleted', () => {
  const rollback = { iccid: ICCID_2, eimId: 'eim', counterValue: 1, seqNumber: 1 }
  const card = associatedCard({ profiles, enabled: ICCID, fallback: ICCID, beforeFallback: ICCID_2, rollback })
  expect(resetConsumer(card, ['deleteOperationalProfiles'])).toBe('ok')
  const { enabled, fallback, beforeFallback, rollback: left, notifications } = card.state.memory
  expect([enabled, fallback, beforeFallback, left]).toEqual([undefined, undefined, undefined, undefined])
  expect(notifications.map(({ metadata }) => metadata.profileManagementOperation)).toEqual([
    ['notificationDelete'],
    ['notificationDelete'],
  ])
  expect(card.events.map(({ type }) => type)).toEqual([
    'profile-disabled',
    'fallback-attribute-unset',
    'profile-deleted',
    'notification-stored',
    'notification-stored',
  ])
})

test('the default SM-DP+ address goes back to that of the maker, or to none', () => {
  const own = associatedCard({ defaultDpAddress: 'x', factoryDpAddress: 'smdp.example.com' })
  expect(resetConsumer(own, ['resetDefaultSmdpAddress'])).toBe('ok')
  expect(own.state.memory.defaultDpAddress).toBe('smdp.example.com')
  const none = associatedCard({ defaultDpAddress: 'x' })
  expect(reset(none, ['resetDefaultSmdpAddress'])).toEqual({ resetResult: 'ok' })
  expect(none.state.memory.defaultDpAddress).toBeUndefined()
  expect(newCard({ defaultDpAddress: 'x' }).memory.factoryDpAddress).toBe('x')
})

test('eIMs and the configuration of immediate enabling have results of their own', () => {
  const card = associatedCard({ immediateEnable: { allowed: true, smdpOid: '2.999' } })
  const options: Options = ['deleteOperationalProfiles', 'resetEimConfigData', 'resetImmediateEnableConfig']
  expect(reset(card, options)).toEqual({
    resetResult: 'nothingToDelete',
    resetEimResult: 'ok',
    resetImmediateEnableConfigResult: 'ok',
  })
  expect(card.state.memory).toMatchObject({ eims: [], immediateEnable: { allowed: false } })
  expect(card.state.memory.immediateEnable).not.toHaveProperty('smdpOid')
  expect(card.events).toMatchObject([{ type: 'eim-deleted', cause: 'EuiccMemoryReset' }])
  expect(reset(card, ['resetEimConfigData'])).toEqual({ resetResult: 'ok', resetEimResult: 'nothingToDelete' })
})

describe.each([
  ['eUICCMemoryReset', 'undefinedError', resetConsumer],
  [
    'EuiccMemoryReset',
    'ecallActive',
    (card: Terminal, options: ConsumerRequest['resetOptions']) => reset(card, options).resetResult,
  ],
] as const)('%s is refused', (cause, inEmergency, call) => {
  const busy: Partial<Policy> = { toolkit: 'busy' }
  test.each([
    ['no-emergency', calling, {}, inEmergency],
    ['no-emergency', calling, busy, inEmergency],
    ['toolkit-idle', { profiles }, busy, 'catBusy'],
    ['toolkit-idle', {}, busy, 'catBusy'],
  ] as const)('because of %s %#', (check, memory, policy, code) => {
    const card = withPolicy(associatedCard(memory), policy)
    const before = card.state.memory
    expect(call(card, ['deleteOperationalProfiles'])).toBe(code)
    expect(card.state.memory).toBe(before)
    expect(card.events).toMatchObject([{ type: 'refused', cause, check }])
  })
})

test('a reset that finds nothing says so and changes nothing', () => {
  const card = associatedCard({ profiles: [provisioning], enabled: ICCID_3 })
  const before = card.state.memory
  expect(resetConsumer(card, ['deleteOperationalProfiles', 'deleteFieldLoadedTestProfiles'])).toBe('nothingToDelete')
  expect(card.events).toMatchObject([{ type: 'refused', check: 'something-to-delete' }])
  expect(card.state.memory).toBe(before)
  expect(reset(card, ['deletePreLoadedTestProfiles'])).toEqual({ resetResult: 'nothingToDelete' })
  expect(card.state.memory).toEqual(before)
})
