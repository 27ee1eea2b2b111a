import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../protocol/ber/index.ts'
import { milenage, xor } from '../../../protocol/crypto/index.ts'
import type { ProfileElement } from '../../../protocol/saip/index.ts'
import { withMemory } from '../state.ts'
import { newCard } from '../testing/cards.ts'
import { elementsOf, ICCID, MILENAGE_KEY, packageOf, securedElementsOf } from '../testing/profiles.ts'
import { download } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const SELECT_USIM = '00a4040407a0000000871002'
const EF_IMSI = '00a40000026f07'
const EF_SPN = '00a40000026f46'
const RIGHT = '31323334ffffffff'
const WRONG = '39393939ffffffff'
const NEW = '34333231ffffffff'
const PUK = '3132333435363738'
const ADM = '3535353535353535'

const [VERIFY, CHANGE, DISABLE, ENABLE, UNBLOCK] = ['00200001', '00240001', '00260001', '00280001', '002c0001']

const command = (head: string | undefined, ...data: string[]): string => {
  const hex = data.join('')
  return `${head}${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`
}

/** A card with the profile installed and enabled. */
function withProfile(elements: readonly ProfileElement[] = securedElementsOf(ICCID)): Terminal {
  const card = new Terminal(newCard()).selectIsdr()
  download(card, { upp: packageOf(elements) })
  card.state = withMemory(card.state, { enabled: ICCID })
  return card.reset()
}

function onUsim(elements?: readonly ProfileElement[]): Terminal {
  const card = withProfile(elements)
  card.send(SELECT_USIM)
  return card
}

const verified = () => {
  const card = onUsim()
  expect(card.send(command(VERIFY, RIGHT))).toBe('9000')
  return card
}

test('a file for the PIN is read after VERIFY, until a reset', () => {
  const card = onUsim()
  card.send(EF_IMSI)
  expect(card.send('00b0000009')).toBe('6982')
  expect(card.send(command(VERIFY, RIGHT))).toBe('9000')
  expect(card.send('00b0000009')).toBe('0829260100000000109000')
  card.reset().send(SELECT_USIM)
  card.send(EF_IMSI)
  expect(card.send('00b0000009')).toBe('6982')
})

test('a file for everybody is read without, and written with the key of its rule', () => {
  const card = withProfile()
  card.send('00a40000022fe2')
  expect(card.send('00b000000a')).toMatch(/9000$/)
  expect(card.send('00d6000001ff')).toBe('6982')
  card.send('00a40000022f05')
  expect(card.send('00d6000002656e')).toBe('6982')
  expect(card.send(command(VERIFY, RIGHT))).toBe('9000')
  expect(card.send('00d6000002656e')).toBe('9000')
  expect(card.send('00b0000002')).toBe('656e9000')
  card.reset().send('00a40000022f05')
  expect(card.send('00b0000002')).toBe('656e9000')
})

test('an operation that a rule never allows is refused to everybody', () => {
  const card = withProfile()
  card.send(command(VERIFY, RIGHT))
  card.send(command('0020000a', ADM))
  card.send('00a40000022fe2')
  expect(card.send('00d6000001ff')).toBe('6982')
})

test('wrong PINs count down, block, and a right one sets the counter back', () => {
  const card = onUsim()
  expect(card.send('00200001')).toBe('63c3')
  expect(card.send(command(VERIFY, WRONG))).toBe('63c2')
  expect(card.send(command(VERIFY, RIGHT))).toBe('9000')
  expect(card.send('00200001')).toBe('63c3')
  for (const left of ['63c2', '63c1', '63c0', '6983']) expect(card.send(command(VERIFY, WRONG))).toBe(left)
  card.send(EF_IMSI)
  expect(card.send('00b0000009')).toBe('6982')
  expect(card.send(command(VERIFY, RIGHT))).toBe('6983')
  card.reset()
  expect(card.send('00200001')).toBe('6983')
})

test('the PUK unblocks with a new PIN, and blocks in its turn', () => {
  const card = onUsim()
  for (let i = 0; i < 3; i++) card.send(command(VERIFY, WRONG))
  expect(card.send('002c0001')).toBe('63c2')
  expect(card.send(command(UNBLOCK, WRONG, NEW))).toBe('63c1')
  expect(card.send(command(UNBLOCK, PUK, NEW))).toBe('9000')
  expect(card.send('002c0001')).toBe('63c2')
  expect(card.send(command(VERIFY, RIGHT))).toBe('63c2')
  expect(card.send(command(VERIFY, NEW))).toBe('9000')
  for (const left of ['63c1', '63c0', '6983']) expect(card.send(command(UNBLOCK, WRONG, NEW))).toBe(left)
  expect(card.send('002c0001')).toBe('6983')
})

