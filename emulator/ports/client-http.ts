import { connect, isIP, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, TLSSocket, connect as tlsConnect } from 'node:tls'
import type { HttpAnswer, HttpClient, HttpMessage, Time } from './ports.ts'
import { type Reading, readEnd, readOn, startReading } from './response.ts'
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

/**
 * An HTTP client with keep-alive that trusts the given anchors only. That of `node:http` costs as much for each exchange as a signature and its
 * verification.
 */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { timeoutMs = 30_000, after } = options
  const pool = createPool({ ...options, timeoutMs })
  const trusting = createTrusting((demand) => createPool({ ...options, ...demand, timeoutMs }))
  return (url, message) =>
    new Promise((resolve, reject) => {
      const target = new URL(url)
      const { trust } = message
      const request = toOctets(target, message)
      const giveUp = () => connection.socket.destroy(new Error(`No answer from ${target.host} within ${timeoutMs} ms`))
      const inTime = after?.(timeoutMs, giveUp)
      const end =
        <T>(settle: (outcome: T) => void) =>
        (outcome: T) => {
          inTime?.()
          settle(outcome)
        }
      const exchange = { reading: startReading(message.method), giveUp, resolve: end(resolve), reject: end(reject) }
      const from = trust && !options.insecure ? trusting(trust) : pool
      const connection = from.start(target, exchange, request)
    })
}

/** Never sent: they are ours to say. */
const ours: ReadonlySet<string> = new Set(['content-length', 'connection', 'transfer-encoding', 'host'])

/** The whole request: it leaves in one TLS record where it fits into one. */
function toOctets(target: URL, { method, headers, body }: Omit<HttpMessage, 'path'>): Buffer {
  let head = `${method} ${target.pathname}${target.search} HTTP/1.1\r\n`
  for (const name in headers) if (!ours.has(name)) head += `${name}: ${checked(name, headers[name] ?? '')}\r\n`
  head += `content-length: ${body.length}\r\nhost: ${target.host}\r\nconnection: keep-alive\r\n\r\n`
  const octets = Buffer.allocUnsafe(head.length + body.length)
  octets.write(head, 'latin1')
  octets.set(body, head.length)
  return octets
}

function checked(name: string, value: string): string {
  if (/[^\t -~\x80-\xff]/.test(value)) throw new TypeError(`Invalid character in header content ["${name}"]`)
  return value
}

interface Exchange {
  readonly reading: Reading
  readonly resolve: (answer: HttpAnswer) => void
  readonly reject: (error: Error) => void
  giveUp(): void
}

interface Connection {
  readonly socket: Socket
  /** Under way. */
  exchange: Exchange | undefined
  /** When the server may end it, by its own word: milliseconds of `performance.now`. */
  idleUntil: number
}

const IDLE_AT_MOST = 256

interface PoolOptions extends HttpClientOptions, TlsDemand {
  readonly ca?: readonly string[]
  readonly timeoutMs: number
}

/** Connections by origin. One that has been used is used again, the latest first. */
function createPool(options: PoolOptions) {
  const idle = new Map<string, Connection[]>()
  const open = createOpener(options)
  function begin(target: URL): Connection {
    const { origin } = target
    const connection: Connection = { socket: open(target), exchange: undefined, idleUntil: 0 }
    const { socket } = connection
    let failure: Error | undefined
    socket.setNoDelay(true).setKeepAlive(true, 1000).setTimeout(options.timeoutMs)
    socket.on('data', (part: Buffer) => {
      if (receive(connection, part)) keep(origin, connection)
    })
    socket.on('timeout', () => (connection.exchange ? connection.exchange.giveUp() : socket.destroy()))
    socket.on('error', (error) => {
      failure = error
    })
    socket.on('close', () => {
      idle.set(origin, idle.get(origin)?.filter((other) => other !== connection) ?? [])
      ended(connection, failure)
    })
    return connection
  }
  function keep(origin: string, connection: Connection): void {
    const others = idle.get(origin) ?? []
    if (others.length >= IDLE_AT_MOST) return void connection.socket.destroy()
    connection.socket.unref()
    others.push(connection)
    idle.set(origin, others)
  }
  function takeIdle(origin: string): Connection | undefined {
    for (;;) {
      const connection = idle.get(origin)?.pop()
      if (!connection || (performance.now() < connection.idleUntil && connection.socket.writable)) return connection
      connection.socket.destroy()
    }
  }
  return {
    start(target: URL, exchange: Exchange, request: Buffer): Connection {
      const used = takeIdle(target.origin)
      const connection = used ?? begin(target)
      const { socket } = connection
      connection.exchange = exchange
      // Nothing is told to a server before it is known who it is.
      if (used) socket.ref().write(request)
      else if (!(socket instanceof TLSSocket)) socket.once('connect', () => void socket.write(request))
      else
        socket.once('secureConnect', () => {
          if (isTrusted(socket, options)) socket.write(request)
          else socket.destroy(new Error('The server has not the key that is trusted.'))
        })
      return connection
    },
  }
}

