/** The provider's door beside a bare express route on the same database. Who asks is another process. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { systemClock, systemRandom, systemTimers } from '../provider/clock-system.ts'
import { settingsOf } from '../provider/config.ts'
import { createLogger, startAuthorizationServer } from '../provider/index.ts'
import { startOn } from '../provider/start.ts'
import type { Database } from '../provider/store/database.ts'
import { openEmbeddedDatabase } from '../provider/store/store-pglite.ts'
import type { Load } from './load.ts'
import type { Benchmark } from './measure.ts'

const host = '127.0.0.1'
const audience = 'https://provider.bench.example'
const client = { clientId: 'bench', clientSecret: 'bench-secret' }
const scopes = ['iot-device-management:esims:enable', 'iot-device-management:esims:read']

/** Of one turn, so that telling the other process of it weighs little. */
const REQUESTS = 10

const enable = JSON.stringify({ esim: { iccid: '8901000000000000001' }, sink: 'https://sink.example/events' })
const json = { 'content-type': 'application/json' }

interface Said {
  readonly eim?: string
  readonly last?: string
  readonly problem?: string
}

const startConsumer = async () => {
  const child = fork(fileURLToPath(new URL('./load.js', import.meta.url)))
  const heard = async (): Promise<Said> => (await once(child, 'message'))[0]
  const { eim = '' } = await heard()
  return {
    eim,
    async ask(load: Load): Promise<string> {
      child.send(load)
      const { last, problem } = await heard()
      if (last === undefined) throw new Error(problem)
      return last
    },
    close: () => child.disconnect(),
  }
}

/** Parses the same body and writes one row; reads one row. */
const startBare = async (database: Database) => {
  await database.query('create table bare (id bigint generated always as identity primary key, body text not null)')
  const app = express().disable('x-powered-by').disable('etag')
  app.post('/', express.json(), async (request, response) => {
    const rows = await database.query('insert into bare (body) values ($1) returning id', [
      JSON.stringify(request.body),
    ])
    response.status(202).json(rows[0])
  })
  app.get('/:id', async (request, response) => {
    const rows = await database.query('select id, body from bare where id = $1', [request.params.id])
    response.json(rows[0])
  })
  const server = createServer(app).listen(0, host)
  await once(server, 'listening')
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

const tokenOf = async (issuer: string): Promise<string> => {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

export interface ProviderBenchmarks {
  readonly benchmarks: readonly Benchmark[]
  close(): Promise<void>
}

/** All operations are for one eUICC whose first one never ends: what is measured is accepting them, not carrying them out. */
export async function providerBenchmarks(): Promise<ProviderBenchmarks> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const database = await openEmbeddedDatabase(join(folder, 'data'))
  const consumer = await startConsumer()
  const authorization = await startAuthorizationServer({
    ...{ host, port: 0, audience, tokenTtl: 86_400 },
    clients: [{ ...client, scopes }],
  })
  const settings = settingsOf({
    ...{ host, port: 0, issuer: authorization.url, audience },
    rsp: { kind: 'eim', url: consumer.eim },
    tenants: [{ clientId: client.clientId, tenant: 'bench' }],
    deviceOwners: [{ tenant: 'bench', eidFrom: '0'.repeat(32), eidTo: '9'.repeat(32) }],
  })
  const outside = { clock: systemClock, timers: systemTimers, random: systemRandom, logger: createLogger('error') }
  const provider = await startOn(database, settings, outside)
  const bare = await startBare(database)
  const authorized = { authorization: `Bearer ${await tokenOf(authorization.url)}` }
  const post = { method: 'POST', body: enable, status: 202 }
  const accept = { ...post, url: `${provider.url}/esim/enable`, headers: { ...json, ...authorized } }
  const { operationId } = JSON.parse(await consumer.ask({ ...accept, times: 1 }))
  const { id } = JSON.parse(await consumer.ask({ ...post, url: bare.url, headers: json, times: 1 }))
  const read = { method: 'GET', status: 200, times: REQUESTS }
  return {
    benchmarks: [
      {
        name: `${REQUESTS} operations accepted, beside express that writes a row`,
        ours: () => consumer.ask({ ...accept, times: REQUESTS }),
        baseline: () => consumer.ask({ ...post, url: bare.url, headers: json, times: REQUESTS }),
        goal: { kind: 'times as fast', atLeast: 1 / 3 },
      },
      {
        name: `${REQUESTS} operations read, beside express that reads a row`,
        ours: () =>
          consumer.ask({ ...read, url: `${provider.url}/esim/operations/${operationId}`, headers: authorized }),
        baseline: () => consumer.ask({ ...read, url: `${bare.url}/${id}`, headers: {} }),
        goal: { kind: 'times as fast', atLeast: 1 / 2 },
      },
    ],
    async close() {
      consumer.close()
      bare.close()
      await Promise.all([provider.close(), authorization.close()])
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
