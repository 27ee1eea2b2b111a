import {
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  STATUS_CODES,
} from 'node:http'
import {
  createServer as createTlsServer,
  Agent as HttpsAgent,
  request as httpsRequest,
  type ServerOptions,
} from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { HttpAnswer, HttpClient, HttpHandler, Time } from './ports.ts'

export interface ListenOptions {
  readonly handle: HttpHandler
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Without it the listener speaks plain HTTP. */
  readonly tls?: ServerTls
  /** Octets; a larger body is answered with 413. */
  readonly bodyLimit?: number
  /** Routes that need more than one answer per request (event streams), mounted before the handler. */
  readonly extend?: (app: Express) => void
  readonly limits?: Partial<Limits>
  /** Of a fault: how the door behaves to the next one who knocks. */
  readonly door?: () => DoorBehaviour
}

/** PEM. */
export interface ServerTls {
  readonly cert: string
  readonly key: string
  /** Clients are asked for a certificate below it. Who has none is served as well, and is not `isProven`. */
  readonly clientCa?: string | undefined
  /** Who has none is not served. */
  readonly demandsClient?: boolean
}

/** `closed`: every connection is reset. A certificate: it is shown instead of the listener's own. */
export type DoorBehaviour = 'open' | 'closed' | { readonly cert: string; readonly key: string }

/** What one client may take. Times in milliseconds; what takes longer is answered with 408 and its connection ends. */
export interface Limits {
  readonly connections: number
  /** From the first octet to the end of the header fields. */
  readonly headersMs: number
  /** From the first octet to the end of the body. */
  readonly requestMs: number
  /** Of a connection on which nothing is asked. */
  readonly idleMs: number
}

const defaultLimits: Limits = { connections: 10_000, headersMs: 10_000, requestMs: 30_000, idleMs: 60_000 }

export interface Listener {
  readonly port: number
  /** Ends connections that are open; others may be opened. */
  hangUp(): void
  /** Ends open connections too. */
  close(): Promise<void>
}

/** Binds a handler to a socket through express. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  options.extend?.(app)
  app.use(express.raw({ type: () => true, limit: options.bodyLimit ?? 1_000_000 }))
  app.use((request: Request, response: Response, next: NextFunction) => {
    options.handle(toMessage(request)).then((answer) => send(response, answer), next)
  })
  app.use(refuse)
  const server = createServerOf(options, app)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    hangUp: () => server.closeAllConnections(),
    close: () => close(server),
  }
}

function createServerOf({ tls, limits, door }: ListenOptions, app: Express): Server {
  const { connections, headersMs, requestMs, idleMs } = { ...defaultLimits, ...limits }
  const patience = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, requestMs, 5000),
    keepAliveTimeout: idleMs,
  }
  const server = tls
    ? createTlsServer({ ...patience, ...secured(tls), handshakeTimeout: headersMs, ...certificateOf(door, tls) }, app)
    : createServer(patience, app)
  server.maxConnections = connections
  if (door)
    server.prependListener('connection', (socket: Socket) => void (door() === 'closed' && socket.resetAndDestroy()))
  return server
}

const secured = ({ cert, key, clientCa, demandsClient = false }: ServerTls): ServerOptions => ({
  cert,
  key,
  ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: demandsClient }),
})

/** By the name that the client asks for; one that asks for none gets the listener's own. */
const certificateOf = (door: ListenOptions['door'], { clientCa: ca }: ServerTls): Pick<ServerOptions, 'SNICallback'> =>
  door
    ? {
        SNICallback(_name, answer) {
          const behaviour = door()
          answer(null, typeof behaviour === 'object' ? createSecureContext({ ...behaviour, ca }) : undefined)
        },
      }
    : {}

function toMessage(request: Request) {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array()
  const { method, originalUrl: path, socket } = request
  return { method, path, headers, body, connection: socket, ...(isProven(socket) && { isProven: true as const }) }
}

/** Node calls a resumed TLS 1.3 session authorized also when no certificate was ever shown in it. */
const isProven = (socket: Socket): boolean =>
  socket instanceof TLSSocket && socket.authorized && socket.getPeerX509Certificate() !== undefined

function send(response: Response, { status, headers, body, pieces, cutAfter }: HttpAnswer): void {
  if (cutAfter === 0) return void response.socket?.destroy()
  response.status(status).set(headers)
  // Somebody who goes away in between ends it.
  if (pieces) return void pipeline(Readable.from(pieces, { objectMode: false }), response, () => {})
  if (cutAfter === undefined) return void response.end(body.length > 0 ? body : undefined)
  response.set('content-length', `${body.length}`)
  response.write(body.subarray(0, cutAfter), () => response.socket?.destroy())
}

/** What express itself refuses: a body too large, cut short or wrongly compressed. Anything else is our bug. In the form of RFC 9457. */
function refuse(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  const given = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  const status = given >= 400 && given < 500 ? given : 500
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status }
  response.status(status).set('content-type', 'application/problem+json').end(JSON.stringify(problem))
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

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

/** An HTTP client with keep-alive that trusts the given anchors only. */
export function createHttpClient({
  ca,
  insecure = false,
  identity,
  timeoutMs = 30_000,
  after,
}: HttpClientOptions = {}): HttpClient {
  const plain = new HttpAgent({ keepAlive: true })
  // An anchor may stand anywhere in a chain: eIM configuration names the certificate of the server itself, or one above it.
  const trust = { rejectUnauthorized: !insecure, allowPartialTrustChain: true, ...(ca ? { ca: [...ca] } : {}) }
  const secure = new HttpsAgent({ keepAlive: true, sigalgs: SIGNATURE_ALGORITHMS, ...trust, ...identity })
  return (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const target = new URL(url)
      const isPlain = target.protocol === 'http:'
      const options = {
        method,
        headers: { ...headers, 'content-length': body.length },
        timeout: timeoutMs,
        agent: isPlain ? plain : secure,
      }
      const request = (isPlain ? httpRequest : httpsRequest)(target, options, (answer) => {
        collect(answer).then((octets) => resolve(toAnswer(answer, octets)), reject)
      })
      const giveUp = () => void request.destroy(new Error(`No answer from ${target.host} within ${timeoutMs} ms`))
      const inTime = after?.(timeoutMs, giveUp)
      request.once('timeout', giveUp).once('error', reject)
      request.once('close', () => inTime?.())
      request.end(body)
    })
}

async function collect(answer: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function toAnswer(answer: IncomingMessage, body: Uint8Array): HttpAnswer {
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
  return { status: answer.statusCode ?? 0, headers, body }
}
