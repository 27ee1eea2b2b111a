/** ES2+ of a small SM-DP+, for the provider's tests: every ICCID can be ordered, and leads to a matchingId that is the ICCID. */
import { createServer } from 'node:http'
import { closeServer, listen } from '../http/http.ts'

interface Called {
  readonly path: string
  readonly body: {
    readonly header: { readonly functionRequesterIdentifier: string; readonly functionCallIdentifier: string }
    readonly iccid?: string
  }
}

export const startSmdpStub = async () => {
  const calls: Called[] = []
  /** Mutable: what a test has set. */
  const set = {
    /** Refuses this function. */
    refuse: undefined as 'downloadOrder' | 'confirmOrder' | undefined,
    /** Answers with this instead. */
    instead: undefined as { readonly status: number; readonly text: string } | undefined,
  }
  const answers = (path: string, { iccid }: Called['body']) => {
    const name = path.split('/').at(-1)
    const status =
      name === set.refuse
        ? {
            status: 'Failed',
            statusCodeData: { subjectCode: '8.2.1', reasonCode: '3.3', message: 'profile-available' },
          }
        : { status: 'Executed-Success' }
    return {
      header: { functionExecutionStatus: status },
      ...(name === 'confirmOrder' ? { matchingId: iccid, smdpAddress: 'smdp.example' } : { iccid }),
    }
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const called = { path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) }
    calls.push(called)
    if (set.instead) return response.writeHead(set.instead.status).end(set.instead.text)
    return response.writeHead(200).end(JSON.stringify(answers(called.path, called.body)))
  })
  return {
    url: await listen(server, { host: '127.0.0.1', port: 0 }),
    calls,
    set,
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}
