/** The handler behind a socket. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { bodyLimit } from './body.ts'
import { statusOf } from './errors.ts'
import type { Handler } from './handler.ts'
import type { BodyProblem, HttpMessage } from './message.ts'

export interface Address {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

export interface RunningServer {
  readonly url: string
  close(): Promise<void>
}

/** What one client may take. A request that arrives more slowly is answered with 408, and its connection ends. */
export interface DoorLimits {
  readonly connections: number
  /** From the first octet to the end of the header fields. */
  readonly headersMs: number
  /** From the first octet to the end of the body. */
  readonly requestMs: number
}

const longestPauseMs = 5000

export const patience = ({ headersMs, requestMs }: DoorLimits) => ({
  headersTimeout: headersMs,
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.min(headersMs, requestMs, longestPauseMs),
})

export const limited = (server: Server, { connections }: DoorLimits): Server => {
  server.maxConnections = connections
  return server
}

/** The answer is the URL under which the server is reached. */
export const listen = (server: Server, { host, port }: Address): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const { port: taken } = server.address() as AddressInfo
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`)
    })
  })

/** How long requests under way may take to be answered. */
const graceMs = 5000

export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close((error) => {
      clearTimeout(impatience)
      if (error) reject(error)
      else resolve()
    })
  })

export interface OpenServer extends RunningServer {
  /** To be called before anything else happens: the door is open already. */
  answerWith(handler: Handler): void
}

/** Its URL is known before the handler is, since the handler may need it. */
export const openServer = async ({
  door,
  ...address
}: Address & { readonly door: DoorLimits }): Promise<OpenServer> => {
  const app = express().disable('x-powered-by').disable('etag')
  const server = limited(createServer(patience(door), app), door)
  return {
    url: await listen(server, address),
    answerWith(handler) {
      const answer = answerWith(handler)
      app.use(
        express.raw({ type: () => true, limit: bodyLimit, inflate: false }),
        answer,
        answerDespite(answer),
        failed,
      )
    },
    close: () => closeServer(server),
  }
}

const answerWith =
  (handler: Handler): RequestHandler =>
  async (request, response) => {
    const { status, headers, body } = await handler(messageOf(request))
    if (body === undefined) return response.writeHead(status, headers).end()
    const octets = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8')
    return response.writeHead(status, { ...headers, 'content-length': octets.length }).end(octets)
  }

const problems: Readonly<Record<string, BodyProblem>> = {
  'entity.too.large': 'too-large',
  'encoding.unsupported': 'encoded',
}

/** A body that was not read is for the handler to refuse, in its turn: after path, method and token. What is left of it is let go. */
const answerDespite =
  (answer: RequestHandler): ErrorRequestHandler =>
  (error, request, response, next) => {
    if (typeof error?.type !== 'string') return next(error)
    request.body = problems[error.type] ?? 'unreadable'
    request.resume()
    return answer(request, response, next)
  }

/** Our own fault, of which nobody is told more. */
const failed: ErrorRequestHandler = (_error, _request, response, _next) => {
  const { status, code } = { status: statusOf.INTERNAL, code: 'INTERNAL' }
  response.status(status).json({ status, code, message: 'Something went wrong here.' })
}

const queryOf = (url: string): { query?: string } => {
  const at = url.indexOf('?')
  return at < 0 ? {} : { query: url.slice(at + 1) }
}

const messageOf = (request: Request): HttpMessage => ({
  method: request.method,
  path: request.path,
  ...queryOf(request.url),
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
  body: request.body ?? new Uint8Array(),
})
