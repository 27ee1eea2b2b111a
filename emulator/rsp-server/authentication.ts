/** Common mutual authentication, the side of a server: SGP.22 v2.5, 3.0.1. The same over ES9+ and ES11. */
import { type Captured, capture, equalOctets, toHex } from '../../protocol/ber/index.ts'
import { type Certificate, type ChainRefusal, type Identity, type Signer, verify } from '../../protocol/crypto/index.ts'
import {
  type AuthenticateServerResponse,
  type InitiateAuthenticationRequest,
  ServerSigned1,
} from '../../protocol/sgp22/index.ts'
import type { Chain, Euicc } from './euicc-certificates.ts'

interface BelowCi {
  readonly ci: Certificate
}

/** Of the first CI, in the order of the eUICC's list, that both sides have. */
export function firstShared<Server extends BelowCi>(
  servers: readonly Server[],
  wanted: readonly Uint8Array[],
): Server | undefined {
  for (const keyIdentifier of wanted) {
    const server = servers.find(({ ci }) => equalOctets(ci.subjectKeyIdentifier ?? new Uint8Array(), keyIdentifier))
    if (server) return server
  }
  return undefined
}

export interface InitiateAuthenticationOk {
  readonly transactionId: string
  readonly serverSigned1: Captured<ServerSigned1>
  readonly serverSignature1: Uint8Array
  readonly euiccCiPKIdToBeUsed: Uint8Array
  readonly serverCertificate: Uint8Array
}

export interface Beginning {
  readonly request: InitiateAuthenticationRequest
  /** CERT.DPauth or CERT.DSauth. */
  readonly auth: Identity
  /** Below which the eUICC is to sign. */
  readonly ci: Certificate
}

interface Tools {
  octets(length: number): Uint8Array
  readonly sign: Signer
}

const CHALLENGE_OCTETS = 16
const TRANSACTION_ID_OCTETS = 16

export function beginAuthentication({ request, auth, ci }: Beginning, { octets, sign }: Tools) {
  const euiccCiPKIdToBeUsed = ci.subjectKeyIdentifier
  if (!euiccCiPKIdToBeUsed) throw new Error('a CI without a subject key identifier')
  const transactionId = toHex(octets(TRANSACTION_ID_OCTETS)).toUpperCase()
  const serverChallenge = octets(CHALLENGE_OCTETS)
  const serverSigned1 = capture(ServerSigned1, {
    transactionId,
    euiccChallenge: request.euiccChallenge,
    // As the client has written it: it compares.
    serverAddress: request.smdpAddress,
    serverChallenge,
  })
  const answer: InitiateAuthenticationOk = {
    transactionId,
    serverSigned1,
    serverSignature1: sign(auth.privateKey, [serverSigned1.octets]),
    euiccCiPKIdToBeUsed,
    serverCertificate: auth.certificate,
  }
  return { transactionId, serverChallenge, answer }
}

export type AuthenticateResponseOk = Extract<AuthenticateServerResponse, { kind: 'authenticateResponseOk' }>['value']

export interface AuthenticationFacts {
  readonly session: { readonly transactionId: string; readonly serverChallenge: Uint8Array } | undefined
  /** Absent: the eUICC has sent an error. */
  readonly response: AuthenticateResponseOk | undefined
  readonly chain: () => Chain | undefined
}

export const euiccOf = (chain: Chain | undefined): Euicc | undefined => (chain?.ok ? chain : undefined)

/** What must hold before anything is believed of the eUICC. */
export const authenticationChecks = [
  { id: 'eum-issued-by-the-ci', holds: chainWithout('EUM', 'issuer'), refusal: '8.11.1/3.9' },
  { id: 'eum-certificate-not-expired', holds: chainWithout('EUM', 'expired'), refusal: '8.1.2/6.3' },
  { id: 'eum-certificate-valid', holds: chainWithout('EUM'), refusal: '8.1.2/6.1' },
  { id: 'euicc-certificate-not-expired', holds: chainWithout('EUICC', 'expired'), refusal: '8.1.3/6.3' },
  { id: 'euicc-certificate-valid', holds: chainWithout('EUICC'), refusal: '8.1.3/6.1' },
  { id: 'euicc-signature-valid', holds: isSigned, refusal: '8.1/6.1' },
  {
    id: 'transaction-signed',
    holds: ({ session, response }: AuthenticationFacts) =>
      response?.euiccSigned1.value.transactionId === session?.transactionId,
    refusal: '8.10.1/3.9',
  },
  { id: 'server-challenge-signed', holds: hasChallenge, refusal: '8.1/6.1' },
] as const

/** The chain is not refused for this certificate, or at least not for this reason. */
function chainWithout(certificate: ChainRefusal['certificate'], reason?: ChainRefusal['reason']) {
  return ({ chain }: AuthenticationFacts): boolean => {
    const found = chain()
    if (!found || found.ok) return true
    return found.certificate !== certificate || (reason !== undefined && found.reason !== reason)
  }
}

function isSigned({ response, chain }: AuthenticationFacts): boolean {
  const euicc = euiccOf(chain())
  if (!response || !euicc) return false
  return verify(euicc.publicKey, [response.euiccSigned1.octets], response.euiccSignature1)
}

function hasChallenge({ session, response }: AuthenticationFacts): boolean {
  if (!session || !response) return false
  return equalOctets(session.serverChallenge, response.euiccSigned1.value.serverChallenge)
}

export const matchingIdOf = (response: AuthenticateResponseOk | undefined): string =>
  response?.euiccSigned1.value.ctxParams1.value.matchingId ?? ''
