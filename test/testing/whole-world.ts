/** Everything that `up` starts, in this process, on a virtual clock, used as a stranger would: over its doors. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../bin/config.ts'
import { startWorld } from '../../bin/world.ts'
import { type Answer, ask } from './ask-http.ts'

export type Json = Record<string, unknown>

const ephemeral = {
  ...{ 'control.port': 0, 'eim.esipaPort': 0, 'eim.northboundPort': 0, 'eim.onomondoPort': 0 },
  ...{ 'smdp.port': 0, 'smds.port': 0, 'provider.port': 0, 'authorization.port': 0 },
}

/** Seconds: an operation that waits for its time limit waits ten minutes of virtual time. */
const limits = { 'provider.operationTimeoutSeconds': 600 }

export async function startWholeWorld(flags: Json = {}) {
  const config = { ...ephemeral, 'devices.count': 0, 'log.level': 'error', time: 'virtual', ...limits, ...flags }
  const world = await startWorld(readConfig({ flags: config }))
  const sink = await openSink()
  const { provider, authorization, control } = world.doors as Record<string, string>
  let token = await tokenFrom(`${authorization}`)
  /** The token expires by the clock of the world, which may have gone on by hours. */
  async function api(method: string, path: string, body?: unknown): Promise<Answer> {
    const request = () =>
      ask(method, `${provider}/esim${path}`, { body, headers: { authorization: `Bearer ${token}` } })
    const answer = await request()
    if (answer.status !== 401) return answer
    token = await tokenFrom(`${authorization}`)
    return request()
  }
  return {
    doors: world.doors,
    token: () => token,
    control: (method: string, path: string, body?: unknown) => ask(method, `${control}${path}`, { body }),
    api,
    /** Starts an operation. `completed`: the event that ends it. */
    async operate(operation: string, body: Json) {
      const answer = await api('POST', `/${operation}`, { ...body, sink: sink.url })
      if (answer.status !== 202) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.body)}`)
      const { operationId } = answer.body
      return { operationId, completed: sink.event(operationId) }
    },
    async close() {
      await sink.close()
      await world.close()
    },
  }
}

async function tokenFrom(issuer: string): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from('acme:acme-test-secret').toString('base64')}`,
    },
    body: `grant_type=client_credentials&scope=${scopes.join('+')}`,
  })
  const { access_token } = (await answer.json()) as { access_token?: string }
  if (!access_token) throw new Error(`no token: ${answer.status}`)
  return access_token
}

const scopes = ['download', 'enable', 'disable', 'delete', 'read'].map((name) => `iot-device-management:esims:${name}`)

/** Where events go. */
async function openSink() {
  const waiting = new Map<string, (event: Json) => void>()
  const early = new Map<string, Json>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const { data } = JSON.parse(Buffer.concat(parts).toString()) as { data: Json & { operationId: string } }
      response.writeHead(204).end()
      early.set(data.operationId, data)
      waiting.get(data.operationId)?.(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    event: (operationId: string) =>
      new Promise<Json>((resolve) => {
        const event = early.get(operationId)
        if (event) resolve(event)
        else waiting.set(operationId, resolve)
      }),
    close: () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()),
  }
}
