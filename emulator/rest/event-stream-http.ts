import type { Express } from 'express'

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
export function mountEventStream(app: Express, { path, source, token }: StreamOptions): void {
  app.get(path, (request, response) => {
    if (token && request.headers.authorization !== `Bearer ${token}`) {
      response.status(401).set('www-authenticate', 'Bearer').end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(':\n\n')
    const write = ({ id, event, data }: StreamEvent) =>
      response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    const from = Number(request.headers['last-event-id'] ?? request.query['after'] ?? Number.NaN)
    if (Number.isSafeInteger(from)) source.since(from).forEach(write)
    const unsubscribe = source.subscribe(write)
    const pulse = setInterval(() => response.write(':\n\n'), KEEP_ALIVE_MS)
    response.on('close', () => {
      clearInterval(pulse)
      unsubscribe()
    })
  })
}
