import { expect, test } from 'vitest'
import { makePki } from '../../../certs/index.ts'
import { type CrlContent, issueCrl } from '../../../certs/testing/crl.ts'
import { unknownExtension } from '../../../certs/testing/variations.ts'
import { fromHex } from '../../../protocol/ber/index.ts'
import type { Identity } from '../../../protocol/crypto/index.ts'
import { LoadCRLRequest, LoadCRLResponse } from '../../../protocol/sgp22/index.ts'
import { reset } from '../card/transmit.ts'
import { newCard, pki } from '../testing/cards.ts'
import { authenticate, prepare, signatureOf } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const { ci, dpAuth, dpPb } = pki.nist
const strangers = await makePki({ seed: fromHex('01'), now: 0 })

/** The tag of the component replaces the one of the CertificateList. */
function contentOf(crl: Uint8Array): Uint8Array {
  const lead = crl[1] ?? 0
  return crl.subarray(lead < 0x80 ? 2 : 2 + (lead & 0x7f))
}

const spoiled = (octets: Uint8Array): Uint8Array =>
  octets.map((octet, i) => (i === octets.length - 1 ? octet ^ 1 : octet))

const loadOctets = (card: Terminal, crl: Uint8Array): LoadCRLResponse =>
  card.call(LoadCRLRequest, { crl: contentOf(crl) }, LoadCRLResponse)

const load = async (card: Terminal, content: CrlContent, issuer: Identity = ci): Promise<LoadCRLResponse> =>
  loadOctets(card, await issueCrl(issuer, { crlNumber: 5, ...content }))

const refusal = (value: string) => ({ kind: 'loadCRLResponseError', value })
const complete = { kind: 'loadCRLResponseOk', value: {} }

const revokesAuth = { revoked: [dpAuth.certificate] }
const notUnderstood = { more: [unknownExtension(true)] }
const many = { revoked: Array.from({ length: 60 }, (_, i) => `01${i.toString(16).padStart(2, '0')}`) }

/** One row for each check and one for each pair of neighbours that both fail: the first decides. The card has CRL 5 already. */
const refusals: readonly [check: string, code: string, crl: () => Promise<Uint8Array>][] = [
  ['crl-readable', 'invalidCRLFormat', async () => fromHex('3003020101')],
  ['crl-readable', 'invalidCRLFormat', () => issueCrl(ci, { crlNumber: 5, ...notUnderstood })],
  ['crl-readable', 'invalidCRLFormat', () => issueCrl(ci, {})],
  ['crl-readable', 'invalidCRLFormat', () => issueCrl(ci, { crlNumber: 5, part: { number: 3, total: 2 } })],
  ['crl-readable', 'invalidCRLFormat', () => issueCrl(strangers.nist.ci, {})],
  ['crl-issuer-trusted', 'verificationKeyNotFound', () => issueCrl(strangers.nist.ci, { crlNumber: 6 })],
  [
    'crl-issuer-trusted',
    'verificationKeyNotFound',
    async () => spoiled(await issueCrl(strangers.nist.ci, { crlNumber: 6 })),
  ],
  ['crl-signature', 'invalidSignature', async () => spoiled(await issueCrl(ci, { crlNumber: 6 }))],
  ['crl-signature', 'invalidSignature', async () => spoiled(await issueCrl(ci, { crlNumber: 4 }))],
  ['no-fresher-crl', 'fresherCrlAlreadyLoaded', () => issueCrl(ci, { crlNumber: 4 })],
  ['no-fresher-crl', 'fresherCrlAlreadyLoaded', () => issueCrl(ci, { crlNumber: 4, baseCrlNumber: 7 })],
  ['base-crl-loaded', 'baseCrlMissing', () => issueCrl(ci, { crlNumber: 8, baseCrlNumber: 7 })],
  ['base-crl-loaded', 'baseCrlMissing', () => issueCrl(ci, { crlNumber: 8, baseCrlNumber: 7, ...many })],
  ['base-crl-loaded', 'baseCrlMissing', () => issueCrl(pki.brainpool.ci, { crlNumber: 1, baseCrlNumber: 1 })],
  ['room-for-crl', 'notEnoughMemorySpace', () => issueCrl(ci, { crlNumber: 6, ...many })],
]

