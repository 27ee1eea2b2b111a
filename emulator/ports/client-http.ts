import { createSecureContext, TLSSocket } from 'node:tls'
import { Agent, buildConnector, type Dispatcher, errors } from 'undici'
import { toHeaders } from './headers.ts'
import type { HttpAnswer, HttpClient, Time } from './ports.ts'
import { createTrusting, type TlsDemand } from './trust-tls.ts'

export interface HttpClientOptions {
  /** PEM of the trust anchors of TLS servers; default: those of Node. */
  readonly ca?: readonly string[]
  /** Laboratory switch: accept any TLS certificate. */
  readonly insecure?: boolean
  /** PEM: shown to servers that ask for one. */
  readonly identity?: { readonly cert: string; readonly key: string }
  readonly timeoutMs?: number
  /** The time-out by a clock that is not the machine's. */
  readonly after?: Time['after']
}

/** Without brainpool: a certificate on that curve crashes Node 24.21 as a TLS client, so the handshake must end before it arrives. */
const SIGNATURE_ALGORITHMS = 'ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256'

/** An HTTP client with keep-alive that trusts the given anchors only. On undici: an exchange costs two thirds of one on `node:http`. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeoutMs = 30_000, after } = options
  const usual = createAgent(options)
  const trusting = createTrusting((demand) => createAgent({ ...options, ...demand }))
  let freeing: Promise<void> | undefined
  const onEnd = () => {
    freeing = freed()
  }
  return async (url, { method, headers, body, trust }) => {
    await freeing
    const { origin, host, pathname, search } = new URL(url)
    const agent = trust && !options.insecure ? trusting(trust) : usual
    const request = { origin, path: pathname + search, method: method as Dispatcher.HttpMethod, headers }
    const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }
    return new Promise((resolve, reject) => {
      const late = () => new Error(`No answer from ${host} within ${timeoutMs} ms`)
      const exchange = createExchange(late, { resolve, reject, onEnd })
      agent.dispatch({ ...request, ...(body.length > 0 && { body }), ...limits }, exchange.handler)
      exchange.endsWith(after?.(timeoutMs, exchange.giveUp))
    })
  }
}

/** After an answer undici looks for a turn of the event loop whether more comes than should; until then the next request would open another connection. */
const freed = () => new Promise<void>((resolve) => void setImmediate(() => setImmediate(resolve)))

interface Settling {
  readonly resolve: (answer: HttpAnswer) => void
  readonly reject: (error: Error) => void
  readonly onEnd: () => void
}

/** `late`: made when it is needed, since an error takes note of where it was made. */
function createExchange(late: () => Error, { resolve, reject, onEnd }: Settling) {
  const parts: Buffer[] = []
  let head = { status: 0, headers: {} }
  let controller: Dispatcher.DispatchController | undefined
  let isLate = false
  let end = () => {}
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started
      if (isLate) started.abort(late())
    },
    onResponseStart(_controller, status, headers) {
      if (status >= 200) head = { status, headers: toHeaders(headers) }
    },
    onResponseData: (_controller, part) => void parts.push(part),
    onResponseEnd() {
      end()
      onEnd()
      resolve({ ...head, body: joined(parts) })
    },
    onResponseError(_controller, error) {
      end()
      reject(isTimeout(error) ? late() : error)
    },
  }
  return {
    handler,
    giveUp() {
      isLate = true
      controller?.abort(late())
    },
    endsWith(ended = () => {}) {
      end = ended
    },
  }
}

function joined(parts: readonly Buffer[]): Uint8Array {
  const [first = new Uint8Array()] = parts
  return parts.length > 1 ? Buffer.concat(parts) : first
}

const isTimeout = (error: unknown): boolean =>
  error instanceof errors.HeadersTimeoutError ||
  error instanceof errors.BodyTimeoutError ||
  error instanceof errors.ConnectTimeoutError

function createAgent(options: HttpClientOptions & TlsDemand): Agent {
  let connector: buildConnector.connector | undefined
  return new Agent({
    connect(target, done) {
      connector ??= createConnector(options)
      connector(target, proving(options, done))
    },
  })
}

/** One TLS context for all connections: the anchors are read once. */
function createConnector({
  ca,
  insecure = false,
  identity,
  publicKey,
  timeoutMs = 30_000,
}: HttpClientOptions & TlsDemand) {
  // An anchor may stand anywhere in a chain: eIM configuration names the certificate of the server itself, or one above it.
  const trust = { allowPartialTrustChain: true, ...(ca && { ca: [...ca] }) }
  const secureContext = createSecureContext({ sigalgs: SIGNATURE_ALGORITHMS, ...trust, ...identity })
  const shown = publicKey ? { rejectUnauthorized: false, maxCachedSessions: 0 } : { rejectUnauthorized: !insecure }
  return buildConnector({ secureContext, ...shown, timeout: timeoutMs })
}

/** Nothing is sent to a server before it is known to have the key. */
const proving = ({ publicKey }: TlsDemand, done: buildConnector.Callback): buildConnector.Callback =>
  publicKey
    ? (...[error, socket]) => {
        if (error) return done(error, null)
        if (socket instanceof TLSSocket && socket.getPeerX509Certificate()?.publicKey.equals(publicKey))
          return done(null, socket)
        socket.destroy()
        done(new Error('The server has not the key that is trusted.'), null)
      }
    : done
