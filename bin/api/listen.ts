/** A sink of our own: takes CloudEvents and gives them out one after the other, each once. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './dialects.ts'

export interface Sink {
  readonly url: string
  /** The next one; undefined once it is closed. */
  next(): Promise<Json | undefined>
  close(): Promise<void>
}

/** More than any event. */
const longest = 64 * 1024

/** `host`: what is listened at, and the name under which the provider reaches it. */
export const openSink = async (host: string, port: number): Promise<Sink> => {
  const known = new Set<unknown>()
  const events: Json[] = []
  let tell = () => {}
  let closed = false

  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) {
      text += chunk
      if (text.length > longest) return response.writeHead(413).end()
    }
    const event = eventOf(text)
    if (request.method !== 'POST' || !event) return response.writeHead(400).end()
    if (!known.has(event['id'])) events.push(event)
    known.add(event['id'])
    tell()
    return response.writeHead(204).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    async next() {
      while (events.length === 0 && !closed)
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      return events.shift()
    },
    close() {
      closed = true
      tell()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const eventOf = (text: string): Json | undefined => {
  try {
    const event: unknown = JSON.parse(text)
    return typeof event === 'object' && event !== null && 'id' in event && 'type' in event ? (event as Json) : undefined
  } catch {
    return undefined
  }
}
