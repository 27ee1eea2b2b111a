/** ES9+.InitiateAuthentication: SGP.22 v2.5, 5.6.1. */
import type { InitiateAuthenticationRequest } from '../../../protocol/sgp22/index.ts'
import { beginAuthentication, firstShared, type InitiateAuthenticationOk } from '../../rsp-server/index.ts'
import { es9Function, type World } from '../function.ts'
import type { ServerIdentity } from '../identity.ts'

interface Facts {
  readonly request: InitiateAuthenticationRequest
  readonly world: World
  /** Of the first CI, in the order of the eUICC's lists, that both sides have: to verify what the eUICC signs, and to sign ourselves. */
  readonly signing: ServerIdentity | undefined
  readonly verification: ServerIdentity | undefined
}

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
  run({ request, world, signing, verification }, tools) {
    if (!signing || !verification) throw new Error('no CI was found and no check said so')
    const begun = beginAuthentication({ request, auth: verification.dpAuth, ci: signing.ci }, tools)
    const { transactionId, serverChallenge, answer } = begun
    return {
      session: {
        transactionId,
        state: 'initiated',
        startedAt: world.now,
        server: verification,
        ci: signing.ci,
        serverChallenge,
      },
      answer,
    }
  },
})
