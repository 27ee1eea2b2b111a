/** Stands between a provider and the northbound door of its eIM; the layer may be changed while it stands. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../runner/clock-system.ts'
import { createHttpClient, type HttpResponse } from '../runner/http.ts'
import type { OrderBody, PlacedOrder, Port, PortLayer, ToldEuicc, ToldPackage } from './port-layer.ts'

export interface PortProxy {
  readonly url: string
  readonly wear: (layer: PortLayer) => void
  readonly close: () => Promise<void>
}

const send = createHttpClient({ clock: systemClock, timeoutMs: 30_000 })

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export async function startPortProxy(eim: string): Promise<PortProxy> {
  let worn: PortLayer = {}
  const server = createServer((incoming, outgoing) => {
    read(incoming)
      .then((asked) =>
        asked.path === EVENTS ? relay(eim, asked, outgoing, () => worn) : answer(eim, asked, outgoing, worn),
      )
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    wear: (layer) => {
      worn = layer
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const EVENTS = '/eim/v1/events'
const PLACING = /^\/eim\/v1\/euiccs\/(\d+)\/packages$/

async function answer(eim: string, asked: Asked, outgoing: ServerResponse, layer: PortLayer): Promise<void> {
  const [, eid] = PLACING.exec(asked.path) ?? []
  if (asked.method === 'POST' && eid !== undefined && layer.order !== undefined) {
    const placed = { eid, key: asked.headers['idempotency-key'] ?? '', order: JSON.parse(asked.body) as OrderBody }
    return json(outgoing, 202, changed(await layer.order(placed, portTo(eim)), layer))
  }
  const { response } = await forward(eim, asked)
  json(outgoing, response.status, changed(response.json, layer))
}

/** A package and an eUICC are told by what they have. */
function changed(told: unknown, { told: ofPackage = (one) => one, inventory = (one) => one }: PortLayer): unknown {
  const { packageId, profiles } = Object(told) as { packageId?: unknown; profiles?: unknown }
  if (packageId !== undefined) return ofPackage(told as ToldPackage)
  return profiles === undefined ? told : inventory(told as ToldEuicc)
}

const json = (outgoing: ServerResponse, status: number, content: unknown): void =>
  void outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content ?? null))

const forward = (eim: string, { method, path, headers, body }: Asked) =>
  send({ method, url: `${eim}${path}`, headers, ...(method === 'GET' ? {} : { body }) })

/** Throws what the eIM says when it does not take the order. */
function portTo(eim: string): Port {
  const taken = ({ status, json: content, body }: HttpResponse): ToldPackage => {
    if (status >= 300) throw new Error(`${status} ${body}`)
    return content as ToldPackage
  }
  return {
    sleep: systemClock.sleep,
    async place({ eid, key, order }: PlacedOrder) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key }
      const path = `/eim/v1/euiccs/${eid}/packages`
      return taken((await forward(eim, { method: 'POST', path, headers, body: JSON.stringify(order) })).response)
    },
    euicc: async (eid) =>
      (await forward(eim, { method: 'GET', path: `/eim/v1/euiccs/${eid}`, headers: {}, body: '' })).response
        .json as ToldEuicc,
  }
}

/** Events one by one, each as the layer of that moment tells it. */
async function relay(eim: string, { headers }: Asked, outgoing: ServerResponse, layer: () => PortLayer): Promise<void> {
  const ended = new AbortController()
  outgoing.on('close', () => ended.abort())
  const answered = await fetch(`${eim}${EVENTS}`, { headers: { ...headers }, signal: ended.signal })
  outgoing.writeHead(answered.status, { 'content-type': 'text/event-stream' })
  let rest = ''
  for await (const text of answered.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) outgoing.write(`${retold(block, layer())}\n\n`)
  }
  outgoing.end()
}

const retold = (block: string, layer: PortLayer): string =>
  block.replace(/^data: ?(\{.*)$/m, (_, data: string) => `data: ${JSON.stringify(changed(JSON.parse(data), layer))}`)

const ofOneHop = new Set(['connection', 'host', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding'])

async function read(incoming: IncomingMessage): Promise<Asked> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers = Object.entries(incoming.headers).filter(([name]) => !ofOneHop.has(name))
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
