/** SM-DP+: SGP.22 v2.5. */
import type { Signer } from '../../protocol/crypto/index.ts'
import type { Clock, HttpClient, HttpHandler, Random, Trace } from '../ports/index.ts'
import type { CallOutcome } from '../rsp-server/index.ts'
import { createCallbacks } from './es2plus/callbacks.ts'
import type { Operator } from './es2plus/function.ts'
import { announce, createEs2Handler, ES2PLUS } from './es2plus/handler.ts'
import { progressMessage } from './es2plus/progress.ts'
import { createShop } from './es2plus/shop.ts'
import { createEs12, eventOf } from './es12.ts'
import { createHandler } from './handler.ts'
import { type SmdpIdentity, serverIdentity } from './identity.ts'
import { isOver, type Order } from './order.ts'
import { createOrderBook, type Orders } from './order-book.ts'
import { createService } from './service.ts'
import type { SmdpStore } from './store-database.ts'

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
  /** By default in memory: gone with the process. */
  readonly store?: SmdpStore | undefined
  /** Orders of which nothing more can come and that nobody can order again: the latest so many. By default all. */
  readonly keptOrders?: number
  /** Ten minutes by default. */
  readonly sessionLifetimeMs?: number
  /** By functionRequesterIdentifier. Operators that are not here may order everything, and are told nothing. */
  readonly operators?: Readonly<Record<string, Operator>>
  /** ES2+ is for clients only that have shown a certificate (`isProven`). */
  readonly onlyProvenOperators?: boolean
  /** To operators and to SM-DSs. Without it none can be reached. */
  readonly client?: SmdpClient
}

export interface SmdpClient {
  readonly http: HttpClient
  delay(milliseconds: number): Promise<void>
}

export interface Smdp {
  /** ES9+ in both bindings, and ES2+. */
  readonly handle: HttpHandler
  readonly orders: Orders
  /** Announces an order at the SM-DS that it names. `done` also when it names none. */
  announce(iccid: string): Promise<CallOutcome>
}

const TEN_MINUTES_MS = 600_000

export function createSmdp(options: SmdpOptions): Smdp {
  const { address, otherAddresses = [], clock, random, trace, client, store, operators = {} } = options
  const servers = options.identities.map(serverIdentity)
  const operator = (requester: string): Operator => (Object.hasOwn(operators, requester) && operators[requester]) || {}
  const caller = client && { http: client.http, random, trace, requester: servers[0]?.oid ?? address }
  const es12 = caller && createEs12(caller, address)
  const callbacks = caller && createCallbacks({ ...caller, operator, delay: client.delay })
  const onMoved = (order: Order, before: Order | undefined) => {
    const event = before && eventOf(before)
    if (event && isOver(order)) void es12?.deleteEvent(event)
  }
  const book = createOrderBook({ address, random, onMoved, kept: options.keptOrders, store })
  const service = createService({
    addresses: [address, ...otherAddresses],
    servers,
    clock,
    random,
    signer: options.signer,
    sessionLifetimeMs: options.sessionLifetimeMs ?? TEN_MINUTES_MS,
    store,
    book,
    onProgress(order, progress) {
      if (order.requester === undefined) return
      callbacks?.tell(order.requester, progressMessage(order, progress, clock.now()))
    },
  })
  const es9plus = createHandler({ service, trace })
  const shop = createShop({ address, random, book, operator })
  const es2plus = createEs2Handler({ shop, trace, onlyProven: options.onlyProvenOperators, es12, put: book.put })
  const { create, get, list, cancel } = book
  return {
    async handle(message) {
      const answer = await (message.path.startsWith(ES2PLUS) ? es2plus(message) : es9plus(message))
      await store?.settled()
      return answer
    },
    orders: { create, get, list, cancel },
    async announce(iccid) {
      await store?.settled()
      return announce(book.byIccid(iccid), es12)
    },
  }
}
