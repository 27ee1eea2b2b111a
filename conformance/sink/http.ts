/** The API consumer's sink: a real HTTP server, one address for each scenario, which answers as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../runner/clock-system.ts'
import { readJson } from '../runner/http.ts'
import { createInbox, type FilledInbox, type Inbox, type SinkAnswer } from './inbox.ts'

export interface SinkServer {
  readonly open: (name: string) => Inbox
  readonly close: () => Promise<void>
}

export interface SinkOptions {
  readonly clock: Clock
  /** Address to listen on, and the host by which the provider reaches it. */
  readonly host?: string
}

export async function startSink({ clock, host = '127.0.0.1' }: SinkOptions): Promise<SinkServer> {
  const inboxes = new Map<string, FilledInbox>()
  const server = createServer((request, response) => {
    receive(inboxes, clock, request)
      .then((answer) => reply(answer, request, response))
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    open: (name) => {
      const path = `/sink/${name}`
      const inbox = createInbox(`http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`)
      inboxes.set(path, inbox)
      return inbox
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function receive(inboxes: Map<string, FilledInbox>, clock: Clock, request: IncomingMessage): Promise<SinkAnswer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const inbox = inboxes.get(request.url ?? '')
  if (inbox === undefined) return { status: 404 }
  const body = Buffer.concat(chunks).toString('utf8')
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return inbox.take({ at: clock.now(), method: request.method ?? '', headers, body, ...readJson(body) }).answer
}

/** `silence` leaves the connection open: the provider has to lose patience by itself. */
function reply(answer: SinkAnswer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  response.writeHead(answer.status).end()
}
