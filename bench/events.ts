/** From the acceptance of an operation to its event at the sink: everything that `up` starts, over sockets, while the rest of the fleet is idle. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../bin/config.ts'
import { startWorld } from '../bin/world.ts'
import type { Row } from './row.ts'

const DEVICES = 20
const OPERATIONS = 300
const WARM_UP = 30
/** Of a slow machine, fewer operations. */
const LONGEST_MS = 20_000

export const eventRow = `acceptance to event at the sink, ${DEVICES} idle devices: p99 beside p50`

const flags = {
  ...Object.fromEntries(
    ['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port'].map(
      (port) => [port, 0],
    ),
  ),
  ...{ 'provider.port': 0, 'authorization.port': 0, 'devices.count': DEVICES, 'log.level': 'silent' },
}

const json = { 'content-type': 'application/json' }
interface Lease {
  readonly profiles: readonly { readonly iccid: string }[]
}
const post = async (url: string, body: object, headers = {}) => {
  const answer = await fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return (await answer.json()) as Lease
}

const tokenOf = async (issuer: string): Promise<string> => {
  const scope = ['enable', 'disable'].map((word) => `iot-device-management:esims:${word}`).join(' ')
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('acme:acme-test-secret')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

const startSink = async () => {
  let arrived = () => {}
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end()
      arrived()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    next: () =>
      new Promise<void>((resolve) => {
        arrived = resolve
      }),
    close: () => server.close(),
  }
}

export async function eventLatency(): Promise<Row> {
  const world = await startWorld(readConfig({ flags }))
  const { provider = '', authorization = '', control = '' } = world.doors
  const sink = await startSink()
  const bearer = { authorization: `Bearer ${await tokenOf(authorization)}` }
  const { profiles } = await post(`${control}/leases`, { profiles: [{ state: 'disabled' }] })
  const [{ iccid } = { iccid: '' }] = profiles
  const milliseconds: number[] = []
  const end = performance.now() + LONGEST_MS
  for (let turn = 0; turn < WARM_UP + OPERATIONS && performance.now() < end; turn++) {
    const told = sink.next()
    await post(`${provider}/esim/${turn % 2 === 0 ? 'enable' : 'disable'}`, { esim: { iccid }, sink: sink.url }, bearer)
    const accepted = performance.now()
    await told
    if (turn >= WARM_UP) milliseconds.push(performance.now() - accepted)
  }
  sink.close()
  await world.close()
  return rowOf(milliseconds.toSorted((a, b) => a - b))
}

const rowOf = (sorted: readonly number[]): Row => {
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const [p50, p99] = [at(0.5), at(0.99)]
  return {
    ...{ name: eventRow, unit: 'ms' },
    ...{ value: p99, baseline: p50, ratio: p99 / p50, target: '<= 2 times the cost', holds: p99 / p50 < 2 },
  }
}