test.each(refusals)('LoadCRL is refused because of %s with %s %#', async (check, code, crl) => {
  const card = new Terminal(newCard({ limits: { crls: 100 } })).selectIsdr()
  expect(await load(card, {})).toEqual(complete)
  const { memory } = card.state
  expect(loadOctets(card, await crl())).toEqual(refusal(code))
  expect(card.state.memory).toBe(memory)
  expect(card.events.at(-1)).toMatchObject({ type: 'refused', cause: 'LoadCRL', check })
})

const loaded = async (...crls: CrlContent[]) => {
  const card = new Terminal(newCard()).selectIsdr()
  for (const crl of crls) await load(card, crl)
  return card
}

const isRefused = (card: Terminal): boolean => authenticate(card).kind === 'authenticateResponseError'

test('a revoked certificate is refused by AuthenticateServer and, of the profile binding, by PrepareDownload', async () => {
  const card = await loaded(revokesAuth)
  expect(authenticate(card)).toMatchObject({ value: { authenticateErrorCode: 'invalidCertificate' } })
  expect(card.events.at(-1)).toMatchObject({ check: 'server-certificate-valid', detail: 'revoked' })
  const other = await loaded({ revoked: [dpPb.certificate] })
  const signature = signatureOf(authenticate(other))
  expect(prepare(other, signature)).toMatchObject({ value: { downloadErrorCode: 'invalidCertificate' } })
  expect(other.events.at(-1)).toMatchObject({ check: 'dp-certificate-valid', detail: 'revoked' })
})

test('a CRL speaks of the certificates of its own CI, and survives a reset', async () => {
  const card = await loaded(revokesAuth)
  card.state = reset(card.state)
  card.selectIsdr()
  expect(isRefused(card)).toBe(true)
  expect(authenticate(card, { curve: 'brainpool' }).kind).toBe('authenticateResponseOk')
})

test('a newer CRL takes the place of the one before', async () => {
  expect(isRefused(await loaded(revokesAuth, { crlNumber: 6 }))).toBe(false)
})

test('a delta CRL comes to the one before', async () => {
  const both = [
    { crlNumber: 6, baseCrlNumber: 5, revoked: [dpPb.certificate] },
    { crlNumber: 7, baseCrlNumber: 5 },
  ]
  expect(isRefused(await loaded(revokesAuth, ...both))).toBe(true)
  const card = await loaded({}, { crlNumber: 6, baseCrlNumber: 5, ...revokesAuth }, { crlNumber: 7, baseCrlNumber: 6 })
  expect(isRefused(card)).toBe(true)
})

test('of a CRL in parts the card tells which are missing, and believes each at once', async () => {
  const card = new Terminal(newCard()).selectIsdr()
  const part = (number: number, content: CrlContent = {}) => load(card, { ...content, part: { number, total: 3 } })
  expect(await part(2)).toEqual({ kind: 'loadCRLResponseOk', value: { missingParts: [1, 3] } })
  expect(isRefused(card)).toBe(false)
  expect(await part(3, revokesAuth)).toEqual({ kind: 'loadCRLResponseOk', value: { missingParts: [1] } })
  expect(isRefused(card)).toBe(true)
  expect(await part(1)).toEqual(complete)
  expect(isRefused(card)).toBe(true)
})

test('a CRL that comes in parts takes the place of the one before with its last part, in whatever order they come', async () => {
  const card = await loaded(revokesAuth)
  const part = (number: number, crlNumber = 6) => load(card, { crlNumber, part: { number, total: 2 } })
  await part(2)
  expect(isRefused(card)).toBe(true)
  await part(1, 7)
  expect(isRefused(card)).toBe(true)
  expect(await part(2, 7)).toEqual(complete)
  expect(isRefused(card)).toBe(false)
})

test('what an unfinished CRL leaves of the one before counts as memory', async () => {
  const card = new Terminal(newCard({ limits: { crls: 100 } })).selectIsdr()
  const first = { revoked: Array.from({ length: 30 }, (_, i) => `01${i.toString(16).padStart(2, '0')}`) }
  await load(card, first)
  const part = (number: number) => load(card, { ...first, crlNumber: 6, part: { number, total: 2 } })
  expect(await part(1)).toEqual(refusal('notEnoughMemorySpace'))
})
