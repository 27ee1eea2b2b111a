import { expect, test } from 'vitest'
import { makePki } from '../../../certs/index.ts'
import { issueCrl } from '../../../certs/testing/crl.ts'
import { expiredCertificate, wrongCertificates } from '../../../certs/testing/wrong-certificates.ts'
import { fromHex } from '../../../protocol/ber/index.ts'
import { type ChainReason, type Curve, readCrl } from '../../../protocol/crypto/index.ts'
import { withCrl } from '../crls.ts'
import { withMemory } from '../state.ts'
import { newCard, pki } from '../testing/cards.ts'
import { authenticate, prepare, signatureOf } from '../testing/smdp.ts'
import { Terminal } from '../testing/terminal.ts'

const strangers = await makePki({ seed: fromHex('02'), now: 0 })

/** Codes of ES10b for what it has codes for; everything else is an invalid certificate, and the trace says why. */
const authCodes: Partial<Record<ChainReason, string>> = {
  issuer: 'ciPKUnknown',
  policy: 'invalidOid',
  curve: 'unsupportedCurve',
}
const pbCodes: Partial<Record<ChainReason, string>> = { curve: 'unsupportedCurve' }

const cases = (['nist', 'brainpool'] as const).flatMap((curve) =>
  wrongCertificates.flatMap((row) => row.of.map((name) => ({ curve, name, ...row }))),
)

const onIsdr = () => new Terminal(newCard()).selectIsdr()

function outcome(
  card: Terminal,
  curve: Curve,
  certificates: Parameters<typeof prepare>[2] & { auth?: typeof pki.nist.dpAuth },
) {
  const { auth, pb } = certificates
  const authenticated = authenticate(card, { curve, ...(auth && { auth }) })
  if (authenticated.kind === 'authenticateResponseError') return authenticated.value.authenticateErrorCode
  const prepared = prepare(card, signatureOf(authenticated), { curve, ...(pb && { pb }) })
  return prepared.kind === 'downloadResponseError' ? prepared.value.downloadErrorCode : 'accepted'
}

test.each(cases)('a certificate $name on $curve $rule is refused', async ({ curve, name, make, reason }) => {
  const wrong = await make(pki[curve], name, strangers)
  const card = onIsdr()
  const code = reason && (name === 'dpAuth' ? authCodes : pbCodes)[reason]
  const { memory } = card.state
  expect(outcome(card, curve, name === 'dpAuth' ? { auth: wrong } : { pb: wrong })).toBe(code ?? 'invalidCertificate')
  expect(card.state.memory).toBe(memory)
  const cause = name === 'dpAuth' ? 'AuthenticateServer' : 'PrepareDownload'
  const detail = reason && code === undefined ? { detail: reason } : {}
  expect(card.events.at(-1)).toMatchObject({ type: 'refused', cause, ...detail })
})

test('a certificate for profile binding below another CI than the one for authentication is refused', () => {
  const card = onIsdr()
  expect(outcome(card, 'nist', { pb: pki.brainpool.dpPb })).toBe('invalidCertificate')
  expect(card.events.at(-1)).toMatchObject({ check: 'dp-certificate-valid', detail: 'other-ci' })
})

test.each(['dpAuth', 'dpPb'] as const)('a revoked certificate %s is refused', async (name) => {
  const crl = readCrl(await issueCrl(pki.nist.ci, { crlNumber: 1, revoked: [pki.nist[name].certificate] }))
  if (!crl) throw new Error('no CRL')
  const card = onIsdr()
  card.state = withMemory(card.state, { crls: withCrl([], crl) })
  expect(outcome(card, 'nist', {})).toBe('invalidCertificate')
  expect(card.events.at(-1)).toMatchObject({ detail: 'revoked' })
})

test('the card has no clock: it takes a certificate whose time is over', async () => {
  const auth = await expiredCertificate(pki.nist, 'dpAuth', strangers)
  const pb = await expiredCertificate(pki.nist, 'dpPb', strangers)
  expect(outcome(onIsdr(), 'nist', { auth, pb })).toBe('accepted')
})

test('every rule of the chain that a card applies is broken by a certificate', () => {
  const applied: ChainReason[] = [
    'issuer',
    'signature',
    'basic-constraints',
    'key-usage',
    'critical-extension',
    'policy',
    'curve',
    'oid',
  ]
  expect([...new Set(wrongCertificates.flatMap(({ reason = [] }) => reason))].sort()).toEqual(applied.sort())
})
