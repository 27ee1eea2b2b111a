/** An API consumer's sink, for the provider's tests: keeps what it is sent and answers what it is told. */
import { createServer, type IncomingMessage } from 'node:http'
import { closeServer, listen } from '../http/http.ts'

export interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

export const startSinkStub = async () => {
  const received: Received[] = []
  const waiting: { holds: () => boolean; tell: () => void }[] = []
  const set = {
    status: (_path: string, _attempt: number): number | 'hang' => 204,
    location: undefined as string | undefined,
  }
  const ears = new Map<string, (text: string) => void>()
  const at = (path: string) => received.filter((event) => event.path === path)

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const path = request.url ?? ''
    const text = Buffer.concat(chunks).toString()
    received.push({ path, headers: request.headers, text })
    ears.get(path)?.(text)
    const status = set.status(path, at(path).length)
    if (status !== 'hang') response.writeHead(status, set.location ? { location: set.location } : {}).end()
    for (const { holds, tell } of waiting) if (holds()) tell()
  })

  const until = async (holds: () => boolean): Promise<void> => {
    if (!holds()) await new Promise<void>((tell) => waiting.push({ holds, tell }))
  }

  return {
    url: await listen(server, { host: '127.0.0.1', port: 0 }),
    set,
    at,
    /** Is told of each event at this path. */
    hear: (path: string, ear: (text: string) => void) => void ears.set(path, ear),
    /** When this holds; looked at whenever something has been received. */
    until,
    /** When so many requests have come to this path, repeated ones included. */
    async received(path: string, count = 1): Promise<readonly Received[]> {
      await until(() => at(path).length >= count)
      return at(path)
    },
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

export type SinkStub = Awaited<ReturnType<typeof startSinkStub>>