test('the PIN is changed, disabled and enabled with itself', () => {
  const card = onUsim()
  expect(card.send(command(CHANGE, WRONG, NEW))).toBe('63c2')
  expect(card.send(command(CHANGE, RIGHT, NEW))).toBe('9000')
  expect(card.send(command(ENABLE, NEW))).toBe('6984')
  expect(card.send(command(DISABLE, NEW))).toBe('9000')
  expect(card.send('00200001')).toBe('9000')
  for (const head of [VERIFY, DISABLE]) expect(card.send(command(head, NEW))).toBe('6984')
  expect(card.send(command(CHANGE, NEW, RIGHT))).toBe('6984')
  card.send(EF_IMSI)
  expect(card.send('00b0000009')).toMatch(/9000$/)
  expect(card.send(command(ENABLE, WRONG))).toBe('63c2')
  expect(card.send(command(ENABLE, NEW))).toBe('9000')
  expect(card.reset().send('00200001')).toBe('63c3')
})

test.each([
  ['a reference without a code', command('00200009', RIGHT), '6a88'],
  ['a PIN without a PUK', '002c0081', '6a88'],
  ['a code of another length', command(VERIFY, '31323334'), '6700'],
  ['a change without a new code', command(CHANGE, RIGHT), '6700'],
  ['P1 that is not 00', command('00200101', RIGHT), '6a86'],
  ['a PIN that may not be disabled', command('00260081', '35363738ffffffff'), '6985'],
  ['a PIN that may not be changed', command('00240081', '35363738ffffffff', NEW), '6985'],
])('%s is refused', (_, apdu, statusWord) => {
  expect(onUsim().send(apdu)).toBe(statusWord)
})

test('a PIN of an application counts in it alone; without a profile there is none', () => {
  expect(onUsim().send(command('00200081', '35363738ffffffff'))).toBe('9000')
  expect(withProfile().send(command('00200081', '35363738ffffffff'))).toBe('6a88')
  expect(new Terminal(newCard()).send(command(VERIFY, RIGHT))).toBe('6a88')
})

test('the FCP tells which PINs are enabled', () => {
  const card = withProfile()
  expect(card.fetch(card.transmit(fromHex('00a40000023f00')))).toSatisfy((fcp: Uint8Array) =>
    toHex(fcp).includes('c6099001c083010183010a'),
  )
  card.send(command(DISABLE, RIGHT))
  expect(card.send('80f2000040')).toContain('c60990014083010183010a')
  const usim = card.fetch(card.transmit(fromHex(SELECT_USIM)))
  expect(toHex(usim)).toContain('c60c90016083010183018183010a')
})

test('records are written by number, searched, and a cyclic file turns', () => {
  const card = verified()
  card.send('00a40000026f45')
  expect(card.send('00dc020404aabbccdd')).toBe('9000')
  expect(card.send('00b2020404')).toBe('aabbccdd9000')
  const search = (apdu: string) => toHex(card.fetch(card.transmit(fromHex(apdu))))
  expect(search('00a2010402bbcc')).toBe('029000')
  expect(search('00a201040100')).toBe('01039000')
  expect(search('00a203050100')).toBe('03019000')
  expect(search('00a2010401ee')).toBe('6282')
  expect(card.send('00dc030404000000ff')).toBe('9000')
  expect(card.send('00dc040404000000ff')).toBe('6a83')
  expect(card.send('00dc0104030000ff')).toBe('6700')
  expect(card.send('00dc010304000000ff')).toBe('6a86')
  expect(card.send('00a2040401aa')).toBe('6a83')
  expect(card.send('00a2010605aabbccddee')).toBe('6a86')
  expect(card.send('00a2010405aabbccddee')).toBe('6700')
  expect(card.send('00d6000001ff')).toBe('6981')
  card.send(EF_SPN)
  expect(card.send('00dc000303aabbcc')).toBe('9000')
  expect(card.send('00b2010403')).toBe('aabbcc9000')
  expect(card.send('00b2030403')).toBe('0000029000')
  expect(card.send('00dc010303aabbcc')).toBe('6a86')
  expect(card.send('00dc010403aabbcc')).toBe('6a86')
})

test.each([
  ['past the end', '00d600080aaaaaaaaaaaaaaaaaaaaa', '6b00'],
  ['nothing', '00d6000000', '6700'],
])('UPDATE BINARY of %s is refused', (_, apdu, statusWord) => {
  const card = verified()
  card.send(command('0020000a', ADM))
  card.send(EF_IMSI)
  expect(card.send(apdu)).toBe(statusWord)
})

