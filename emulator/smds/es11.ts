/** ES11: InitiateAuthentication and AuthenticateClient, SGP.22 v2.5, 5.8. */
import type { ErrorRow, es11Errors } from '../../protocol/codes/index.ts'
import type { Certificate, Identity, Signer } from '../../protocol/crypto/index.ts'
import type { AuthenticateClientRequest, InitiateAuthenticationRequest } from '../../protocol/sgp22/index.ts'
import {
  type AuthenticationFacts,
  authenticationChecks,
  beginAuthentication,
  type Check,
  euiccOf,
  firstShared,
  type InitiateAuthenticationOk,
  lazily,
  matchingIdOf,
  verifyChain,
} from '../rsp-server/index.ts'
import type { EventBook, EventRecord } from './events.ts'

/** What an SM-DS has below one CI. */
export interface ServerIdentity {
  readonly ci: Certificate
  readonly dsAuth: Identity
}

export interface Session {
  readonly transactionId: string
  readonly serverChallenge: Uint8Array
  /** Below which the eUICC signs. */
  readonly ci: Certificate
  readonly startedAt: number
}

export interface World {
  readonly now: number
  /** In lower case. */
  readonly addresses: readonly string[]
  readonly servers: readonly ServerIdentity[]
  readonly events: EventBook
  session(transactionId: string): Session | undefined
}

export interface Tools {
  octets(length: number): Uint8Array
  readonly sign: Signer
}

type Errors = typeof es11Errors
type CodeOf<Row extends ErrorRow> = Row extends ErrorRow ? `${Row['subjectCode']}/${Row['reasonCode']}` : never
type Code<Name extends keyof Errors> = CodeOf<Errors[Name][number]> | '8.1/4.2'

interface InitiateFacts {
  readonly request: InitiateAuthenticationRequest
  readonly world: World
  readonly signing: ServerIdentity | undefined
  readonly verification: ServerIdentity | undefined
}

export const initiateAuthentication = {
  facts(world: World, request: InitiateAuthenticationRequest): InitiateFacts {
    const { euiccCiPKIdListForSigning, euiccCiPKIdListForVerification } = request.euiccInfo1
    return {
      request,
      world,
      signing: firstShared(world.servers, euiccCiPKIdListForSigning),
      verification: firstShared(world.servers, euiccCiPKIdListForVerification),
    }
  },
  checks: [
    {
      id: 'address-own',
      holds: ({ request, world }) => world.addresses.includes(request.smdpAddress.toLowerCase()),
      refusal: '8.9.1/3.8',
    },
    { id: 'svn-supported', holds: ({ request }) => request.euiccInfo1.svn.startsWith('2.'), refusal: '8.9.3/3.1' },
    { id: 'signing-ci-shared', holds: ({ signing }) => signing !== undefined, refusal: '8.9.2/3.1' },
    { id: 'verification-ci-shared', holds: ({ verification }) => verification !== undefined, refusal: '8.9.4/3.7' },
  ] satisfies readonly Check<InitiateFacts, Code<'initiateAuthentication'>>[],
  run(
    { request, world, signing, verification }: InitiateFacts,
    tools: Tools,
  ): { session: Session; answer: InitiateAuthenticationOk } {
    if (!signing || !verification) throw new Error('no CI was found and no check said so')
    const { ci } = signing
    const { answer, ...begun } = beginAuthentication({ request, auth: verification.dsAuth, ci }, tools)
    return { session: { ...begun, ci, startedAt: world.now }, answer }
  },
}

export interface AuthenticateClientOk {
  readonly transactionId: string
  readonly eventEntries: readonly Pick<EventRecord, 'eventId' | 'rspServerAddress'>[]
}

interface ClientFacts extends AuthenticationFacts {
  readonly session: Session | undefined
  readonly found: () => readonly EventRecord[] | undefined
}

export const authenticateClient = {
  facts(world: World, { transactionId, authenticateServerResponse: answer }: AuthenticateClientRequest): ClientFacts {
    const session = world.session(transactionId)
    const response = answer.kind === 'authenticateResponseOk' ? answer.value : undefined
    const chain = lazily(() => session && response && verifyChain(response, { trusted: [session.ci], at: world.now }))
    const found = () => {
      const eid = euiccOf(chain())?.eid
      return eid === undefined ? undefined : eventsFor(world.events, eid, matchingIdOf(response))
    }
    return { session, response, chain, found: lazily(found) }
  },
  checks: [
    { id: 'transaction-known', holds: ({ session }) => session !== undefined, refusal: '8.10.1/3.9' },
    { id: 'euicc-agrees', holds: ({ response }) => response !== undefined, refusal: '8.1/4.2' },
    ...authenticationChecks,
    { id: 'event-known', holds: ({ found }) => found() !== undefined, refusal: '8.9.5/3.9' },
  ] satisfies readonly Check<ClientFacts, Code<'authenticateClient'>>[],
  run({ session, found }: ClientFacts): { answer: AuthenticateClientOk } {
    const events = found()
    if (!session || !events) throw new Error('a fact is missing and no check said so')
    const eventEntries = events.map(({ eventId, rspServerAddress }) => ({ eventId, rspServerAddress }))
    return { answer: { transactionId: session.transactionId, eventEntries } }
  },
}

/** Without an EventID all events of the eUICC, and be it none; with one, that event. */
function eventsFor(events: EventBook, eid: string, eventId: string): readonly EventRecord[] | undefined {
  if (eventId === '') return events.of(eid)
  const event = events.find(eid, eventId)
  return event && [event]
}
