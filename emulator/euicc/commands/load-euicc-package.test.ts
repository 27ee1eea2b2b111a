import { describe, expect, test } from 'vitest'
import { encode, fromHex, toHex } from '../../../protocol/ber/index.ts'
import { privateKeyFromSeed, sign } from '../../../protocol/crypto/index.ts'
import {
  EuiccPackageRequest,
  EuiccPackageResult,
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
} from '../../../protocol/sgp32/index.ts'
import { reset } from '../card/transmit.ts'
import { PackageSigned } from '../packages/request.ts'
import { EID, newCard, seed } from '../testing/cards.ts'
import {
  addInitialEim,
  associatedCard,
  configurationOf,
  EIM_ID,
  ecos,
  eimKey,
  installedProfile,
  isSignedByCard,
  load,
  packageOf,
  psmos,
  resultsOf,
} from '../testing/eim.ts'
import { ICCID, ICCID_2 } from '../testing/profiles.ts'
import { Terminal } from '../testing/terminal.ts'

const list = psmos({ kind: 'listProfileInfo', value: {} })
const stranger = privateKeyFromSeed('nist', seed, 'stranger')
const OTHER_EID = '89049032123451234512345678901299'

type Options = Parameters<typeof packageOf>[1]

const unsigned = { kind: 'euiccPackageErrorUnsigned' }
const signed = (euiccPackageErrorCode: string) => ({
  kind: 'euiccPackageErrorSigned',
  value: { euiccPackageErrorDataSigned: { value: { euiccPackageErrorCode } } },
})

const unknownEim = { eimId: 'nobody' }
const wrongSignature = { key: stranger }
const wrongEid = { eidValue: OTHER_EID }
const highCounter = { counterValue: 0x800000 }
const usedCounter = { counterValue: 10 }

/** One row for each check and one for each pair of neighbours that both fail: the first decides. */
const refusals: readonly [check: string, broken: Options, answer: object][] = [
  ['eim-known', unknownEim, unsigned],
  ['eim-known', { ...unknownEim, ...wrongSignature }, unsigned],
  ['eim-signature', wrongSignature, unsigned],
  ['eim-signature', { ...wrongSignature, ...wrongEid }, unsigned],
  ['eid-own', wrongEid, signed('invalidEid')],
  ['eid-own', { ...wrongEid, ...highCounter }, signed('invalidEid')],
  ['counter-in-range', highCounter, signed('counterValueOutOfRange')],
  ['counter-in-range', { counterValue: -1 }, signed('counterValueOutOfRange')],
  ['counter-fresh', usedCounter, signed('replayError')],
]

describe('a package is refused and nothing changes', () => {
  test.each(refusals)('because of %s %#', (check, broken, answer) => {
    const card = associatedCard()
    const { memory } = card.state
    expect(load(card, packageOf(list, { ...broken, eimTransactionId: 'AB' }))).toMatchObject(answer)
    expect(card.state.memory).toBe(memory)
    expect(card.events).toMatchObject([{ type: 'refused', cause: 'LoadEuiccPackage', check }])
  })

  const tiny = { limits: { packageSize: 10 } }
  test.each([
    ['package-fits', {}, signed('sizeOverflow')],
    ['package-fits', wrongEid, signed('sizeOverflow')],
    ['eim-signature', wrongSignature, unsigned],
  ])('because of %s when it is too large', (check, broken, answer) => {
    const card = new Terminal(newCard(tiny)).selectIsdr()
    addInitialEim(card, configurationOf())
    card.events.length = 0
    expect(load(card, packageOf(list, broken))).toMatchObject(answer)
    expect(card.events).toMatchObject([{ type: 'refused', check }])
  })
})

test('a signed refusal repeats identifiers and counter and its signature covers the token', () => {
  const card = associatedCard()
  const result = load(card, packageOf(list, { ...usedCounter, eimTransactionId: 'AB' }))
  if (result.kind !== 'euiccPackageErrorSigned') throw new Error(result.kind)
  const { euiccPackageErrorDataSigned: data, euiccSignEPE } = result.value
  expect(data.value).toEqual({
    eimId: EIM_ID,
    counterValue: 10,
    eimTransactionId: 'AB',
    euiccPackageErrorCode: 'replayError',
  })
  expect(isSignedByCard(data.octets, euiccSignEPE)).toBe(true)
})

test('an unsigned refusal has the token exactly when one is configured', () => {
  const plain = load(associatedCard(), packageOf(list, wrongSignature))
  expect(plain.value).toEqual({ eimId: EIM_ID })
  const card = new Terminal(newCard()).selectIsdr()
  addInitialEim(card, configurationOf({ associationToken: -1 }))
  expect(load(card, packageOf(list)).value).toEqual({ eimId: EIM_ID, associationToken: 1 })
  expect(load(card, packageOf(list, { token: 1 })).kind).toBe('euiccPackageResultSigned')
})

