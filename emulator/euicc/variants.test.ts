import { expect, test } from 'vitest'
import { decode, encode, fromHex, octetString, sequence, toHex } from '../../protocol/ber/index.ts'
import { readCertificate, verify, verifyDer } from '../../protocol/crypto/index.ts'
import {
  DisableProfileRequest,
  EnableProfileRequest,
  NotificationSentRequest,
  NotificationSentResponse,
  ProfileInfoListRequest,
  RetrieveNotificationsListRequest as StandardList,
} from '../../protocol/sgp22/index.ts'
import {
  EuiccPackageRequest,
  EuiccPackageResult,
  GetCertsRequest,
  GetCertsResponse,
} from '../../protocol/sgp32/index.ts'
import { withMemory } from './state.ts'
import { credentials, EID, newCard } from './testing/cards.ts'
import { addInitialEim, configurationOf, installedProfile, load, packageOf, psmos } from './testing/eim.ts'
import { ICCID } from './testing/profiles.ts'
import { ciPkIdOf, download } from './testing/smdp.ts'
import { Terminal } from './testing/terminal.ts'
import { type Variant, variantRows } from './variants.ts'

const profile = installedProfile(ICCID)
const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf('nist')).euiccCertificate)
if (!publicKey) throw new Error('the card has no key')

function cardWith(...variants: readonly Variant[]): Terminal {
  const card = new Terminal(newCard({ variants })).selectIsdr()
  addInitialEim(card, configurationOf())
  card.state = withMemory(card.state, { profiles: [profile] })
  return card
}

const list = (counterValue = 11) => packageOf(psmos({ kind: 'getRAT', value: {} }), { counterValue })
const answerTo = (card: Terminal, request: Uint8Array): string => toHex(card.storeData(request).subarray(0, -2))
const NO_TOKEN = fromHex('840100')

/** What stands in an answer below its tag. */
const contentOf = (tag: number, answer: string): Uint8Array => decode(octetString(tag), fromHex(answer))

test('packageSignaturesInDer: the signature of a result is in DER, in the answer and in the list', () => {
  const card = cardWith('packageSignaturesInDer')
  const result = load(card, list())
  if (result.kind !== 'euiccPackageResultSigned') throw new Error(result.kind)
  const { euiccPackageResultDataSigned: data, euiccSignEPR } = result.value
  const signed = Buffer.concat([data.octets, NO_TOKEN])
  expect(verifyDer(publicKey, signed, euiccSignEPR)).toBe(true)
  expect(answerTo(card, fromHex('bf2b04a0028200'))).toContain(toHex(encode(EuiccPackageResult, result)))
  const refused = load(card, list())
  if (refused.kind !== 'euiccPackageErrorSigned') throw new Error(refused.kind)
  const { euiccPackageErrorDataSigned: error, euiccSignEPE } = refused.value
  expect(verifyDer(publicKey, Buffer.concat([error.octets, NO_TOKEN]), euiccSignEPE)).toBe(true)
})

test('packageResultWithoutChoice: data and signature stand directly in BF51; what is stored is still acknowledged', () => {
  const card = cardWith('packageResultWithoutChoice')
  const answer = answerTo(card, encode(EuiccPackageRequest, list()))
  const bare = sequence(0xbf51, { data: octetString(0x30), signature: octetString(0x5f37) })
  expect(decode(bare, fromHex(answer)).signature).toHaveLength(64)
  expect(answerTo(card, fromHex('bf2b04a0028200'))).toContain(answer)
  const removed = card.call(NotificationSentRequest, { seqNumber: 1 }, NotificationSentResponse)
  expect(removed).toEqual({ deleteNotificationStatus: 'ok' })
  const refused = answerTo(card, encode(EuiccPackageRequest, list()))
  expect(refused.startsWith('bf51') && contentOf(0xbf51, refused)[0]).toBe(0xa1)
})

test('signedWithoutToken: the signature covers the data alone, unless the eIM has a token', () => {
  const card = cardWith('signedWithoutToken')
  const result = load(card, list())
  if (result.kind !== 'euiccPackageResultSigned') throw new Error(result.kind)
  const { euiccPackageResultDataSigned: data, euiccSignEPR } = result.value
  expect(verify(publicKey, [data.octets], euiccSignEPR)).toBe(true)
  const other = new Terminal(newCard({ variants: ['signedWithoutToken'] })).selectIsdr()
  addInitialEim(other, configurationOf({ associationToken: -1 }))
  const request = packageOf(psmos({ kind: 'getRAT', value: {} }), { token: 1 })
  const withToken = load(other, request)
  if (withToken.kind !== 'euiccPackageResultSigned') throw new Error(withToken.kind)
  const { value } = withToken
  const covered = [value.euiccPackageResultDataSigned.octets, fromHex('840101')]
  expect(verify(publicKey, covered, value.euiccSignEPR)).toBe(true)
})

