import { describe, expect, test } from 'vitest'
import { encode, fromHex, toHex } from '../../../protocol/ber/index.ts'
import {
  DeleteProfileRequest,
  DisableProfileRequest,
  EnableProfileRequest,
  EuiccMemoryResetRequest,
} from '../../../protocol/sgp22/index.ts'
import { systemEntropy } from '../entropy.ts'
import type { CardEvent } from '../events.ts'
import type { Policy } from '../policy.ts'
import { withMemory } from '../state.ts'
import { newCard } from '../testing/cards.ts'
import { associatedCard, installedProfile, load, packageOf, psmos, resultsOf, withPolicy } from '../testing/eim.ts'
import { ICCID, ICCID_2 } from '../testing/profiles.ts'
import { Terminal } from '../testing/terminal.ts'
import { createCard } from './card.ts'

const REFRESH = 'd009810301010482028182'
const PERFORMED = '80140000' + '0c' + '810301010482028281830100'
const NOT_PERFORMED = '80140000' + '0c' + '810301010482028281830130'

const a = installedProfile(ICCID, {}, 0x10)
const b = installedProfile(ICCID_2, {}, 0x11)
const identifier = (value: string) => ({ profileIdentifier: { kind: 'iccid', value }, refreshFlag: true }) as const
const enableB = encode(EnableProfileRequest, identifier(ICCID_2))

function waiting(policy: Partial<Policy> = {}): Terminal {
  const card = new Terminal(newCard({ policy })).selectIsdr()
  card.state = withMemory(card.state, { profiles: [a, b], enabled: ICCID })
  expect(toHex(card.storeData(enableB))).toBe('bf3103800100910b')
  return card
}

const typesOf = ({ events }: Terminal) => events.map(({ type }) => type)
const SWITCHED = [
  'profile-disabled',
  'profile-enabled',
  'notification-stored',
  'notification-stored',
  'notification-stored',
]

describe('a switch with refreshFlag', () => {
  test('waits until the terminal has refreshed', () => {
    const card = waiting()
    expect(card.state.memory).toMatchObject({ enabled: ICCID, notifications: [] })
    expect(card.events).toEqual([])
    expect(card.send('801200000b')).toBe(`${REFRESH}9000`)
    expect(card.state.memory.enabled).toBe(ICCID)
    expect(card.send(PERFORMED)).toBe('9000')
    expect(card.state.memory.enabled).toBe(ICCID_2)
    expect(card.state.memory.notifications.map(({ metadata }) => metadata.seqNumber)).toEqual([1, 2, 3])
    expect(typesOf(card)).toEqual(SWITCHED)
    expect(card.state.volatile.channels).toEqual(newCard().volatile.channels)
    expect(card.send('801200000b')).toBe('6985')
  })

  test('takes effect with a reset, fetched or not', () => {
    for (const fetch of [false, true]) {
      const card = waiting()
      if (fetch) card.send('801200000b')
      card.reset()
      expect(card.state.memory.enabled).toBe(ICCID_2)
      expect(typesOf(card)).toEqual(SWITCHED)
      expect(card.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5])
    }
  })

  test('leaves everything when the terminal could not refresh, but for numbers that are not used again', () => {
    const card = waiting()
    card.send('801200000b')
    expect(card.send(NOT_PERFORMED)).toBe('9000')
    expect(card.state.memory).toMatchObject({ enabled: ICCID, notifications: [], lastSeqNumber: 3 })
    expect(card.events).toMatchObject([{ type: 'refused', check: 'refresh-performed' }])
    card.reset()
    expect(card.state.memory.enabled).toBe(ICCID)
  })

  test('is announced after every successful command until it is fetched', () => {
    const card = waiting()
    expect(card.send('80f2000c')).toBe('910b')
    expect(card.send('00a40004022fff')).toBe('6a82')
    expect(card.send('801200000a')).toBe('6c0b')
    card.send('801200000b')
    expect(card.send('80f2000c')).toBe('9000')
  })

  test('can ask for another mode, or not wait at all', () => {
    expect(waiting({ refreshMode: 'profileStateChange' }).send('801200000b')).toBe('d0098103010109820281829000')
    const card = new Terminal(newCard({ policy: { refresh: 'atOnce' } })).selectIsdr()
    card.state = withMemory(card.state, { profiles: [a, b], enabled: ICCID })
    expect(toHex(card.storeData(enableB))).toBe('bf31038001009000')
    expect(card.state.memory.enabled).toBe(ICCID_2)
  })

  test('lets no other begin, and its profile not be deleted', () => {
    const card = waiting()
    const answers = [
      [encode(EnableProfileRequest, identifier(ICCID_2)), 'bf3103800105'],
      [encode(DisableProfileRequest, identifier(ICCID)), 'bf3203800105'],
      [encode(EuiccMemoryResetRequest, { resetOptions: ['deleteOperationalProfiles'] }), 'bf3403800105'],
      [encode(DeleteProfileRequest, { kind: 'iccid', value: ICCID_2 }), 'bf3303800102'],
    ] as const
    for (const [request, answer] of answers) expect(toHex(card.storeData(request))).toBe(`${answer}910b`)
  })

  test('of DisableProfile leaves no profile enabled', () => {
    const card = new Terminal(newCard()).selectIsdr()
    card.state = withMemory(card.state, { profiles: [a], enabled: ICCID })
    card.storeData(encode(DisableProfileRequest, identifier(ICCID)))
    expect(card.state.memory.enabled).toBe(ICCID)
    expect(card.reset().state.memory.enabled).toBeUndefined()
  })

  test('is over without effect when its profile is gone', () => {
    const card = waiting()
    card.state = withMemory(card.state, { profiles: [a] })
    expect(card.reset().state.memory.enabled).toBe(ICCID)
    expect(card.events).toEqual([])
  })
})

