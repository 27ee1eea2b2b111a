/** A token endpoint that answers as it was told, for the provider's tests. */
import { createServer } from 'node:http'
import { closeServer, listen } from '../http/http.ts'

export const startTokenStub = async () => {
  const asked: { path: string; authorization: string | undefined; body: Record<string, string> }[] = []
  /** Mutable: what a test has set. */
  const set = { status: 200, text: '' }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body })
    response.writeHead(set.status, { 'content-type': 'application/json', location: '/elsewhere' }).end(set.text)
  })
  return {
    url: await listen(server, { host: '127.0.0.1', port: 0 }),
    asked,
    set,
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

export type TokenStub = Awaited<ReturnType<typeof startTokenStub>>
