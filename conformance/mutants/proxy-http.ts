/** Puts a layer before a provider: it answers in the provider's place, and its address is put into every `sink`. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Authorization } from '../authorization/client-http.ts'
import { systemClock } from '../runner/clock-system.ts'
import { createHttpClient, readJson } from '../runner/http.ts'
import type { ApiAnswer, ApiRequest, Edge, Layer } from './layer.ts'

export interface ProxyOptions {
  readonly target: string
  readonly authorization: Authorization
  readonly layer: Layer
}

export interface Proxy {
  readonly url: string
  readonly close: () => Promise<void>
}

const SINK_PATH = '/.sink/'
/** In characters that every dialect takes in an address. */
const sinkIn = (path: string): string => Buffer.from(path, 'base64url').toString('utf8')
const send = createHttpClient({ clock: systemClock, timeoutMs: 30_000 })

export async function startProxy({ target, authorization, layer }: ProxyOptions): Promise<Proxy> {
  let own = ''
  const edge: Edge = {
    token: authorization.token,
    sleep: systemClock.sleep,
    ask: async (request) => {
      const ours = `${own}${SINK_PATH}`
      const body = withSink(request.body, (sink) => `${ours}${Buffer.from(sink).toString('base64url')}`)
      const answer = await forward(target, { ...request, body })
      return {
        ...answer,
        body: withSink(answer.body, (sink) => (sink.startsWith(ours) ? sinkIn(sink.slice(ours.length)) : sink)),
      }
    },
    deliver: ({ sink, headers, body }) =>
      send({ method: 'POST', url: sink, headers: passedOn(headers), body }).then(
        ({ response }) => response.status,
        () => 0,
      ),
  }
  const answerTo = async (request: ApiRequest): Promise<ApiAnswer | undefined> => {
    if (!request.path.startsWith(SINK_PATH)) return layer.api?.(request, edge) ?? edge.ask(request)
    const attempt = { ...request, sink: sinkIn(request.path.slice(SINK_PATH.length)) }
    const status = await (layer.event?.(attempt, edge) ?? edge.deliver(attempt))
    return status === 0 ? undefined : { status, headers: {}, body: '' }
  }
  const server = createServer((incoming, outgoing) => {
    read(incoming)
      .then(answerTo)
      .then((answer) =>
        answer === undefined
          ? outgoing.destroy()
          : outgoing.writeHead(answer.status, passedOn(answer.headers)).end(answer.body),
      )
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: own,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function forward(target: string, { method, path, headers, body }: ApiRequest): Promise<ApiAnswer> {
  const content = method === 'GET' && body === '' ? {} : { body }
  const { response } = await send({ method, url: `${target}${path}`, headers: passedOn(headers), ...content })
  return response
}

/** Fields about one connection or one encoding of the body belong to that hop. */
const ofOneHop = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'expect'])
const passedOn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneHop.has(name)))

/** Leaves everything alone that is no JSON object with a sink. */
function withSink(body: string, change: (sink: string) => string): string {
  const { json } = readJson(body)
  const sink = (json as { sink?: unknown } | null | undefined)?.sink
  return typeof sink === 'string' && URL.canParse(sink)
    ? JSON.stringify({ ...(json as object), sink: change(sink) })
    : body
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
