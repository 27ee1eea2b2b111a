/** REST of a small onomondo-eim, for the provider's tests: resources wait until the test says how they end. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { closeServer, listen } from '../http/http.ts'

interface StubResource {
  readonly facility: string
  readonly resourceId: string
  readonly resource: { readonly eidValue: string; readonly order: unknown }
  readonly status: 'new' | 'work' | 'done'
  readonly outcome: readonly unknown[]
}

export const startOnomondoStub = async () => {
  const resources = new Map<string, StubResource>()
  /** Mutable: what a test has set. */
  const set = {
    /** Answers everything with this status instead; 0: not at all. */
    failing: undefined as number | undefined,
    /** Makes the next resource and lets the connection break before the answer. */
    losing: false,
    /** How orders end at once. */
    outcomeOf: undefined as ((facility: string, order: unknown) => readonly unknown[] | undefined) | undefined,
  }
  const create = (facility: string, resource: StubResource['resource']): string => {
    const outcome = set.outcomeOf?.(facility, resource.order)
    const resourceId = randomUUID()
    resources.set(resourceId, {
      ...{ facility, resourceId, resource },
      ...(outcome ? { status: 'done', outcome } : { status: 'new', outcome: [] }),
    })
    return resourceId
  }
  const answers: Readonly<Record<string, (facility: string, resourceId: string) => object>> = {
    lookup: (_facility, resourceId) => resources.get(resourceId) ?? { status: 'absent' },
    delete: (_facility, resourceId) => ({ status: resources.delete(resourceId) ? 'deleted' : 'absent' }),
    list: (facility) => ({
      resourceIdList: [...resources.values()].flatMap((one) => (one.facility === facility ? [one.resourceId] : [])),
    }),
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (set.failing === 0) return request.socket.destroy()
    if (set.failing) return response.writeHead(set.failing).end()
    const [, facility = '', call = '', resourceId = ''] = (request.url ?? '').split('/')
    if (call === 'create') {
      const made = create(facility, JSON.parse(Buffer.concat(chunks).toString()))
      if (set.losing) return request.socket.destroy()
      return response.writeHead(303, { location: `/${facility}/lookup/${made}` }).end()
    }
    return response.writeHead(200).end(JSON.stringify(answers[call]?.(facility, resourceId) ?? {}))
  })
  return {
    url: await listen(server, { host: '127.0.0.1', port: 0 }),
    resources,
    set,
    update(resourceId: string, change: Partial<StubResource>) {
      const before = resources.get(resourceId)
      if (!before) throw new Error(`no resource ${resourceId}`)
      resources.set(resourceId, { ...before, ...change })
    },
    async close() {
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

export type OnomondoStub = Awaited<ReturnType<typeof startOnomondoStub>>