test.each([
  ['FETCH with nothing waiting', '801200000b', '6985'],
  ['TERMINAL RESPONSE to nothing', PERFORMED, '6985'],
  ['ENVELOPE', '80c2000003d60100', '9000'],
])('%s', (_, command, statusWord) => {
  expect(new Terminal(newCard()).send(command)).toBe(statusWord)
})

test('a TERMINAL RESPONSE that cannot be read is refused, and REFRESH stays outstanding', () => {
  const card = waiting()
  card.send('801200000b')
  expect(card.send('8014000003810101')).toBe('6a80')
  expect(card.send(PERFORMED)).toBe('9000')
  expect(card.state.memory.enabled).toBe(ICCID_2)
})

test('the shell reports what a reset has done', async () => {
  const events: CardEvent[] = []
  const card = createCard({
    state: waiting().state,
    entropy: systemEntropy,
    onEvents: (list) => events.push(...list),
  })
  await card.reset()
  expect(events.map(({ type }) => type)).toEqual(SWITCHED)
  await card.reset()
  expect(events).toHaveLength(5)
  expect(toHex(await card.transmit(fromHex('80f2000c')))).toBe('9000')
})

describe('a switch that a package orders', () => {
  const ordered = (policy: Partial<Policy>, ...kinds: readonly ('enable' | 'disable' | 'delete')[]) => {
    const card = withPolicy(associatedCard({ profiles: [a, b], enabled: ICCID }), policy)
    const operations = kinds.map((kind) => ({ kind, value: { iccid: kind === 'enable' ? ICCID_2 : ICCID } }) as const)
    const answer = load(card, packageOf(psmos(...operations)))
    return { card, results: resultsOf(answer) }
  }

  test('takes effect at once', () => {
    expect(ordered({}, 'enable').card.state.memory.enabled).toBe(ICCID_2)
  })

  test('waits where the policy says so, and its result is stored before', () => {
    const { card, results } = ordered({ packageSwitch: 'waits' }, 'disable', 'enable')
    expect(results).toMatchObject([{ value: 'ok' }, { value: 'ok' }])
    expect(card.state.memory).toMatchObject({ enabled: ICCID, notifications: [], packageResults: [{ seqNumber: 1 }] })
    expect(typesOf(card)).toEqual(['package-executed'])
    card.reset()
    expect(card.state.memory.enabled).toBe(ICCID_2)
    expect(typesOf(card)).toEqual(['package-executed', ...SWITCHED])
    expect(card.state.memory.notifications.map(({ metadata }) => metadata.seqNumber)).toEqual([2, 3, 4])
  })

  test('does not wait when the profile before is deleted in the same package', () => {
    const { card } = ordered({ packageSwitch: 'waits' }, 'enable', 'delete')
    expect(card.state.memory).toMatchObject({ enabled: ICCID_2, profiles: [{ iccid: ICCID_2 }] })
    expect(card.state.volatile.refresh).toBeUndefined()
  })

  test('is answered with catBusy while another is under way', () => {
    const { card } = ordered({ packageSwitch: 'waits' }, 'enable')
    const run = (counterValue: number, kind: 'enable' | 'disable' | 'delete', iccid: string) =>
      resultsOf(load(card, packageOf(psmos({ kind, value: { iccid } }), { counterValue })))
    expect(run(12, 'enable', ICCID_2)).toMatchObject([{ value: 'catBusy' }])
    expect(run(13, 'disable', ICCID)).toMatchObject([{ value: 'catBusy' }])
    expect(run(14, 'delete', ICCID_2)).toMatchObject([{ value: 'profileNotInDisabledState' }])
  })
})
