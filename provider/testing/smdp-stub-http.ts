/** ES2+ of a small SM-DP+, for the provider's tests: every ICCID can be ordered once, for one eUICC, until the order is given back. */
import { createServer } from 'node:http'
import { closeServer, listen } from '../http/http.ts'

type FunctionName = 'downloadOrder' | 'confirmOrder' | 'cancelOrder'

interface Called {
  readonly path: string
  readonly body: {
    readonly header: { readonly functionRequesterIdentifier: string; readonly functionCallIdentifier: string }
    readonly eid: string
    readonly iccid: string
    readonly matchingId?: string
  }
}

/** `ordered` is told what an order leads to. */
export const startSmdpStub = async (ordered: (activationCode: string, iccid: string) => void) => {
  const calls: Called[] = []
  /** Mutable: what a test has set. */
  const set = {
    /** Refuses this function. */
    refuse: undefined as FunctionName | undefined,
    /** Is told before it answers. */
    called: (_name: FunctionName): void => {},
    /** Answers with this instead. */
    instead: undefined as { readonly status: number; readonly text: string } | undefined,
  }
  const orders = new Map<string, { readonly eid: string; readonly matchingId?: string }>()
  /** Whether the order is there and says the same, and what becomes of it. */
  const functions: Record<FunctionName, (asked: Called['body']) => boolean> = {
    downloadOrder({ eid, iccid }) {
      if (orders.has(iccid)) return false
      orders.set(iccid, { eid })
      return true
    },
    confirmOrder({ eid, iccid, matchingId = 'M' }) {
      const order = orders.get(iccid)
      if (order?.eid !== eid || order.matchingId) return false
      orders.set(iccid, { eid, matchingId })
      ordered(`LPA:1$smdp.example$${matchingId}`, iccid)
      return true
    },
    cancelOrder({ eid, iccid, matchingId }) {
      const order = orders.get(iccid)
      return order?.eid === eid && order.matchingId === matchingId && orders.delete(iccid)
    },
  }
  const answers = (path: string, asked: Called['body']) => {
    const name = path.split('/').at(-1) as FunctionName
    const isDone = name !== set.refuse && functions[name](asked)
    set.called(name)
    const { iccid, matchingId } = asked
    return {
      header: { functionExecutionStatus: isDone ? { status: 'Executed-Success' } : refusal },
      ...(name === 'confirmOrder' ? { matchingId, smdpAddress: 'smdp.example' } : { iccid }),
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
    orders: orders as ReadonlyMap<string, { readonly eid: string; readonly matchingId?: string }>,
    set,
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

const refusal = {
  status: 'Failed',
  statusCodeData: { subjectCode: '8.2.1', reasonCode: '3.3', message: 'profile-available' },
}
