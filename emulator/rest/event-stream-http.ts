import type { Layer } from '../ports/index.ts'

export interface StreamEvent {
  /** Rising; `Last-Event-ID` resumes behind it. */
  readonly id: number
  readonly event: string
  readonly data: unknown
}

export interface EventSource {
  /** What is still kept behind an id, oldest first. */
  since(id: number): readonly StreamEvent[]
  /** Returns what ends the subscription. */
  subscribe(listener: (event: StreamEvent) => void): () => void
}

export interface StreamOptions {
  readonly path: string
  readonly source: EventSource
  readonly token?: string
}

const KEEP_ALIVE_MS = 15_000

/** Serves a source as server-sent events, resumable, with a comment line as a sign of life. */
export function eventStream({ path, source, token }: StreamOptions): Layer {
  return (request, response, next) => {
    const [pathname, search] = request.url?.split('?') ?? []
    if (request.method !== 'GET' || pathname !== path) return next()
    if (token && request.headers.authorization !== `Bearer ${token}`)
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(':\n\n')
    const write = ({ id, event, data }: StreamEvent) =>
      response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    const from = Number(request.headers['last-event-id'] ?? new URLSearchParams(search).get('after') ?? Number.NaN)
    if (Number.isSafeInteger(from)) source.since(from).forEach(write)
    const unsubscribe = source.subscribe(write)
    const pulse = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS)
    response.on('close', () => {
      clearInterval(pulse)
      unsubscribe()
    })
  }
}
