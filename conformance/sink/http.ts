/** The API consumer's sink: a real HTTP server, one address for each scenario, which answers as it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../runner/clock-system.ts'
import { readJson } from '../runner/http.ts'
import { createInbox, type FilledInbox, type HeldUp, type Inbox, type SinkAnswer } from './inbox.ts'

export interface SinkServer {
  readonly open: (name: string) => Inbox
  readonly close: () => Promise<void>
}

export interface SinkOptions {
  readonly clock: Clock
  /** Address to listen on, and the host by which the provider reaches it. */
  readonly host?: string | undefined
  /** The clock by which the provider waits, when it is not this one. It stands still until the delivery is answered. */
  readonly pace?: (() => Promise<number>) | undefined
}

const WATCH_MS = 50
const RECENT_MS = 1000

/** For how long this process could not attend to its sockets: the longest time of late, and all of it. */
function watchHoldUps(clock: Clock) {
  let lastTick = clock.now()
  let totalMs = 0
  let recent: { readonly at: number; readonly ms: number }[] = []
  const tick = (): void => {
    const at = clock.now()
    const ms = Math.max(0, at - lastTick - WATCH_MS)
    lastTick = at
    totalMs += ms
    recent = [...recent.filter((one) => at - one.at < RECENT_MS), { at, ms }]
  }
  const timer = setInterval(tick, WATCH_MS).unref()
  const heldUp = (): HeldUp => {
    const now = clock.now()
    const since = Math.max(0, now - lastTick - WATCH_MS)
    const lately = recent.filter(({ at }) => now - at < RECENT_MS).map(({ ms }) => ms)
    return { totalMs: totalMs + since, recentMs: Math.max(since, ...lately) }
  }
  return { stop: () => clearInterval(timer), heldUp }
}

export async function startSink({ clock, host = '127.0.0.1', pace }: SinkOptions): Promise<SinkServer> {
  const inboxes = new Map<string, FilledInbox>()
  const holdUps = watchHoldUps(clock)
  const server = createServer((request, response) => {
    receive(inboxes, { clock, pace, heldUp: holdUps.heldUp }, request)
      .then(async (answer) => {
        if (typeof answer === 'object' && answer.afterMs !== undefined) await clock.sleep(answer.afterMs)
        reply(answer, request, response)
      })
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
      holdUps.stop()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

interface Moment extends Pick<SinkOptions, 'clock' | 'pace'> {
  readonly heldUp: () => HeldUp
}

async function receive(
  inboxes: Map<string, FilledInbox>,
  { clock, pace, heldUp }: Moment,
  request: IncomingMessage,
): Promise<SinkAnswer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  const inbox = inboxes.get(request.url ?? '')
  if (inbox === undefined) return { status: 404 }
  const body = Buffer.concat(chunks).toString('utf8')
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const at = clock.now()
  const moment = { at, heldUp: heldUp(), pacedAt: pace === undefined ? at : await pace() }
  return inbox.take({ ...moment, method: request.method ?? '', headers, body, ...readJson(body) }).answer
}

/** `silence` leaves the connection open: the provider has to lose patience by itself. */
function reply(answer: SinkAnswer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === 'silence') return
  if (answer === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  // who follows a redirect is received where nobody has asked for an event
  const isRedirect = answer.status >= 300 && answer.status < 400
  response.writeHead(answer.status, isRedirect ? { location: '/elsewhere' } : {}).end()
}
