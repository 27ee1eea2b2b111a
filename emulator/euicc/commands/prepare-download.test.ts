import { expect, test } from 'vitest'
import { encode, fromHex } from '../../../protocol/ber/index.ts'
import { readCertificate, verify } from '../../../protocol/crypto/index.ts'
import { CancelSessionRequest, PrepareDownloadRequest, Signature } from '../../../protocol/sgp22/index.ts'
import { CancelSessionResponse, PrepareDownloadResponse } from '../../../protocol/sgp32/index.ts'
import { reset } from '../card/transmit.ts'
import { credentials, EID, newCard, pki } from '../testing/cards.ts'
import { dsAuth, pbOfOtherServer, pbOnP384, pbWithRoleOfAuth, spoiled } from '../testing/certificates.ts'
import {
  authenticate,
  challenge,
  ciPkIdOf,
  download,
  otpkOf,
  type PrepareOptions,
  prepare,
  prepareRequest,
  signatureOf,
  TRANSACTION,
} from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const OTHER = 'FFEEDDCCBBAA99887766554433221100'
const otherTransaction = { signed: { transactionId: OTHER } }
const badSignature = { request: { smdpSignature2: new Uint8Array(64) } }
const needsCode = { signed: { ccRequiredFlag: true } }

const ready = () => {
  const card = new Terminal(newCard()).selectIsdr()
  return { card, signature: signatureOf(authenticate(card)) }
}

/** One row for each check and one for each pair of neighbours that both fail: the first decides. */
const refusals: readonly [check: string, code: string, options: PrepareOptions][] = [
  ['transaction-own', 'invalidTransactionId', otherTransaction],
  ['transaction-own', 'invalidTransactionId', { ...otherTransaction, pb: spoiled(pki.nist.dpPb) }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: spoiled(pki.nist.dpPb) }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: spoiled(pbOnP384) }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: pbOfOtherServer }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: pbWithRoleOfAuth }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: pki.brainpool.dpPb }],
  ['dp-certificate-valid', 'invalidCertificate', { pb: { ...pki.nist.dpPb, certificate: fromHex('30020500') } }],
  ['dp-curve', 'unsupportedCurve', { pb: pbOnP384 }],
  ['dp-curve', 'unsupportedCurve', { pb: pbOnP384, ...badSignature }],
  ['dp-signature', 'invalidSignature', badSignature],
  ['dp-signature', 'invalidSignature', { ...badSignature, ...needsCode }],
  ['confirmation-code-given', 'undefinedError', needsCode],
]

test.each(refusals)('PrepareDownload is refused because of %s with %s %#', (check, downloadErrorCode, options) => {
  const { card, signature } = ready()
  const { memory, volatile } = card.state
  const value = { transactionId: options.signed?.transactionId ?? TRANSACTION, downloadErrorCode }
  expect(prepare(card, signature, options)).toEqual({ kind: 'downloadResponseError', value })
  expect(card.state.memory).toBe(memory)
  expect(card.state.volatile.session).toBe(volatile.session)
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'PrepareDownload', check }])
})

test.each([
  ['without a session', () => new Terminal(newCard()).selectIsdr()],
  [
    'with a challenge only',
    () => {
      const card = new Terminal(newCard()).selectIsdr()
      challenge(card)
      return card
    },
  ],
  [
    'with an SM-DS',
    () => {
      const card = new Terminal(newCard()).selectIsdr()
      authenticate(card, { auth: dsAuth })
      return card
    },
  ],
])('PrepareDownload %s has no session context, whatever else is wrong', (_, make) => {
  for (const options of [{}, otherTransaction]) {
    const card = make()
    const answer = prepare(card, new Uint8Array(64), options)
    expect(answer).toMatchObject({ value: { downloadErrorCode: 'noSessionContext' } })
    expect(card.events.at(-1)).toMatchObject({ type: 'refused', check: 'server-authenticated' })
  }
})

test('the answer repeats hashCc and its signature covers the one of the SM-DP+', () => {
  const { card, signature } = ready()
  const request = prepareRequest(signature, { ...needsCode, request: { hashCc: new Uint8Array(32).fill(3) } })
  const answer = card.call(PrepareDownloadRequest, request, PrepareDownloadResponse)
  if (answer.kind !== 'downloadResponseOk') throw new Error(answer.kind)
  const { euiccSigned2, euiccSignature2 } = answer.value
  expect(euiccSigned2.value).toMatchObject({ transactionId: TRANSACTION, hashCc: request.hashCc })
  const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf('nist')).euiccCertificate)
  const signed = [euiccSigned2.octets, encode(Signature, request.smdpSignature2)]
  expect(publicKey && verify(publicKey, signed, euiccSignature2)).toBe(true)
})

test('a second PrepareDownload in a session makes a new one-time key', () => {
  const { card, signature } = ready()
  expect(otpkOf(prepare(card, signature))).not.toEqual(otpkOf(prepare(card, signature)))
})

const cancel = (card: Terminal, reason: CancelSessionRequest['reason'], transactionId = TRANSACTION) =>
  card.call(CancelSessionRequest, { transactionId, reason }, CancelSessionResponse)

test.each([
  ['postponed', true],
  ['timeout', true],
  ['endUserRejection', false],
  ['loadBppExecutionError', false],
] as const)('after CancelSession with %s the one-time key is still there: %s', (reason, isKept) => {
  const { card, signature } = ready()
  const bppEuiccOtpk = otpkOf(prepare(card, signature))
  expect(cancel(card, reason).kind).toBe('cancelSessionResponseOk')
  card.state = reset(card.state)
  card.selectIsdr()
  const otpk = otpkOf(prepare(card, signatureOf(authenticate(card)), { signed: { bppEuiccOtpk } }))
  expect(Buffer.from(otpk).equals(bppEuiccOtpk)).toBe(isKept)
})

test('CancelSession is signed and ends the session', () => {
  const { card } = ready()
  const answer = cancel(card, 'pprNotAllowed')
  if (answer.kind !== 'cancelSessionResponseOk') throw new Error(answer.kind)
  const { euiccCancelSessionSigned: data, euiccCancelSessionSignature } = answer.value
  expect(data.value).toEqual({ transactionId: TRANSACTION, smdpOid: '2.999.10', reason: 'pprNotAllowed' })
  const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf('nist')).euiccCertificate)
  expect(publicKey && verify(publicKey, [data.octets], euiccCancelSessionSignature)).toBe(true)
  expect(card.state.volatile.session).toBeUndefined()
  expect(card.events).toMatchObject([{ type: 'session-cancelled', detail: 'pprNotAllowed' }])
})

test('CancelSession of another transaction, of none and of a finished one is refused', () => {
  const { card } = ready()
  const refused = { kind: 'cancelSessionResponseError', value: 'invalidTransactionId' }
  expect(cancel(card, 'timeout', OTHER)).toEqual(refused)
  expect(card.state.volatile.session).toBeDefined()
  expect(cancel(new Terminal(newCard()).selectIsdr(), 'timeout')).toEqual(refused)
  const finished = new Terminal(newCard()).selectIsdr()
  download(finished)
  expect(cancel(finished, 'timeout')).toEqual(refused)
})
