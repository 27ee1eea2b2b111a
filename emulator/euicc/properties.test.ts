import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode, toHex } from '../../protocol/ber/index.ts'
import { EuiccPackageRequest, type Psmo } from '../../protocol/sgp32/index.ts'
import { reset } from './card/transmit.ts'
import { type EntropyDraw, recordingEntropy, replayingEntropy, systemEntropy } from './entropy.ts'
import { profilesOf } from './euicc.ts'
import { newCard } from './testing/cards.ts'
import { addInitialEim, associatedCard, configurationOf, installedProfile, packageOf, psmos } from './testing/eim.ts'
import { ICCID, ICCID_2, ICCID_3 } from './testing/profiles.ts'
import { download } from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'

const iccid = fc.constantFrom(ICCID, ICCID_2, ICCID_3)
const psmo: fc.Arbitrary<Psmo> = fc.oneof(
  fc.record({ kind: fc.constant('enable' as const), value: fc.record({ iccid }) }),
  fc.record({
    kind: fc.constant('enable' as const),
    value: fc.record({ iccid, rollbackFlag: fc.constant(true as const) }),
  }),
  fc.record({ kind: fc.constantFrom('disable', 'delete', 'setFallbackAttribute'), value: fc.record({ iccid }) }),
  fc.record({ kind: fc.constantFrom('unsetFallbackAttribute', 'getRAT', 'listProfileInfo'), value: fc.constant({}) }),
) as fc.Arbitrary<Psmo>

const counted = fc.record({
  operations: fc.array(psmo, { maxLength: 4 }),
  counterValue: fc.integer({ min: 5, max: 60 }),
  powerLoss: fc.boolean(),
})

test('whatever packages come, the profiles of a card stay consistent, numbers rise and a refusal changes nothing', () => {
  const profiles = [ICCID, ICCID_2, ICCID_3].map((name, i) => installedProfile(name, {}, 0x10 + i))
  const start = associatedCard({ profiles }).state
  fc.assert(
    fc.property(fc.array(counted, { maxLength: 8 }), (packages) => {
      const card = new Terminal(start)
      for (const { operations, counterValue, powerLoss } of packages) {
        const before = card.state
        const answer = toHex(
          card.storeData(encode(EuiccPackageRequest, packageOf(psmos(...operations), { counterValue }))),
        )
        const views = profilesOf(card.state)
        expect(views.filter(({ state }) => state === 'enabled').length).toBeLessThanOrEqual(1)
        expect(views.filter(({ fallbackAttribute }) => fallbackAttribute).length).toBeLessThanOrEqual(1)
        const isRefused = !/^bf51(81..|82....|..)a0/.test(answer)
        expect(isRefused).toBe(counterValue <= (before.memory.eims[0]?.counterValue ?? 0))
        if (isRefused) expect(card.state.memory).toBe(before.memory)
        else expect(card.state.memory.lastSeqNumber).toBeGreaterThan(before.memory.lastSeqNumber)
        const numbers = card.state.memory.notifications.map(({ metadata }) => metadata.seqNumber)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
        if (powerLoss) card.state = { ...reset(card.state), volatile: start.volatile }
      }
      expect(card.events.map(({ sequence }) => sequence)).toEqual(card.events.map((_, i) => start.sequence + i + 1))
    }),
    { numRuns: 60 },
  )
})

test('events tell the truth: replaying them gives the states of the profiles', () => {
  const profiles = [ICCID, ICCID_2, ICCID_3].map((name, i) => installedProfile(name, {}, 0x10 + i))
  const start = associatedCard({ profiles }).state
  fc.assert(
    fc.property(fc.array(fc.array(psmo, { maxLength: 4 }), { maxLength: 8 }), (packages) => {
      const card = new Terminal(start)
      packages.forEach((operations, i) => {
        card.storeData(encode(EuiccPackageRequest, packageOf(psmos(...operations), { counterValue: 20 + i })))
      })
      const told = new Map(profiles.map((profile) => [profile.iccid, { state: 'disabled', fallbackAttribute: false }]))
      for (const event of card.events) {
        const view = told.get(event.iccid ?? '')
        if (!view) continue
        if (event.type === 'profile-enabled') view.state = 'enabled'
        if (event.type === 'profile-disabled') view.state = 'disabled'
        if (event.type === 'fallback-attribute-set') view.fallbackAttribute = true
        if (event.type === 'fallback-attribute-unset') view.fallbackAttribute = false
        if (event.type === 'profile-deleted') told.delete(event.iccid ?? '')
      }
      expect(
        profilesOf(card.state).map(({ iccid, state, fallbackAttribute }) => [iccid, { state, fallbackAttribute }]),
      ).toEqual([...told])
    }),
    { numRuns: 60 },
  )
})

/** A download and a package, with every APDU. */
function session(card: Terminal): readonly string[] {
  const answers: string[] = []
  const send = card.transmit.bind(card)
  card.transmit = (apdu) => {
    const answer = send(apdu)
    answers.push(`${toHex(apdu)} ${toHex(answer)}`)
    return answer
  }
  card.selectIsdr()
  addInitialEim(card, configurationOf())
  download(card)
  return answers
}

test('a recorded run replays octet for octet, and a recording of another run is noticed', () => {
  const draws: EntropyDraw[] = []
  const recorded = new Terminal(
    newCard(),
    recordingEntropy(systemEntropy, (draw) => draws.push(draw)),
  )
  const exchange = session(recorded).map((line) => line.split(' '))
  const replay = (recording: readonly EntropyDraw[]) => {
    const card = new Terminal(newCard(), replayingEntropy(recording))
    return exchange.map(([apdu = '']) => card.send(apdu))
  }
  expect(replay(draws)).toEqual(exchange.map(([, answer]) => answer))
  expect(() => replay(draws.slice(1))).toThrow('recording')
  expect(() => replay(draws.slice(0, -1))).toThrow('ended')
  const [first, second, ...rest] = draws
  if (first?.kind !== 'random' || second?.kind !== 'signature') throw new Error('another order of draws')
  expect(() => replay([{ ...first, octets: new Uint8Array(8) }, second, ...rest])).toThrow('16 octets')
  expect(() => replay([first, { ...second, octets: new Uint8Array(64) }, ...rest])).toThrow('over other octets')
  const otherCurve = draws.map((draw) => (draw.kind === 'key-pair' ? ({ ...draw, curve: 'brainpool' } as const) : draw))
  expect(() => replay(otherCurve)).toThrow('brainpool')
})
