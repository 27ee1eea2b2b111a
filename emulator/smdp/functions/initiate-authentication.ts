/** ES9+.InitiateAuthentication: SGP.22 v2.5, 5.6.1. */
import { type Captured, capture, equalOctets, toHex } from '../../../protocol/ber/index.ts'
import { type InitiateAuthenticationRequest, ServerSigned1 } from '../../../protocol/sgp22/index.ts'
import { es9Function, type World } from '../function.ts'
import type { ServerIdentity } from '../identity.ts'

interface Facts {
  readonly request: InitiateAuthenticationRequest
  readonly world: World
  /** Of the first CI, in the order of the eUICC's lists, that both sides have: to verify what the eUICC signs, and to sign ourselves. */
  readonly signing: ServerIdentity | undefined
  readonly verification: ServerIdentity | undefined
}

export interface InitiateAuthenticationOk {
  readonly transactionId: string
  readonly serverSigned1: Captured<ServerSigned1>
  readonly serverSignature1: Uint8Array
  readonly euiccCiPKIdToBeUsed: Uint8Array
  readonly serverCertificate: Uint8Array
}

const CHALLENGE_OCTETS = 16
const TRANSACTION_ID_OCTETS = 16

export const initiateAuthentication = es9Function<
  'initiateAuthentication',
  InitiateAuthenticationRequest,
  Facts,
  InitiateAuthenticationOk
>({
  name: 'initiateAuthentication',
  facts(world, request) {
    const { euiccCiPKIdListForSigning, euiccCiPKIdListForVerification } = request.euiccInfo1
    return {
      request,
      world,
      signing: firstShared(world.servers, euiccCiPKIdListForSigning),
      verification: firstShared(world.servers, euiccCiPKIdListForVerification),
    }
  },
  about: () => undefined,
  checks: [
    {
      id: 'address-own',
      holds: ({ request, world }) => world.addresses.includes(request.smdpAddress.toLowerCase()),
      refusal: '8.8.1/3.8',
    },
    { id: 'svn-supported', holds: ({ request }) => request.euiccInfo1.svn.startsWith('2.'), refusal: '8.8.3/3.1' },
    { id: 'signing-ci-shared', holds: ({ signing }) => signing !== undefined, refusal: '8.8.2/3.1' },
    { id: 'verification-ci-shared', holds: ({ verification }) => verification !== undefined, refusal: '8.8.4/3.7' },
  ],
  run({ request, world, signing, verification }, { octets, sign }) {
    const euiccCiPKIdToBeUsed = signing?.ci.subjectKeyIdentifier
    if (!signing || !verification || !euiccCiPKIdToBeUsed) throw new Error('no CI was found and no check said so')
    const transactionId = toHex(octets(TRANSACTION_ID_OCTETS)).toUpperCase()
    const serverChallenge = octets(CHALLENGE_OCTETS)
    const serverSigned1 = capture(ServerSigned1, {
      transactionId,
      euiccChallenge: request.euiccChallenge,
      // As the client has written it: it compares.
      serverAddress: request.smdpAddress,
      serverChallenge,
    })
    const { certificate, privateKey } = verification.dpAuth
    return {
      session: {
        transactionId,
        state: 'initiated',
        startedAt: world.now,
        server: verification,
        ci: signing.ci,
        serverChallenge,
      },
      answer: {
        transactionId,
        serverSigned1,
        serverSignature1: sign(privateKey, [serverSigned1.octets]),
        euiccCiPKIdToBeUsed,
        serverCertificate: certificate,
      },
    }
  },
})

function firstShared(servers: readonly ServerIdentity[], wanted: readonly Uint8Array[]): ServerIdentity | undefined {
  for (const keyIdentifier of wanted) {
    const server = servers.find(({ ci }) => equalOctets(ci.subjectKeyIdentifier ?? new Uint8Array(), keyIdentifier))
    if (server) return server
  }
  return undefined
}
