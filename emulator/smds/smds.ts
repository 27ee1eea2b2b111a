/** SM-DS: SGP.22 v2.5. */
import { type Identity, readCertificate, type Signer, sign } from '../../protocol/crypto/index.ts'
import type { Clock, HttpHandler, Random, Trace } from '../ports/index.ts'
import { type Check, firstBroken, statusOf } from '../rsp-server/index.ts'
import { authenticateClient, initiateAuthentication, type Session, type World } from './es11.ts'
import { createEs11Handler, type Es11Function, type Es11Result } from './es11-handler.ts'
import { createEs12Handler, ES12 } from './es12.ts'
import { createEventBook, type EventRecord, type SmdsStore } from './events.ts'

/** What an SM-DS has below one CI. */
export interface SmdsIdentity {
  /** DER. */
  readonly ci: { readonly certificate: Uint8Array }
  readonly dsAuth: Identity
}

export interface SmdsOptions {
  /** One for each CI; the lists of the client decide among them. */
  readonly identities: readonly SmdsIdentity[]
  /** As clients write it, with a port when there is one. */
  readonly address: string
  readonly clock: Clock
  readonly random: Random
  readonly trace?: Trace
  /** By default in memory: gone with the process. */
  readonly store?: SmdsStore | undefined
  /** ES12 is for clients only that have shown a certificate (`isProven`). */
  readonly onlyProvenServers?: boolean
  /** A deterministic one for recordings. */
  readonly signer?: Signer
  /** Ten minutes by default. */
  readonly sessionLifetimeMs?: number
}

export interface Smds {
  /** ES11 in both bindings, and ES12. */
  readonly handle: HttpHandler
  events(): readonly EventRecord[]
}

const TEN_MINUTES_MS = 600_000

/** What both functions of ES11 are. */
interface Row {
  readonly facts: (world: World, request: never) => unknown
  readonly checks: readonly Check<never, string>[]
  readonly run: (
    facts: never,
    tools: never,
  ) => Omit<Extract<Es11Result, { kind: 'ok' }>, 'kind'> & { session?: Session }
}
const functions: Readonly<Record<Es11Function, Row>> = { initiateAuthentication, authenticateClient }

export function createSmds(options: SmdsOptions): Smds {
  const { identities, address, clock, random, trace, store, signer = sign } = options
  const { sessionLifetimeMs = TEN_MINUTES_MS } = options
  const servers = identities.map(({ ci, dsAuth }) => ({ ci: readCertificate(ci.certificate), dsAuth }))
  const events = createEventBook(store)
  const sessions = new Map<string, Session>()
  const isOver = ({ startedAt }: Session) => clock.now() - startedAt >= sessionLifetimeMs
  const session = (transactionId: string) => {
    const found = sessions.get(transactionId)
    return found && !isOver(found) ? found : undefined
  }
  const tools = { octets: (length: number) => random.octets(length), sign: signer }
  const call = (name: Es11Function, request: unknown): Es11Result => {
    const { facts: gather, checks, run } = functions[name]
    const world: World = { now: clock.now(), addresses: [address.toLowerCase()], servers, events, session }
    const facts = gather(world, request as never) as never
    const broken = firstBroken(checks, facts)
    if (broken) return { kind: 'refused', check: broken.id, status: statusOf(broken.refusal) }
    const done = run(facts, tools as never)
    for (const old of sessions.values()) if (isOver(old)) sessions.delete(old.transactionId)
    if (done.session) sessions.set(done.session.transactionId, done.session)
    else sessions.delete((request as { transactionId: string }).transactionId)
    return { kind: 'ok', answer: done.answer }
  }
  const es11 = createEs11Handler({ trace, call })
  const es12 = createEs12Handler(events, { trace, onlyProven: options.onlyProvenServers })
  return {
    async handle(message) {
      const answer = await (message.path.startsWith(ES12) ? es12(message) : es11(message))
      await store?.settled()
      return answer
    },
    events: events.all,
  }
}
