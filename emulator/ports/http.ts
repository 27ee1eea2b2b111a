import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import express from 'express'
import { toHeaders } from './headers.ts'
import type { HttpAnswer, HttpHandler, HttpMessage } from './ports.ts'

export interface ListenOptions {
  readonly handle: HttpHandler
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Without it the listener speaks plain HTTP. */
  readonly tls?: ServerTls
  /** Octets; a larger body is answered with 413. */
  readonly bodyLimit?: number
  /** What does not answer with one message (event streams, files), in front of the handler. */
  readonly extend?: readonly Layer[]
  readonly limits?: Partial<Limits>
  /** Of a fault: how the door behaves to the next one who knocks. */
  readonly door?: () => DoorBehaviour
}

/** Takes a request for itself or passes it on. */
export type Layer = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

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

/** Binds a handler to a socket. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const server = createServerOf(options, throughLayers(options))
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

/** Bodies are read by express, the rest of which would double what an exchange costs. */
function throughLayers({ handle, bodyLimit = 1_000_000, extend = [] }: ListenOptions): RequestListener {
  const body = express.raw({ type: () => true, limit: bodyLimit }) as unknown as Layer
  const last: Layer = (request, response, next) => void serve(handle, request, response).catch(next)
  return [...extend, body, last].reduceRight<RequestListener>(
    (next, layer) => (request, response) =>
      layer(request, response, (error) => (error === undefined ? next(request, response) : fail(response, error))),
    () => {},
  )
}

function createServerOf({ tls, limits, door }: ListenOptions, serveOne: RequestListener): Server {
  const { connections, headersMs, requestMs, idleMs } = { ...defaultLimits, ...limits }
  const patience = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, requestMs, 5000),
    keepAliveTimeout: idleMs,
  }
  const server = tls
    ? createTlsServer(
        { ...patience, ...secured(tls), handshakeTimeout: headersMs, ...certificateOf(door, tls) },
        serveOne,
      )
    : createServer(patience, serveOne)
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

const serve = async (handle: HttpHandler, request: IncomingMessage, response: ServerResponse): Promise<void> =>
  send(response, await handle(toMessage(request)))

function toMessage(request: IncomingMessage & { readonly body?: unknown }): HttpMessage {
  const { method = '', url: path = '', socket } = request
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const headers = toHeaders(request.headers)
  return { method, path, headers, body, connection: socket, ...(isProven(socket) && { isProven: true as const }) }
}

/** Node calls a resumed TLS 1.3 session authorized also when no certificate was ever shown in it. */
const isProven = (socket: Socket): boolean =>
  socket instanceof TLSSocket && socket.authorized && socket.getPeerX509Certificate() !== undefined

function send(response: ServerResponse, { status, headers, body, pieces, cutAfter }: HttpAnswer): void {
  if (cutAfter === 0) return void response.socket?.destroy()
  response.statusCode = status
  for (const name in headers) response.setHeader(name, withCharset(name, headers[name] ?? ''))
  // Somebody who goes away in between ends it.
  if (pieces) return void pipeline(Readable.from(pieces, { objectMode: false }), response, () => {})
  if (cutAfter === undefined) return void response.end(body.length > 0 ? body : undefined)
  response.setHeader('content-length', `${body.length}`)
  response.write(body.subarray(0, cutAfter), () => response.socket?.destroy())
}

/** Text and JSON that do not say so are UTF-8. */
const withCharset = (name: string, value: string): string =>
  /^content-type$/i.test(name) && /^(text\/|application\/json\b)/.test(value) && !value.includes('charset')
    ? `${value}; charset=utf-8`
    : value

/** What express refuses of a body says with which status, anything else is our bug. In the form of RFC 9457. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  const given = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500
  const status = given >= 400 && given < 500 ? given : 500
  const problem = { type: 'about:blank', title: STATUS_CODES[status], status }
  response.statusCode = status
  response.setHeader('content-type', 'application/problem+json').end(JSON.stringify(problem))
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
