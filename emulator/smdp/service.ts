/** The functions of ES9+ on the orders and sessions of one SM-DP+: where what the functions decide is kept. */
import { type Signer, sign } from '../../protocol/crypto/index.ts'
import type { HandleNotification } from '../../protocol/sgp22/index.ts'
import type { Clock, Random } from '../ports/index.ts'
import type { AnsweredFunction } from './bindings/binding.ts'
import { type Progress, progressOf, progressOfNotification } from './es2plus/progress.ts'
import type { Callable, Changes, Fields, Result, World } from './function.ts'
import { authenticateClient } from './functions/authenticate-client.ts'
import { cancelSession } from './functions/cancel-session.ts'
import { getBoundProfilePackage } from './functions/get-bound-profile-package.ts'
import { handleNotification, type Taken } from './functions/handle-notification.ts'
import { initiateAuthentication } from './functions/initiate-authentication.ts'
import type { ServerIdentity } from './identity.ts'
import type { Order } from './order.ts'
import type { OrderBook } from './order-book.ts'
import { createSessions } from './sessions.ts'
import type { SmdpStore } from './store-database.ts'

const functions = { initiateAuthentication, authenticateClient, getBoundProfilePackage, cancelSession }

export interface Service {
  /** `request` is what the binding has read for this function. */
  call(name: AnsweredFunction, request: Fields): Result<Fields>
  notify(notification: HandleNotification): Taken
}

interface ServiceOptions {
  readonly addresses: readonly string[]
  readonly servers: readonly ServerIdentity[]
  readonly clock: Clock
  readonly random: Random
  readonly signer?: Signer | undefined
  readonly sessionLifetimeMs: number
  readonly book: OrderBook
  readonly store?: SmdpStore | undefined
  readonly onProgress: (order: Order, progress: Progress) => void
}

export function createService(options: ServiceOptions): Service {
  const { book, clock, random, servers, store, signer = sign } = options
  const sessions = createSessions({ lifetimeMs: options.sessionLifetimeMs, servers, store })
  const addresses = options.addresses.map((address) => address.toLowerCase())
  const tools = { octets: (length: number) => random.octets(length), sign: signer }
  const world = (): World => {
    const now = clock.now()
    return {
      now,
      addresses,
      servers,
      session: (transactionId) => sessions.get(transactionId, now),
      order: (iccid) => (iccid === undefined ? undefined : book.byIccid(iccid)),
      orderByMatchingId: book.byMatchingId,
      orderForEid: book.forEid,
    }
  }
  const keep = <Made extends Changes>(made: Made): Made => {
    if (made.order) book.put(made.order)
    if (made.session) sessions.put(made.session)
    return made
  }
  const tell = (order: Order | undefined, progress: Progress | undefined) => {
    if (order && progress) options.onProgress(order, progress)
  }
  return {
    call(name, request) {
      const result = keep((functions[name] as Callable<Fields, Fields>).call(world(), request, tools))
      tell(result.order ?? result.about(), progressOf(name, result))
      return result
    },
    notify(notification) {
      const taken = keep(handleNotification(world(), notification))
      tell(taken.order, progressOfNotification(taken))
      return taken
    },
  }
}
