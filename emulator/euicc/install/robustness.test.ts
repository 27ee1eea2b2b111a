import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, toHex } from '../../../protocol/ber/index.ts'
import { ProfileInstallationResult } from '../../../protocol/sgp22/index.ts'
import { reset, transmit } from '../card/transmit.ts'
import { profilesOf } from '../euicc.ts'
import { newCard } from '../testing/cards.ts'
import { elementsOf, ICCID, metadataOf, packageOf } from '../testing/profiles.ts'
import {
  authenticate,
  bind,
  challenge,
  download,
  encodePackage,
  load,
  otpkOf,
  prepare,
  segmentsOf,
  signatureOf,
} from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

/** A card that waits for the package, and the package. */
function prepared(options: Parameters<typeof bind>[1] = {}) {
  const card = new Terminal(newCard()).selectIsdr()
  const bound = bind(otpkOf(prepare(card, signatureOf(authenticate(card)))), options)
  return { card, ready: card.state, bound, segments: segmentsOf(bound) }
}

/** The metadata of a package that is as small as it can be. */
const small = { metadata: metadataOf(ICCID, { notificationConfigurationInfo: [] }) }

const outcomeOf = (answer: Uint8Array) =>
  decode(ProfileInstallationResult, answer.subarray(0, -2)).profileInstallationResultData.value.finalResult.kind

test('the segments are those of the standard', () => {
  const { bound, segments } = prepared({ replaceSessionKeys: true })
  expect(segments.map((segment) => toHex(segment.subarray(0, 2)))).toEqual([
    'bf36',
    'a01a',
    'a177',
    '8875',
    'a24a',
    'a382',
    '8682',
  ])
  expect(toHex(Buffer.concat(segments))).toBe(toHex(encodePackage(bound)))
})

test('a loss of power after any segment leaves the card as it was before the session, or with the whole profile', () => {
  const { card, ready, segments } = prepared({ replaceSessionKeys: true, payload: 200 })
  for (let cut = 0; cut <= segments.length; cut++) {
    card.state = ready
    for (const segment of segments.slice(0, cut)) card.storeData(segment)
    card.state = reset(card.state)
    if (cut < segments.length) {
      expect(card.state.memory).toBe(ready.memory)
      expect(card.selectIsdr().storeData(segments[cut] ?? new Uint8Array())).toEqual(Uint8Array.of(0x69, 0x85))
      continue
    }
    expect(profilesOf(card.state)).toHaveLength(1)
    expect(card.state.memory).toMatchObject({ lastSeqNumber: 1, notifications: [{}] })
  }
})

test('a loss of power after any APDU of a download leaves the state before or the state after', () => {
  const apdus: Uint8Array[] = []
  const card = new Terminal(newCard()).selectIsdr()
  const send = card.transmit.bind(card)
  const memories = new Set([card.state.memory])
  card.transmit = (apdu) => {
    apdus.push(apdu)
    const answer = send(apdu)
    memories.add(card.state.memory)
    return answer
  }
  download(card, { blockSize: 120 })
  expect(apdus.length).toBeGreaterThan(20)
  expect([...memories].map(({ profiles, lastSeqNumber }) => [profiles.length, lastSeqNumber])).toEqual([
    [0, 0],
    [1, 1],
  ])
})

test('segments may end anywhere', () => {
  const { card, ready, bound } = prepared({ replaceSessionKeys: true })
  const whole = encodePackage(bound)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 3, max: 400 }), { minLength: 1, maxLength: 60 }), (sizes) => {
      card.state = ready
      const segments: Uint8Array[] = []
      let at = 0
      for (let i = 0; at < whole.length; i++) {
        const size = sizes[i % sizes.length] ?? 1
        segments.push(whole.subarray(at, at + size))
        at += size
      }
      expect(outcomeOf(load(card, segments, 120))).toBe('successResult')
    }),
    { numRuns: 25 },
  )
})

test('a package in one command of many blocks is installed', () => {
  const { card, bound } = prepared()
  expect(outcomeOf(load(card, [encodePackage(bound)]))).toBe('successResult')
})

