/** A server of the runner's own tests: a function from request to answer, bound to a free port. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ServerRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ServerAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RunningServer {
  readonly url: string
  readonly close: () => Promise<void>
}

export const json = (status: number, content: unknown, headers: Record<string, string> = {}): ServerAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(content),
})

export async function serve(
  answer: (request: ServerRequest) => Promise<ServerAnswer> | ServerAnswer,
): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    read(incoming)
      .then(answer)
      .then(({ status, headers = {}, body }) => outgoing.writeHead(status, headers).end(body))
      .catch((error: unknown) => outgoing.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

async function read(incoming: IncomingMessage): Promise<ServerRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost')
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  const body = Buffer.concat(chunks).toString('utf8')
  return { method: incoming.method ?? '', path: pathname, query: searchParams, headers, body }
}
