/** SM-DP+: SGP.22 v2.5. */
import type { Signer } from '../../protocol/crypto/index.ts'
import type { Clock, HttpHandler, Random, Trace } from '../ports/index.ts'
import { createHandler } from './handler.ts'
import { type SmdpIdentity, serverIdentity } from './identity.ts'
import { createOrderBook, type Orders } from './order-book.ts'
import { createService } from './service.ts'

export interface SmdpOptions {
  /** One for each CI below which this SM-DP+ has certificates; the lists of the client decide among them. */
  readonly identities: readonly SmdpIdentity[]
  /** As clients write it, with a port when there is one. Also that of activation codes and notifications. */
  readonly address: string
  /** Further addresses that clients may use. */
  readonly otherAddresses?: readonly string[]
  readonly clock: Clock
  readonly random: Random
  /** Where messages are recorded. Leave it out where the client records them. */
  readonly trace?: Trace
  /** A deterministic one for recordings. */
  readonly signer?: Signer
  /** Ten minutes by default. */
  readonly sessionLifetimeMs?: number
}

export interface Smdp {
  /** ES9+, both bindings. */
  readonly handle: HttpHandler
  readonly orders: Orders
}

const TEN_MINUTES_MS = 600_000

export function createSmdp(options: SmdpOptions): Smdp {
  const { address, otherAddresses = [], clock, random, trace } = options
  const book = createOrderBook({ address, random })
  const service = createService({
    addresses: [address, ...otherAddresses],
    servers: options.identities.map(serverIdentity),
    clock,
    random,
    signer: options.signer,
    sessionLifetimeMs: options.sessionLifetimeMs ?? TEN_MINUTES_MS,
    book,
  })
  const { create, get, list, cancel } = book
  return { handle: createHandler({ service, trace }), orders: { create, get, list, cancel } }
}