test('a package that cannot be read is refused without a signature, to the eIM that it names', () => {
  const card = associatedCard()
  const { memory } = card.state
  const answer = (request: string) => toHex(card.storeData(fromHex(request)))
  expect(answer('bf510430028000')).toBe('bf5104a20280009000')
  expect(answer('bf51093007800365494d8100')).toBe('bf5107a205800365494d9000')
  expect(card.state.memory).toBe(memory)
  expect(card.events).toMatchObject([{ type: 'malformed' }, { type: 'malformed' }])
})

test('an accepted package is answered with what is stored until it is removed, over a reset', () => {
  const card = associatedCard()
  const result = load(card, packageOf(list, { eimTransactionId: 'AB' }))
  if (result.kind !== 'euiccPackageResultSigned') throw new Error(result.kind)
  expect(result.value.euiccPackageResultDataSigned.value).toMatchObject({
    eimId: EIM_ID,
    counterValue: 11,
    eimTransactionId: 'AB',
    seqNumber: 1,
  })
  card.state = reset(card.state)
  card.selectIsdr()
  const criteria = { searchCriteria: { kind: 'euiccPackageResults', value: true } } as const
  const stored = card.call(RetrieveNotificationsListRequest, criteria, RetrieveNotificationsListResponse)
  expect(stored).toMatchObject({ kind: 'euiccPackageResultList', value: [{ kind: 'euiccPackageResultSigned' }] })
  expect(encode(EuiccPackageResult, stored.value[0] as EuiccPackageResult)).toEqual(encode(EuiccPackageResult, result))
  expect(card.events.map(({ type }) => type)).toEqual(['package-executed'])
})

test('the same package is a replay the second time', () => {
  const card = associatedCard()
  const request = packageOf(list)
  expect(load(card, request).kind).toBe('euiccPackageResultSigned')
  expect(load(card, request)).toMatchObject(signed('replayError'))
})

test('the list of results is bounded and drops its oldest', () => {
  const card = new Terminal(newCard({ limits: { packageResults: 2 } })).selectIsdr()
  addInitialEim(card, configurationOf())
  for (const counterValue of [11, 12, 13]) load(card, packageOf(list, { counterValue }))
  expect(card.state.memory.packageResults.map(({ seqNumber }) => seqNumber)).toEqual([2, 3])
})

/** A package with operations that no schema would write. */
function packageWith(kind: 'psmoList' | 'ecoList', ...operations: readonly string[]): EuiccPackageRequest {
  const value = operations.map(fromHex)
  const signed = { eimId: EIM_ID, eidValue: EID, counterValue: 11, euiccPackage: { kind, value } }
  const octets = encode(PackageSigned, signed)
  const eimSignature = sign(eimKey, [octets, fromHex('840100')])
  return { euiccPackageSigned: { octets, value: signed as never }, eimSignature }
}

test.each([
  ['psmoList', 'a600', 'getRATResult', 'af00'],
  ['psmoList', 'a600', 'getRATResult', 'a3045a029800'],
  ['ecoList', 'ab00', 'listEimResult', 'a600'],
] as const)('what stands before a damaged operation is executed: %s %s %s', (kind, operation, result, bad) => {
  const card = associatedCard()
  const results = resultsOf(load(card, packageWith(kind, operation, bad, operation)))
  expect(results).toMatchObject([{ kind: result }, { kind: 'processingTerminated', value: 'unknownOrDamagedCommand' }])
  expect(card.events.map(({ type }) => type)).toEqual(['malformed', 'package-executed'])
})

test('the first operation without success is the last one', () => {
  const card = associatedCard({ profiles: [installedProfile(ICCID), installedProfile(ICCID_2)], enabled: ICCID })
  const results = resultsOf(
    load(
      card,
      packageOf(
        psmos(
          { kind: 'disable', value: { iccid: ICCID } },
          { kind: 'enable', value: { iccid: '8900000000000000000' } },
          { kind: 'delete', value: { iccid: ICCID_2 } },
        ),
      ),
    ),
  )
  expect(results).toEqual([
    { kind: 'disableResult', value: 'ok' },
    { kind: 'enableResult', value: 'iccidOrAidNotFound' },
  ])
  expect(card.state.memory.enabled).toBeUndefined()
  expect(card.state.memory.profiles).toHaveLength(2)
})

test('the result of an empty list is an empty list', () => {
  expect(resultsOf(load(associatedCard(), packageOf(psmos())))).toEqual([])
  expect(resultsOf(load(associatedCard(), packageOf(ecos())))).toEqual([])
})

test('a package of several blocks is read', () => {
  const card = associatedCard()
  const answer = card.storeData(encode(EuiccPackageRequest, packageOf(list)), 17)
  expect(toHex(answer.subarray(0, 2))).toBe('bf51')
})
