import {
  captured,
  encode,
  equalOctets,
  retag,
  sequence,
  utf8String,
  type ValueOf,
} from '../../../protocol/ber/index.ts'
import { type Certificate, verify, verifyServerCertificate } from '../../../protocol/crypto/index.ts'
import {
  type AuthenticateResponseError,
  Certificate as CertificateOctets,
  CtxParams1,
  Octet16,
  ServerSigned1,
  Signature,
  SubjectKeyIdentifier,
  TransactionId,
} from '../../../protocol/sgp22/index.ts'
import { AuthenticateServerResponse, EUICCInfo2 } from '../../../protocol/sgp32/index.ts'
import { type CertificateRefusal, certificateOf, isInvalid } from '../chain.ts'
import { proven } from '../check.ts'
import { revokedBy } from '../crls.ts'
import type { Entropy } from '../entropy.ts'
import type { Authenticated } from '../session.ts'
import { type EuiccState, withSession } from '../state.ts'
import { command, type Effect } from './command.ts'
import { euiccInfo2Of } from './get-euicc-info.ts'

/** AuthenticateServerRequest with ctxParams1 as it was received: the answer signs it as it is, with what this card does not know in it. */
const Request = sequence(0xbf38, {
  serverSigned1: captured(ServerSigned1),
  serverSignature1: Signature,
  euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
  serverCertificate: CertificateOctets,
  ctxParams1: captured(CtxParams1),
})
type Request = ValueOf<typeof Request>

/** EuiccSigned1, the same. */
const Signed1 = sequence(0x30, {
  transactionId: TransactionId,
  serverAddress: utf8String(0x83),
  serverChallenge: retag(0x84, Octet16),
  euiccInfo2: EUICCInfo2,
  ctxParams1: captured(CtxParams1),
})

interface Facts {
  readonly request: Request
  readonly signed: ServerSigned1
  readonly euiccChallenge: Uint8Array | undefined
  /** Under which the eUICC is to sign. */
  readonly ciPkId: Uint8Array | undefined
  readonly server: Server | undefined
  readonly chain: CertificateRefusal | undefined
}

interface Server {
  readonly certificate: Certificate
  readonly role: Authenticated['serverRole']
  readonly oid: string | undefined
}

/** ES10b.AuthenticateServer: SGP.22 v2.5, 3.0.1 and 5.7.13. Unverified: the order of the rows, and that a refusal leaves the session open. */
export const authenticateServer = command({
  name: 'AuthenticateServer',
  request: Request,
  response: AuthenticateServerResponse,
  facts: gather,
  checks: [
    {
      id: 'challenge-given',
      holds: ({ euiccChallenge }) => euiccChallenge !== undefined,
      otherwise: refuse('noSessionContext'),
    },
    { id: 'ci-for-signing', holds: ({ ciPkId }) => ciPkId !== undefined, otherwise: refuse('ciPKUnknown') },
    { id: 'ci-of-server-trusted', holds: ({ chain }) => chain !== 'issuer', otherwise: refuse('ciPKUnknown') },
    {
      id: 'server-certificate-valid',
      holds: ({ chain }) => !isInvalid(chain, 'policy', 'curve'),
      otherwise: refuse('invalidCertificate'),
      detail: ({ chain }) => chain,
    },
    { id: 'server-role', holds: ({ chain }) => chain !== 'policy', otherwise: refuse('invalidOid') },
    { id: 'server-curve', holds: ({ chain }) => chain !== 'curve', otherwise: refuse('unsupportedCurve') },
    {
      id: 'server-oid-present',
      holds: ({ server }) => server?.oid !== undefined,
      otherwise: refuse('invalidCertificate'),
    },
    { id: 'server-signature', holds: isSignedByServer, otherwise: refuse('invalidSignature') },
    {
      id: 'challenge-own',
      holds: ({ euiccChallenge, signed }) =>
        euiccChallenge !== undefined && equalOctets(euiccChallenge, signed.euiccChallenge),
      otherwise: refuse('euiccChallengeMismatch'),
    },
  ],
  run: answer,
})

function gather({ product, memory, volatile: { session } }: EuiccState, request: Request): Facts {
  const wanted = request.euiccCiPKIdToBeUsed
  const facts = {
    request,
    signed: request.serverSigned1.value,
    euiccChallenge: session?.phase === 'challenged' ? session.euiccChallenge : undefined,
    ciPkId: product.credentials.ciPkIds.find((id) => equalOctets(id, wanted)),
  }
  const certificate = certificateOf(request.serverCertificate)
  if (!certificate) return { ...facts, server: undefined, chain: 'unreadable' }
  const trust = { trusted: product.trustedCis, isRevoked: revokedBy(memory.crls) }
  const chain = verifyServerCertificate(certificate, { roles: ['DPauth', 'DSauth'], ...trust })
  if (!chain.ok) return { ...facts, server: undefined, chain: chain.reason }
  const server = { certificate, role: chain.role, oid: certificate.subjectAltName.registeredID }
  return { ...facts, server, chain: undefined }
}

function refuse(authenticateErrorCode: AuthenticateResponseError['authenticateErrorCode']) {
  return ({ signed: { transactionId } }: Facts): AuthenticateServerResponse => ({
    kind: 'authenticateResponseError',
    value: { transactionId, authenticateErrorCode },
  })
}

function isSignedByServer({ server, request: { serverSigned1, serverSignature1 } }: Facts): boolean {
  const key = server?.certificate.publicKey
  return key !== undefined && verify(key, [serverSigned1.octets], serverSignature1)
}

function answer(state: EuiccState, facts: Facts, entropy: Entropy): Effect<AuthenticateServerResponse> {
  const { transactionId, serverAddress, serverChallenge } = facts.signed
  const { ctxParams1 } = facts.request
  const ciPkId = proven(facts.ciPkId, 'ci-for-signing')
  const signed1 = { transactionId, serverAddress, serverChallenge, euiccInfo2: euiccInfo2Of(state) }
  const octets = encode(Signed1, { ...signed1, ctxParams1 })
  const { privateKey, euiccCertificate, eumCertificate } = state.product.credentials.of(state.eid, ciPkId)
  const euiccSignature1 = entropy.sign(privateKey, [octets])
  const euiccSigned1 = { octets, value: { ...signed1, ctxParams1: ctxParams1.value } }
  return {
    state: withSession(state, { phase: 'authenticated', ...begun(facts), ciPkId, euiccSignature1 }),
    answer: {
      kind: 'authenticateResponseOk',
      value: { euiccSigned1, euiccSignature1, euiccCertificate, eumCertificate },
    },
  }
}

function begun({ signed: { transactionId, serverAddress }, server: proved }: Facts) {
  const server = proven(proved, 'server-certificate-valid')
  return {
    transactionId,
    serverAddress,
    serverRole: server.role,
    serverCertificate: server.certificate,
    serverOid: proven(server.oid, 'server-oid-present'),
  }
}
