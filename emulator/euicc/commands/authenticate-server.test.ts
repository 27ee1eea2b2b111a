import { expect, test } from 'vitest'
import { makePki } from '../../../certs/index.ts'
import { encode, fromHex, octetString, toHex } from '../../../protocol/ber/index.ts'
import { readCertificate, verify } from '../../../protocol/crypto/index.ts'
import { AuthenticateServerRequest } from '../../../protocol/sgp22/index.ts'
import { AuthenticateServerResponse } from '../../../protocol/sgp32/index.ts'
import { reset } from '../card/transmit.ts'
import { credentials, EID, newCard, pki } from '../testing/cards.ts'
import { authOnP384, authWithoutOid, dsAuth, spoiled, tlsOnP384 } from '../testing/certificates.ts'
import {
  ADDRESS,
  authenticate,
  authenticateRequest,
  challenge,
  ciPkIdOf,
  type ServerOptions,
  TRANSACTION,
} from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const strangers = await makePki({ seed: fromHex('01'), now: 0 })

const { dpAuth, dpTls } = pki.nist
const unknownCi = { euiccCiPKIdToBeUsed: new Uint8Array(20) }
const badSignature = { serverSignature1: new Uint8Array(64) }
const badChallenge = { euiccChallenge: new Uint8Array(16) }

/** One row for each check and one for each pair of neighbours that both fail: the first decides. */
const refusals: readonly [check: string, code: string, options: ServerOptions][] = [
  ['ci-for-signing', 'ciPKUnknown', { request: unknownCi }],
  ['ci-for-signing', 'ciPKUnknown', { request: unknownCi, auth: strangers.nist.dpAuth }],
  ['ci-of-server-trusted', 'ciPKUnknown', { auth: strangers.nist.dpAuth }],
  ['ci-of-server-trusted', 'ciPKUnknown', { auth: spoiled(strangers.nist.dpAuth) }],
  ['server-certificate-valid', 'invalidCertificate', { auth: spoiled(dpAuth) }],
  ['server-certificate-valid', 'invalidCertificate', { auth: spoiled(dpTls) }],
  ['server-certificate-valid', 'invalidCertificate', { auth: { ...dpAuth, certificate: fromHex('30020500') } }],
  ['server-role', 'invalidOid', { auth: dpTls }],
  ['server-role', 'invalidOid', { auth: tlsOnP384 }],
  ['server-curve', 'unsupportedCurve', { auth: authOnP384 }],
  ['server-curve', 'unsupportedCurve', { auth: authOnP384, request: badSignature }],
  ['server-oid-present', 'invalidCertificate', { auth: authWithoutOid }],
  ['server-oid-present', 'invalidCertificate', { auth: authWithoutOid, request: badSignature }],
  ['server-signature', 'invalidSignature', { request: badSignature }],
  ['server-signature', 'invalidSignature', { request: badSignature, signed: badChallenge }],
  ['challenge-own', 'euiccChallengeMismatch', { signed: badChallenge }],
]

const refusal = (authenticateErrorCode: string) => ({
  kind: 'authenticateResponseError',
  value: { transactionId: TRANSACTION, authenticateErrorCode },
})

test.each(refusals)('AuthenticateServer is refused because of %s with %s %#', (check, code, options) => {
  const card = new Terminal(newCard()).selectIsdr()
  const request = authenticateRequest(challenge(card), options)
  const { memory, volatile } = card.state
  expect(card.call(AuthenticateServerRequest, request, AuthenticateServerResponse)).toEqual(refusal(code))
  expect(card.state.memory).toBe(memory)
  expect(card.state.volatile.session).toBe(volatile.session)
  expect(card.events).toMatchObject([{ type: 'refused', cause: 'AuthenticateServer', check }])
})

test.each([{}, { request: unknownCi }])('AuthenticateServer without a challenge has no session %#', (options) => {
  const card = new Terminal(newCard()).selectIsdr()
  const request = authenticateRequest(new Uint8Array(16), options)
  expect(card.call(AuthenticateServerRequest, request, AuthenticateServerResponse)).toEqual(refusal('noSessionContext'))
  expect(card.events).toMatchObject([{ check: 'challenge-given' }])
})

test('a challenge is good for one authentication and for one card session', () => {
  const card = new Terminal(newCard()).selectIsdr()
  const request = authenticateRequest(challenge(card))
  card.state = reset(card.state)
  card.selectIsdr()
  expect(card.call(AuthenticateServerRequest, request, AuthenticateServerResponse)).toEqual(refusal('noSessionContext'))
  const again = authenticateRequest(challenge(card))
  expect(card.call(AuthenticateServerRequest, again, AuthenticateServerResponse).kind).toBe('authenticateResponseOk')
  expect(card.call(AuthenticateServerRequest, again, AuthenticateServerResponse)).toEqual(refusal('noSessionContext'))
})

test.each(['nist', 'brainpool'] as const)(
  'the answer is signed with the key certified under the CI that was chosen: %s',
  (curve) => {
    const card = new Terminal(newCard()).selectIsdr()
    const answer = authenticate(card, { curve })
    if (answer.kind !== 'authenticateResponseOk') throw new Error(answer.kind)
    const { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate } = answer.value
    expect(euiccSigned1.value).toMatchObject({
      transactionId: TRANSACTION,
      serverAddress: ADDRESS,
      euiccInfo2: {
        svn: '2.5.0',
        ipaMode: 'ipad',
        iotSpecificInfo: { iotVersion: ['1.2.0'], fallbackSupported: true },
      },
      ctxParams1: { value: { matchingId: 'TOKEN' } },
    })
    expect(euiccCertificate).toEqual(credentials.of(EID, ciPkIdOf(curve)).euiccCertificate)
    expect(eumCertificate).toEqual(pki[curve].eum.certificate)
    const { publicKey } = readCertificate(euiccCertificate)
    expect(publicKey && verify(publicKey, [euiccSigned1.octets], euiccSignature1)).toBe(true)
  },
)

test('ctxParams1 is signed as it came, with what this version does not know in it', () => {
  const card = new Terminal(newCard()).selectIsdr()
  const request = encode(AuthenticateServerRequest, authenticateRequest(challenge(card)))
  const ctxParams1 = 'a0118005544f4b454ea108800435550101a100'
  const extended = 'a0148005544f4b454ea108800435550101a100850100'
  const content = fromHex(toHex(request).replace(ctxParams1, extended)).subarray(5)
  const answer = toHex(card.storeData(encode(octetString(0xbf38), content)))
  expect(answer.startsWith('bf38')).toBe(true)
  expect(answer).toContain(extended)
})

test('an SM-DS is authenticated, too', () => {
  const card = new Terminal(newCard()).selectIsdr()
  expect(authenticate(card, { auth: dsAuth }).kind).toBe('authenticateResponseOk')
  expect(card.state.volatile.session).toMatchObject({ serverRole: 'DSauth' })
})