test('profileListWithoutChoice: the profiles stand directly in BF2D, an error as ever', () => {
  const [usual, bare] = [cardWith(), cardWith('profileListWithoutChoice')].map((card) =>
    answerTo(card, fromHex('bf2d00')),
  )
  expect(usual && bare && contentOf(0xa0, toHex(contentOf(0xbf2d, usual)))).toEqual(contentOf(0xbf2d, bare ?? ''))
})

test('certificatesWithoutChoice and certificatesNested: the certificates are the same', () => {
  const standard = decode(GetCertsResponse, fromHex(answerTo(cardWith(), fromHex('bf5600'))))
  if (standard.kind !== 'certs') throw new Error(standard.kind)
  const { eumCertificate, euiccCertificate } = standard.value
  const [eum, euicc] = [eumCertificate, euiccCertificate].map((octets) => decode(octetString(0x30), octets))
  const Pair = (tag: number) => sequence(tag, { eum: octetString(0xa5), euicc: octetString(0xa6) })
  const bare = answerTo(cardWith('certificatesWithoutChoice'), fromHex('bf5600'))
  expect(decode(Pair(0xbf56), fromHex(bare))).toEqual({ eum, euicc })
  const nested = answerTo(cardWith('certificatesNested'), fromHex('bf5600'))
  const whole = { eum: eumCertificate, euicc: euiccCertificate }
  expect(decode(Pair(0xa0), contentOf(0xbf56, nested))).toEqual(whole)
  const both = answerTo(cardWith('certificatesWithoutChoice', 'certificatesNested'), fromHex('bf5600'))
  expect(decode(Pair(0xbf56), fromHex(both))).toEqual(whole)
  const unknownCi = encode(GetCertsRequest, { euiccCiPKId: new Uint8Array(20) })
  expect(answerTo(cardWith('certificatesNested', 'certificatesWithoutChoice'), unknownCi)).toBe('bf5603810101')
})

test.each([0x9f7b, 0x9f26, 0x9f67])('iotTagsRefused: a list with the tag %i is answered with 6A80', (tag) => {
  const card = cardWith('iotTagsRefused')
  expect(toHex(card.storeData(encode(ProfileInfoListRequest, { tagList: [0x5a, tag] })))).toBe('6a80')
  expect(toHex(card.storeData(encode(ProfileInfoListRequest, { tagList: [0x5a] }))).startsWith('bf2d')).toBe(true)
})

test('catBusyAfterSwitch: the switch after a switch is refused once, and a reset ends the business', () => {
  const card = cardWith('catBusyAfterSwitch')
  const [enable, disable] = [EnableProfileRequest, DisableProfileRequest].map((schema) =>
    encode(schema, { profileIdentifier: { kind: 'iccid', value: ICCID }, refreshFlag: false }),
  )
  const results = [enable, disable, disable, enable].map((request = NO_TOKEN) => answerTo(card, request))
  expect(results).toEqual(['bf3103800100', 'bf3203800105', 'bf3203800100', 'bf3103800105'])
  card.reset().selectIsdr()
  expect(answerTo(card, enable ?? NO_TOKEN)).toBe('bf3103800100')
})

test('sequenceFromZero: the first notification has number 0, and can be retrieved and removed', () => {
  const card = new Terminal(newCard({ variants: ['sequenceFromZero'] })).selectIsdr()
  download(card)
  const zero = encode(StandardList, { searchCriteria: { kind: 'seqNumber', value: 0 } })
  expect(answerTo(card, zero)).toContain('bf37')
  expect(answerTo(card, fromHex('bf3003800100'))).toBe('bf3003800100')
})

test('dataAtOnce: short answers come with 9000, long ones by GET RESPONSE', () => {
  const card = cardWith('dataAtOnce')
  expect(card.send('80e2910006bf3e035c015a')).toBe(`bf3e125a10${EID}9000`)
  expect(card.send('00a4040010a0000005591010ffffffff8900000100').endsWith('9000')).toBe(true)
  expect(card.send('80e2910003bf5600')).toMatch(/^61/)
})

test('without a variant a card has none of them, and every variant has a test', async () => {
  expect(newCard().product.variants).toEqual([])
  const { readFileSync } = await import('node:fs')
  const text = readFileSync(import.meta.filename, 'utf8')
  expect(Object.keys(variantRows).filter((name) => !text.includes(`'${name}'`))).toEqual([])
})
