/** The layer around a server and around the client of a device. */
import type { HttpAnswer, HttpClient, HttpHandler, HttpMessage } from '../../ports/index.ts'
import type { Exchange, FaultInterface, Tools } from '../fault.ts'
import type { Faults } from '../faults.ts'
import { eidIn, operationOf, smdpInterfaceOf } from '../messages.ts'

interface Wire {
  readonly faults: Faults
  readonly delay: (ms: number) => Promise<void>
}

/** Whose a message is that names no EID: known of the testbed's own devices, while their request is under way. */
export interface Senders {
  under<T>(message: Pick<HttpMessage, 'body'>, eid: string, send: () => Promise<T>): Promise<T>
  of(message: HttpMessage): string | undefined
}

export function createSenders(): Senders {
  const underWay = new Map<string, string>()
  const keyOf = ({ body }: Pick<HttpMessage, 'body'>) => Buffer.from(body).toString('latin1')
  return {
    async under(message, eid, send) {
      const key = keyOf(message)
      underWay.set(key, eid)
      try {
        return await send()
      } finally {
        underWay.delete(key)
      }
    },
    of: (message) => underWay.get(keyOf(message)),
  }
}

type Step = (message: HttpMessage) => Promise<HttpAnswer>

interface Around {
  readonly wire: Wire
  readonly at: 'client' | 'server'
  readonly face: FaultInterface
  readonly eid: string | undefined
  readonly crashIpa: Tools['crashIpa']
}

/** Runs the exchange inside the layers that strike it, the one that was switched on first outermost. */
function through({ wire: { faults, delay }, at, face, eid, crashIpa }: Around, message: HttpMessage, inmost: Step) {
  const operation = operationOf(face, message)
  const hits = faults.strike(at, { interface: face, operation, eid })
  const outermost = hits.reduceRight<Step>(
    (next, { apply, parameters, tools }) =>
      (current) => {
        const exchange: Exchange = {
          interface: face,
          operation,
          message: current,
          next: (other = current) => next(other),
        }
        return apply(exchange, parameters, { ...tools, delay, crashIpa })
      },
    inmost,
  )
  return outermost(message)
}

const noIpa: Tools['crashIpa'] = () => Promise.reject(new Error('There is no IPA here.'))

/** What a door answers to a message while it is closed, or to one that came in before it was. */
const cut: HttpAnswer = { status: 200, headers: {}, body: new Uint8Array(), cutAfter: 0 }

interface ServerOptions extends Wire {
  readonly senders: Senders
  readonly door: 'esipa' | 'northbound' | 'es9plus'
}

/** The same server, with every fault that is switched on around it. */
export function faultyServer(handle: HttpHandler, { senders, door, ...wire }: ServerOptions): HttpHandler {
  const { faults } = wire
  return async (message) => {
    if (!faults.isArmed('server') && !faults.isArmed('door')) return handle(message)
    const face = door === 'esipa' ? 'ESipa' : door === 'northbound' ? 'northbound' : smdpInterfaceOf(message)
    const eid = eidIn(face, message) ?? senders.of(message)
    if (faults.doorState(door) === 'open')
      faults.strike('door', { interface: face, operation: operationOf(face, message), eid })
    if (faults.doorState(door) !== 'open') return cut
    return through({ wire, at: 'server', face, eid, crashIpa: noIpa }, message, handle)
  }
}

interface ClientOptions extends Wire {
  readonly senders: Senders
  readonly eid: string
  readonly crashIpa: Tools['crashIpa']
}

/** The client of one device, with every fault of its IPA that is switched on around it. */
export function faultyClient(http: HttpClient, { senders, eid, crashIpa, ...wire }: ClientOptions): HttpClient {
  const { faults } = wire
  return (url, message) => {
    const send = () => http(url, message)
    if (faults.isArmed('client')) {
      const { origin, pathname, search } = new URL(url)
      const face: FaultInterface = pathname.includes('/es9plus/') ? 'ES9+' : 'ESipa'
      const inmost: Step = ({ path, ...rest }) => senders.under(rest, eid, () => http(origin + path, rest))
      return through({ wire, at: 'client', face, eid, crashIpa }, { ...message, path: pathname + search }, inmost)
    }
    return faults.isArmed('server') || faults.isArmed('door') ? senders.under(message, eid, send) : send()
  }
}
