import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode, fromHex } from '../../protocol/ber/index.ts'
import {
  DeleteProfileRequest,
  DisableProfileRequest,
  EnableProfileRequest,
  NotificationSentRequest,
} from '../../protocol/sgp22/index.ts'
import { EuiccMemoryResetRequest, EuiccPackageRequest, type Psmo } from '../../protocol/sgp32/index.ts'
import { reset } from './card/transmit.ts'
import { profilesOf } from './euicc.ts'
import type { Policy } from './policy.ts'
import type { EuiccState, Profile } from './state.ts'
import { associatedCard, installedProfile, packageOf, psmos, withPolicy } from './testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from './testing/profiles.ts'
import type { Terminal } from './testing/terminal.ts'

const TEST = '8949000000000000035'
const ECALL = '8949000000000000043'

const profiles: readonly Profile[] = [
  installedProfile(ICCID, {}, 0x10),
  installedProfile(ICCID_2, {}, 0x11),
  installedProfile(ICCID_3, { profilePolicyRules: ['ppr2'] }, 0x12),
  installedProfile(TEST, { profileClass: 'test' }, 0x13),
  installedProfile(ECALL, { ecallIndication: true }, 0x14),
]

const iccid = fc.constantFrom(...profiles.map((profile) => profile.iccid))
const refreshFlag = fc.boolean()

/** What is sent, in APDUs of the terminal or as a function. */
type Command = { readonly apdu: string } | { readonly request: Uint8Array } | { readonly psmo: Psmo } | 'reset'

const localTags = ['bf58', 'bf5a', 'bf5b', 'bf5c', 'bf5d', 'bf5e']
const local = fc
  .tuple(fc.constantFrom(...localTags), refreshFlag)
  .map(([tag, flag]) => ({ request: fromHex(`${tag}038001${flag ? 'ff' : '00'}`) }))
const es10c = fc.tuple(fc.constantFrom(EnableProfileRequest, DisableProfileRequest), iccid, refreshFlag)
const resetOptions = fc.subarray([
  'deleteOperationalProfiles',
  'deleteFieldLoadedTestProfiles',
  'resetDefaultSmdpAddress',
  'resetImmediateEnableConfig',
] as const)

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 12, arbitrary: local },
  {
    weight: 6,
    arbitrary: es10c.map(([schema, value, flag]) => ({
      request: encode(schema, { profileIdentifier: { kind: 'iccid', value }, refreshFlag: flag }),
    })),
  },
  { weight: 1, arbitrary: iccid.map((value) => ({ request: encode(DeleteProfileRequest, { kind: 'iccid', value }) })) },
  {
    weight: 1,
    arbitrary: resetOptions.map((options) => ({ request: encode(EuiccMemoryResetRequest, { resetOptions: options }) })),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map((seqNumber) => ({ request: encode(NotificationSentRequest, { seqNumber }) })),
  },
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.constantFrom('enable', 'enable', 'enable', 'disable', 'delete', 'setFallbackAttribute'),
        iccid,
        fc.boolean(),
      )
      .map(([kind, name, rolls]) => ({
        psmo: {
          kind,
          value: kind === 'enable' && rolls ? { iccid: name, rollbackFlag: true } : { iccid: name },
        } as Psmo,
      })),
  },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('801200000b', '801400000c810301010482028281830100', '801400000c810301010482028281830130')
      .map((apdu) => ({ apdu })),
  },
  { weight: 4, arbitrary: fc.constant('reset' as const) },
)

const policy: fc.Arbitrary<Partial<Policy>> = fc.record({
  refresh: fc.constantFrom('waits', 'atOnce'),
  packageSwitch: fc.constantFrom('atOnce', 'waits'),
})

/** Sends it, and gives the states after each of its APDUs. */
function send(card: Terminal, sent: Command, counterValue: number): readonly EuiccState[] {
  const states: EuiccState[] = []
  const transmit = card.transmit.bind(card)
  card.transmit = (apdu) => {
    const answer = transmit(apdu)
    states.push(card.state)
    return answer
  }
  if (sent === 'reset') card.reset().selectIsdr()
  else if ('apdu' in sent) card.send(sent.apdu)
  else
    card.storeData(
      'psmo' in sent ? encode(EuiccPackageRequest, packageOf(psmos(sent.psmo), { counterValue })) : sent.request,
      60,
    )
  card.transmit = transmit
  return states
}

function expectConsistent({ memory }: EuiccState) {
  const known = memory.profiles.map((profile) => profile.iccid)
  const { enabled, fallback, beforeFallback, beforeEmergency, rollback } = memory
  for (const name of [enabled, fallback, beforeFallback, beforeEmergency]) expect([...known, undefined]).toContain(name)
  expect(
    rollback === undefined || memory.eims.some(({ configuration }) => configuration.eimId === rollback.eimId),
  ).toBe(true)
  const numbers = memory.notifications.map(({ metadata }) => metadata.seqNumber)
  expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => x - y))
  const results = memory.packageResults.map(({ seqNumber }) => seqNumber)
  expect(new Set([...numbers, ...results]).size).toBe(numbers.length + results.length)
  expect(Math.max(0, ...numbers, ...results)).toBeLessThanOrEqual(memory.lastSeqNumber)
}

/** The profiles that events tell of, from what stood on the card at first. */
function toldBy({ events }: Terminal): unknown {
  const told = new Map(
    profiles.map((profile) => [
      profile.iccid,
      { state: profile.iccid === ICCID ? 'enabled' : 'disabled', fallbackAttribute: profile.iccid === ICCID_2 },
    ]),
  )
  for (const { type, iccid: name = '' } of events) {
    const view = told.get(name)
    if (!view) continue
    if (type === 'profile-enabled' || type === 'profile-disabled') view.state = type.slice('profile-'.length)
    if (type.startsWith('fallback')) view.fallbackAttribute = type === 'fallback-attribute-set'
    if (type === 'profile-deleted') told.delete(name)
  }
  return [...told]
}

test('whatever functions come, with power lost after any APDU, a card is as before or as after, consistent, and told true', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 6, maxLength: 20 }), policy, (commands, choices) => {
      const card = withPolicy(associatedCard({ profiles, enabled: ICCID, fallback: ICCID_2 }), choices)
      commands.forEach((sent, i) => {
        const before = card.state
        const told = card.events.length
        const states = send(card, sent, 20 + i)
        const after = card.state
        const news = card.events.slice(told).map(({ type }) => type)
        const ends = [reset(before).memory, reset(after).memory]
        for (const state of states) expect(ends).toContainEqual(reset(state).memory)
        expectConsistent(after)
        expectConsistent(reset(after))
        expect(after.memory.lastSeqNumber).toBeGreaterThanOrEqual(before.memory.lastSeqNumber)
        expect(profilesOf(after).filter(({ state }) => state === 'enabled').length).toBeLessThanOrEqual(1)
        if (news.length > 0 && news.every((type) => type === 'refused')) expect(after.memory).toBe(before.memory)
      })
      const shown = profilesOf(card.state).map((view) => [
        view.iccid,
        { state: view.state, fallbackAttribute: view.fallbackAttribute },
      ])
      expect(shown).toEqual(toldBy(card))
      expect(card.events.map(({ sequence }) => sequence)).toEqual(card.events.map((_, i) => i + 2))
    }),
    { numRuns: 150 },
  )
})
