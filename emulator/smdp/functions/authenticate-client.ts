/** ES9+.AuthenticateClient: SGP.22 v2.5, 5.6.3. */
import { type Captured, capture, decode, encode, octetString, optional, sequence } from '../../../protocol/ber/index.ts'
import {
  type AuthenticateClientRequest,
  type EUICCInfo2,
  Signature,
  SmdpSigned2,
} from '../../../protocol/sgp22/index.ts'
import { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import {
  type AuthenticateResponseOk,
  type AuthenticationFacts,
  authenticationChecks,
  type Chain,
  euiccOf,
  lazily,
  matchingIdOf,
  verifyChain,
} from '../../rsp-server/index.ts'
import { type Changes, es9Function, type World } from '../function.ts'
import { bindingOn, can, type Order } from '../order.ts'
import { packageLength, templates } from '../profile/package.ts'
import { after, allows, close, type Session } from '../session.ts'

interface Facts extends AuthenticationFacts {
  readonly world: World
  readonly session: Session | undefined
  readonly order: () => Order | undefined
}

export interface AuthenticateClientOk {
  readonly transactionId: string
  /** DER of StoreMetadataRequest. */
  readonly profileMetadata: Uint8Array
  readonly smdpSigned2: Captured<SmdpSigned2>
  readonly smdpSignature2: Uint8Array
  readonly smdpCertificate: Uint8Array
}

export const authenticateClient = es9Function<
  'authenticateClient',
  AuthenticateClientRequest,
  Facts,
  AuthenticateClientOk
>({
  name: 'authenticateClient',
  facts(world, { transactionId, authenticateServerResponse: answer }) {
    const session = world.session(transactionId)
    const response = answer.kind === 'authenticateResponseOk' ? answer.value : undefined
    const chain = lazily(() => session && response && verifyChain(response, { trusted: [session.ci], at: world.now }))
    return { world, session, response, chain, order: lazily(() => findOrder(world, response, chain())) }
  },
  about: ({ order }) => order(),
  checks: [
    { id: 'transaction-known', holds: ({ session }) => allows(session, 'authenticateClient'), refusal: '8.10.1/3.9' },
    { id: 'euicc-agrees', holds: ({ response }) => response !== undefined, refusal: '8.1/4.2', otherwise: close },
    ...authenticationChecks,
    {
      id: 'matching-id-known',
      holds: (facts) => matchingIdOf(facts.response) === '' || facts.order() !== undefined,
      refusal: '8.2.6/3.8',
      otherwise: refuse,
    },
    { id: 'eid-expected', holds: isForThisEuicc, refusal: '8.1.1/3.8', otherwise: refuse },
    {
      id: 'profile-released',
      holds: ({ order }) => can(order(), 'bind'),
      refusal: '8.2/1.2',
      otherwise: refuse,
    },
    {
      id: 'order-not-expired',
      holds: ({ order, world }) => world.now < (order()?.expiresAt ?? Number.POSITIVE_INFINITY),
      refusal: '8.8.5/4.10',
      otherwise: refuse,
    },
    {
      id: 'downloads-left',
      holds: ({ order }) => (order()?.downloadsLeft ?? 0) > 0,
      refusal: '8.8.5/6.4',
      otherwise: refuse,
    },
    { id: 'euicc-eligible', holds: isEligible, refusal: '8.2.5/4.3', otherwise: refuse },
    { id: 'memory-sufficient', holds: hasMemory, refusal: '8.1/4.8', otherwise: refuse },
  ],
  run({ session, response, chain, order: ordered }, { sign }) {
    const order = ordered()
    const euicc = euiccOf(chain())
    if (!session || !response || !order || !euicc) throw new Error('a fact is missing and no check said so')
    const { transactionId, server } = session
    const binding = bindingOn(order, server.dpPb.privateKey.curve)
    const smdpSigned2 = capture(SmdpSigned2, {
      transactionId,
      ccRequiredFlag: order.confirmationCodeHash !== undefined,
      ...(binding && { bppEuiccOtpk: binding.euiccOtpk }),
    })
    const covered = [smdpSigned2.octets, encode(Signature, response.euiccSignature1)]
    const smdpSignature2 = sign(server.dpPb.privateKey, covered)
    return {
      session: { ...after(session, 'authenticateClient'), euicc, iccid: order.iccid, smdpSignature2 },
      answer: {
        transactionId,
        profileMetadata: encode(StoreMetadataRequest, order.metadata),
        smdpSigned2,
        smdpSignature2,
        smdpCertificate: server.dpPb.certificate,
      },
    }
  },
})

/** The eUICC has proved who it is; what it signs to cancel the session can be verified. */
function refuse({ session, chain }: Facts): Changes {
  const euicc = euiccOf(chain())
  return session && euicc ? { session: { ...session, state: 'refused', euicc } } : {}
}

/** Without a matchingId (default SM-DP+, or an empty token) the order is the one that waits for this EID. */
function findOrder(
  world: World,
  response: AuthenticateResponseOk | undefined,
  chain: Chain | undefined,
): Order | undefined {
  const matchingId = matchingIdOf(response)
  const euicc = euiccOf(chain)
  if (matchingId !== '') return world.orderByMatchingId(matchingId)
  return euicc && world.orderForEid(euicc.eid)
}

function isForThisEuicc({ order, chain }: Facts): boolean {
  const found = order()
  const eid = euiccOf(chain())?.eid
  const expected = found?.eid ?? found?.binding?.euicc.eid ?? eid
  return found !== undefined && expected === eid
}

/** SGP.22 v2.5, annex F: what the profile asks of the eUICC, which forbids some policy rules altogether. */
function isEligible({ response, order: ordered }: Facts): boolean {
  const order = ordered()
  const info = response?.euiccSigned1.value.euiccInfo2
  if (!order || !info) return false
  const forbidden = info.forbiddenProfilePolicyRules ?? []
  const allowed = !order.metadata.profilePolicyRules?.some((rule) => forbidden.includes(rule))
  return allowed && templates[order.template].needs.every((capability) => info.uiccCapability.includes(capability))
}

/** ETSI TS 102 226, 8.2.1.7.2: extended card resources. A card that does not tell its free memory is believed to have enough. */
const CardResources = sequence(0x30, {
  numberOfApplications: optional(octetString(0x81)),
  freeNonVolatileMemory: optional(octetString(0x82)),
  freeVolatileMemory: optional(octetString(0x83)),
})

function hasMemory({ response, order: ordered }: Facts): boolean {
  const order = ordered()
  const info = response?.euiccSigned1.value.euiccInfo2
  if (!order || !info) return false
  return freeMemory(info) >= packageLength(order.template)
}

function freeMemory({ extCardResource }: Pick<EUICCInfo2, 'extCardResource'>): number {
  try {
    const { freeNonVolatileMemory } = decode(CardResources, encode(octetString(0x30), extCardResource))
    return freeNonVolatileMemory?.reduce((sum, octet) => sum * 256 + octet, 0) ?? Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