test('whichever octet of a package is changed, the profile is not installed', () => {
  const { card, ready, bound } = prepared(small)
  const whole = encodePackage(bound)
  const protectedFrom = whole.length - encodePackage({ ...bound, channel: new Uint8Array() }).length
  expect(protectedFrom).toBeGreaterThan(100)
  for (let i = 0; i < whole.length; i++) {
    card.state = ready
    const changed = whole.slice()
    changed[i] = (changed[i] ?? 0) ^ 0x01
    card.storeData(changed)
    expect(card.state.memory.profiles, `octet ${i}`).toEqual([])
  }
})

test('a package that has other octets behind it is installed before they are looked at', () => {
  const { card, bound } = prepared()
  expect(outcomeOf(load(card, [Buffer.concat([encodePackage(bound), Uint8Array.of(1, 2, 3)])]))).toBe('successResult')
})

test('segments without PrepareDownload, after the end and after a failure get a status word', () => {
  const { card, ready, segments } = prepared()
  const [first = new Uint8Array(), second = new Uint8Array()] = segments
  card.state = reset(ready)
  expect(toHex(card.selectIsdr().storeData(first))).toBe('6985')
  card.state = ready
  expect(toHex(card.storeData(second))).toBe('6985')
  card.storeData(first)
  expect(toHex(card.storeData(first))).toBe('6985')
  load(card, segments.slice(1))
  expect(toHex(card.storeData(second))).toBe('6985')
})

test('a function between two segments is executed, and a new challenge ends the download', () => {
  const { card, segments } = prepared()
  const [first = new Uint8Array(), second = new Uint8Array(), ...rest] = segments
  card.storeData(first)
  expect(card.send('80e2910006bf3e035c015a00')).toBe('6115')
  expect(toHex(card.storeData(second))).toBe('9000')
  challenge(card)
  expect(toHex(card.storeData(rest[0] ?? second))).toBe('6985')
  expect(card.state.memory.profiles).toEqual([])
})

test('the files of a profile are there when it is enabled, and only then', () => {
  const card = new Terminal(newCard()).selectIsdr()
  download(card)
  expect(card.send('00a40004022fe2')).toBe('6a82')
  card.state = { ...card.state, memory: { ...card.state.memory, enabled: ICCID } }
  expect(card.send('00a4000c022fe2')).toBe('9000')
  expect(card.send('00b000000a')).toBe('989400000000000000f19000')
  expect(card.send('00a4040c07a0000000871002')).toBe('9000')
  expect(card.send('00b0870009')).toBe('0829260100000000109000')
  expect(card.send('00a4000c026fad')).toBe('9000')
  expect(card.send('00b0000004')).toBe('000000029000')
  expect(card.send('00b0000000')).toBe('000000029000')
  expect(card.send('00b0000400')).toBe('6b00')
  expect(card.send('00a4080c047fff6f07')).toBe('9000')
  expect(card.send('80f2000100')).toBe(`8410a0000000871002ff49ffff89000001009000`)
  expect(card.send('00a40000022f00')).toMatch(/^61/)
  expect(card.send('00c00000ff')).toContain('82054221001a01')
  expect(card.send('00b201041a')).toMatch(/^61184f10a0000000871002.*9000$/)
  expect(card.send('00b202041a')).toBe('6a83')
  expect(card.send('00b0000001')).toBe('6981')
})

test('the FCI of the ISD-R says whether a profile is enabled', () => {
  const card = new Terminal(newCard()).selectIsdr()
  download(card)
  card.state = { ...card.state, memory: { ...card.state.memory, enabled: ICCID } }
  card.selectIsdr()
  expect(card.send('00c0000027')).toContain('e10480020640')
})

test('a state can be stepped from many times: it is never changed in place', () => {
  const { ready, segments, card } = prepared()
  const before = JSON.stringify(ready.memory)
  for (let round = 0; round < 2; round++) {
    card.state = ready
    expect(outcomeOf(load(card, segments))).toBe('successResult')
  }
  expect(JSON.stringify(ready.memory)).toBe(before)
  expect(packageOf(elementsOf(ICCID)).length).toBeLessThan(1007)
  expect(transmit(ready, Uint8Array.of(0), card.entropy).state.memory).toBe(ready.memory)
})
