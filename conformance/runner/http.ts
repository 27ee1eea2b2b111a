/** HTTP as the runner speaks it: the octets it wants to send, one connection a request where it judges, everything kept as evidence. */
import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Clock, patience } from './clock-system.ts'

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case, repeated fields joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body read as JSON; absent when it is none. */
  readonly json?: unknown
}

/** Moments on the runner's clock. */
export interface Exchange {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly sentAt: number
  readonly receivedAt: number
}

/** `unreachable`: no connection. `no-answer`: connected, then silence or a closed connection. */
export class HttpFailure extends Error {
  readonly kind: 'unreachable' | 'no-answer'
  constructor(kind: 'unreachable' | 'no-answer', { method, url }: HttpRequest, reason: string) {
    super(`${method} ${url}: ${reason}`)
    this.name = 'HttpFailure'
    this.kind = kind
  }
}

export type HttpClient = (request: HttpRequest) => Promise<Exchange>

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_INVALID_URL',
])

interface Client {
  readonly clock: Clock
  readonly timeoutMs: number
  /** Connections that are used again, for somebody whom nobody judges. */
  readonly agent?: Agent | undefined
  /** Sends again what nobody has looked at. */
  readonly again?: boolean
}

/** They do not keep the process. */
export const keptConnections = (): Agent => new Agent({ keepAlive: true })

export const createHttpClient =
  ({ clock, timeoutMs, agent, again = false }: Client): HttpClient =>
  async (request) => {
    const sentAt = clock.now()
    try {
      const ask = () => answerTo(request, { timeoutMs, agent })
      const response = await (again ? repeated(clock, ask) : ask())
      return { request, response, sentAt, receivedAt: clock.now() }
    } catch (error) {
      if (error instanceof HttpFailure) throw error
      const { code = '', message } = error as NodeJS.ErrnoException
      throw new HttpFailure(unreachable.has(code) ? 'unreachable' : 'no-answer', request, code || message)
    }
  }

const ATTEMPTS = 5
const PAUSE_MS = 250

/**
 * 408 says that the request did not arrive in time, 503 that nobody can look at it now: neither has done anything, and both may be asked again.
 * RFC 9110, sections 15.5.9 and 15.6.4. Who says so again and again has answered.
 */
async function repeated(clock: Clock, ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  let response = await ask()
  for (let attempt = 1; isNoAnswer(response) && attempt < ATTEMPTS; attempt++) {
    await clock.sleep(attempt * PAUSE_MS)
    response = await ask()
  }
  return response
}
const isNoAnswer = ({ status }: HttpResponse): boolean => status === 408 || status === 503

function answerTo(
  request: HttpRequest,
  { timeoutMs, agent }: Pick<Client, 'timeoutMs' | 'agent'>,
): Promise<HttpResponse> {
  const url = new URL(request.url)
  const kept = url.protocol === 'http:' && request.method !== 'POST' ? agent : undefined
  const headers = kept === undefined ? { ...fields(request), connection: 'close' } : fields(request)
  const options: RequestOptions = { method: request.method, headers, agent: kept ?? false }
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const outgoing = send(url, options, (incoming) => read(incoming).then(resolve, reject))
    const silence = () => outgoing.destroy(new HttpFailure('no-answer', request, `silent for ${timeoutMs} ms`))
    const waiting = patience(timeoutMs, silence)
    const failed = (error: NodeJS.ErrnoException): void => {
      // a kept connection that its server has closed meanwhile: what is sent over one may be sent twice
      const isStale = outgoing.reusedSocket && stale.has(error.code)
      if (isStale) answerTo(request, { timeoutMs }).then(resolve, reject)
      else reject(error)
    }
    outgoing.on('error', failed).on('close', waiting.end)
    outgoing.end(request.body)
  })
}

const stale: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE'])

const fields = ({ headers, body }: HttpRequest) => ({
  ...headers,
  ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
})

async function read(incoming: IncomingMessage): Promise<HttpResponse> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  return { status: incoming.statusCode ?? 0, headers: joined(incoming), body, ...readJson(body) }
}

const joined = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )

/** `{ json }`, or nothing when the text is no JSON. */
export function readJson(text: string): { json?: unknown } {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return {}
  }
}