test('records are not written without the PIN, nor is a transparent file by records', () => {
  const card = onUsim()
  card.send('00a40000026f45')
  expect(card.send('00dc020404aabbccdd')).toBe('6982')
  expect(card.send('00a2010401aa')).toBe('6982')
  card.send(command('0020000a', ADM))
  card.send(command(VERIFY, RIGHT))
  card.send(EF_IMSI)
  expect(card.send('00dc010401aa')).toBe('6981')
  expect(card.send('00a2010401aa')).toBe('6981')
})

const RAND = fromHex('23553cbe9637a89d218ae64dae47bf35')
const AMF = fromHex('b9b9')
const functions = milenage(MILENAGE_KEY, RAND)

const autn = (sqn: string): string =>
  toHex(xor(fromHex(sqn), functions.ak)) + toHex(AMF) + toHex(functions.mac(fromHex(sqn), AMF))
const challenge = (token: string): string => command('00880081', '10', toHex(RAND), '10', token)
const answerOf = (card: Terminal, apdu: string): string => toHex(card.fetch(card.transmit(fromHex(apdu))))

/** CK and IK of 3GPP TS 35.208, test set 1. */
const SUCCESS = 'db08a54211d5e3ba50bf10b40ba9a3c58b2a05bbf0d987b21bf8cb10f769bcd751044604127672711c6d34419000'

test('AUTHENTICATE gives RES, CK and IK, and takes no sequence number twice', () => {
  const card = verified()
  expect(answerOf(card, challenge(autn('000000000021')))).toBe(SUCCESS)
  const own = fromHex('000000000021')
  const auts = toHex(xor(own, functions.akStar)) + toHex(functions.macS(own, fromHex('0000')))
  expect(answerOf(card, challenge(autn('000000000021')))).toBe(`dc0e${auts}9000`)
  expect(answerOf(card, challenge(autn('000000000022')))).toBe(SUCCESS)
  expect(answerOf(card, challenge(autn('000000000041')))).toBe(SUCCESS)
  expect(answerOf(card, challenge(autn('020000000000')))).toMatch(/^dc0e/)
  card.reset().send(SELECT_USIM)
  card.send(command(VERIFY, RIGHT))
  expect(answerOf(card, challenge(autn('000000000041')))).toMatch(/^dc0e/)
})

test('AUTHENTICATE in the context of GSM gives SRES and Kc', () => {
  expect(answerOf(verified(), command('00880080', '10', toHex(RAND)))).toBe('0446f8416a08eae4be823af9a08b9000')
})

test.each([
  ['a token that is not of the network', challenge('00'.repeat(16)), '9862'],
  ['a token of another length', command('00880081', '10', toHex(RAND), '0f', '00'.repeat(15)), '6700'],
  ['no challenge', '0088008101ff', '6700'],
  ['no challenge of GSM', '0088008001ff', '6700'],
  ['another context', command('00880084', '10', toHex(RAND)), '6a86'],
  ['P1 that is not 00', command('00880181', '10', toHex(RAND)), '6a86'],
])('AUTHENTICATE with %s is refused', (_, apdu, statusWord) => {
  expect(verified().send(apdu)).toBe(statusWord)
})

test('AUTHENTICATE wants an application with a key, and its PIN', () => {
  expect(withProfile().send(challenge(autn('000000000021')))).toBe('6985')
  expect(onUsim().send(challenge(autn('000000000021')))).toBe('6982')
})

test('a profile may have TUAK, or the test algorithm', () => {
  const [head, mf, usim, aka, end] = elementsOf(ICCID)
  if (aka.kind !== 'akaParameter' || aka.value.algoConfiguration.kind !== 'algoParameter') throw new Error('no key')
  const { value } = aka.value.algoConfiguration
  const card = (algorithmID: 'usim-test-algorithm' | 'tuak') =>
    onUsim([
      { ...head, value: { ...head.value, 'eUICC-Mandatory-services': { usim: true } } } as ProfileElement,
      mf,
      usim,
      {
        ...aka,
        value: { ...aka.value, algoConfiguration: { kind: 'algoParameter', value: { ...value, algorithmID } } },
      },
      end,
    ])
  expect(answerOf(card('usim-test-algorithm'), command('00880080', '10', '00'.repeat(16)))).toMatch(
    /^04.{8}08.{16}9000$/,
  )
  expect(answerOf(card('tuak'), command('00880080', '10', '00'.repeat(16)))).toMatch(/^04.{8}08.{16}9000$/)
})

test('there is no GET CHALLENGE', () => {
  expect(onUsim().send('0084000008')).toBe('6d00')
})