/** True: the connection is free for another exchange. */
function receive(connection: Connection, part: Buffer): boolean {
  const { socket, exchange } = connection
  try {
    const answer = exchange && readOn(exchange.reading, part)
    if (exchange && !answer) return false
    connection.exchange = undefined
    const isClean = exchange?.reading.left.length === 0 && socket.writableLength === 0
    const isFree = isClean && answer?.isLast === false
    if (answer) connection.idleUntil = performance.now() + patienceOf(answer.headers)
    if (!isFree) socket.destroy()
    if (answer) exchange?.resolve({ status: answer.status, headers: answer.headers, body: answer.body })
    return isFree
  } catch (error) {
    socket.destroy(error as Error)
    return false
  }
}

/** Milliseconds for which the server keeps a connection, less one second for the way there. */
function patienceOf(headers: HttpAnswer['headers']): number {
  const [, seconds] = /\btimeout=(\d+)/i.exec(headers['keep-alive'] ?? '') ?? []
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000 - 1000
}

function ended({ exchange }: Connection, failure: Error | undefined): void {
  if (!exchange) return
  const answer = failure ? undefined : readEnd(exchange.reading)
  if (answer) exchange.resolve({ status: answer.status, headers: answer.headers, body: answer.body })
  else exchange.reject(failure ?? new Error(exchange.reading.head ? 'aborted' : 'socket hang up'))
}

const isTrusted = (socket: TLSSocket, { publicKey }: TlsDemand): boolean =>
  !publicKey || socket.getPeerX509Certificate()?.publicKey.equals(publicKey) === true

/** One TLS context for all connections: the anchors are read once. */
function createOpener({ ca, insecure = false, identity, publicKey }: PoolOptions): (target: URL) => Socket {
  // An anchor may stand anywhere in a chain: eIM configuration names the certificate of the server itself, or one above it.
  const trust = { allowPartialTrustChain: true, ...(ca ? { ca: [...ca] } : {}) }
  const sessions = new Map<string, Buffer>()
  let secureContext: SecureContext | undefined
  return ({ protocol, hostname, port, origin }) => {
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    if (protocol === 'http:') return connect({ host, port: Number(port || 80) })
    if (protocol !== 'https:') throw new TypeError(`Protocol "${protocol}" not supported`)
    secureContext ??= createSecureContext({ sigalgs: SIGNATURE_ALGORITHMS, ...trust, ...identity })
    const session = publicKey ? undefined : sessions.get(origin)
    const socket = tlsConnect({
      ...{ host, port: Number(port || 443), servername: isIP(host) ? '' : host, ALPNProtocols: ['http/1.1'] },
      ...{ secureContext, rejectUnauthorized: !insecure && !publicKey, ...(session && { session }) },
    })
    socket.on('session', (resumable) => void sessions.set(origin, resumable))
    socket.once('error', () => void sessions.delete(origin))
    return socket
  }
}

/** Without brainpool: a certificate on that curve crashes Node 24.21 as a TLS client, so the handshake must end before it arrives. */
const SIGNATURE_ALGORITHMS = 'ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256'
