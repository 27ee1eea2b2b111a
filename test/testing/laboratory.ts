/** Devices and their servers behind sockets on a virtual clock, without a provider: asked over their doors. */
import { randomUUID } from 'node:crypto'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { readConfig } from '../../bin/config.ts'
import { startWorld } from '../../bin/world.ts'
import { type Answer, ask } from './ask-http.ts'

export type Json = Record<string, unknown>

const ephemeral = {
  ...{ 'control.port': 0, 'eim.esipaPort': 0, 'eim.northboundPort': 0, 'eim.onomondoPort': 0 },
  ...{ 'smdp.port': 0, 'smds.port': 0, 'devices.injectPort': 0 },
}

/** Of a request that a closed door does not answer. */
const ATTEMPTS = 10

export type Laboratory = Awaited<ReturnType<typeof openLaboratory>>

export async function openLaboratory(flags: Json = {}) {
  const rest = { 'provider.enabled': false, 'devices.count': 0, 'log.level': 'error', time: 'virtual' }
  const { doors, close } = await startWorld(readConfig({ flags: { ...ephemeral, ...rest, ...flags } }))
  const control = (method: string, path: string, body?: unknown) => ask(method, `${doors['control']}${path}`, { body })
  /** Ten seconds, and until everything that goes on has come to rest. */
  const settle = () => control('POST', '/clock', { advanceMs: 10_000 })
  const poll = (eid: string) => control('POST', `/devices/${eid}/polls`)
  /** Again under the same key while the door is closed, says that it cannot, or is not understood. */
  async function northbound(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { 'idempotency-key': randomUUID() }
    const send = () => ask(method, `${doors['eimNorthbound']}/eim/v1${path}`, { body, headers })
    for (let attempt = 1; ; attempt++) {
      const answer = await send().catch((error: Error) => error)
      if ('status' in answer && answer.status < 500) return { ...answer, body: jsonOf(answer.body) }
      if (attempt === ATTEMPTS) throw new Error(`${method} ${path} fails`, { cause: answer })
      await settle()
    }
  }
  const leases: { readonly leaseId: string; readonly eid: string }[] = []
  let disturbance: Json | undefined
  async function switchOn(fault: Json): Promise<void> {
    const { status, body } = await control('POST', '/faults', fault)
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  }
  async function lease(shape: Json = {}): Promise<Answer['body']> {
    const { status, body } = await control('POST', '/leases', shape)
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
    leases.push(body)
    if (disturbance) await switchOn({ ...disturbance, devices: [body.eid] })
    return body
  }
  async function heal(): Promise<void> {
    disturbance = undefined
    await control('DELETE', '/faults')
  }
  async function queue(eid: string, packageOrder: Json): Promise<string> {
    const { status, body } = await northbound('POST', `/euiccs/${eid}/packages`, packageOrder)
    if (status !== 202 && status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
    return body.packageId
  }
  const packages = await followPackages(`${doors['control']}/events?after=0`)
  return {
    host: (door: string) => new URL(doors[door] ?? '').host,
    control,
    northbound,
    lease,
    /** A device without profiles. */
    device: async () => String((await lease()).eid),
    switchOn,
    /** A fault that each device gets when it has been made. */
    disturb(fault: Json) {
      disturbance = fault
    },
    /** At once; under a fault after some more polls, too. */
    async holds(eid: string, check: () => Promise<unknown>): Promise<void> {
      for (let left = disturbance ? 8 : 0; ; left--) {
        const wrong = await check().then(
          () => undefined,
          (error: unknown) => ({ error }),
        )
        if (!wrong) return
        if (left === 0) throw wrong.error
        await poll(eid)
        await settle()
      }
    },
    /** Without faults from now on. */
    heal,
    /** EIDs of the devices that have been made since everything was tidy. */
    devices: () => leases.map(({ eid }) => eid),
    /** Without faults; devices stay as they are, and poll no longer. */
    async tidy() {
      await heal()
      for (const { leaseId } of leases.splice(0)) await control('DELETE', `/leases/${leaseId}`)
    },
    order: async (members: Json = {}) => (await control('POST', '/orders', members)).body,
    profiles: async (eid: string) => (await control('GET', `/devices/${eid}`)).body.profiles,
    settle,
    poll,
    /** Queues a package. Resolves with it when it is over. */
    run: async (eid: string, packageOrder: Json) => packages.over(await queue(eid, packageOrder)),
    trace: async (eid: string) => (await control('GET', `/trace?eid=${eid}&limit=1000`)).body.messages,
    async close() {
      packages.stop()
      await close()
    },
  }
}

/** Also of an answer that a fault says is something else. */
const jsonOf = (body: Answer['body']): Answer['body'] =>
  typeof body === 'string' && body.startsWith('{') ? JSON.parse(body) : body

/** Packages of the eIM, as the event stream tells of them. */
async function followPackages(url: string) {
  const stopping = new AbortController()
  const { body } = await fetch(url, { signal: stopping.signal })
  const over = new Map<unknown, Json>()
  const waiting = new Map<unknown, (ended: Json) => void>()
  const read = async () => {
    const events = body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()) ?? []
    for await (const { event, data } of events) {
      const told = event === 'package' ? (JSON.parse(data) as Json) : {}
      if (told['state'] !== 'done' && told['state'] !== 'cancelled') continue
      over.set(told['packageId'], told)
      waiting.get(told['packageId'])?.(told)
    }
  }
  read().catch(() => {})
  return {
    over: (packageId: unknown) =>
      new Promise<Json>((resolve) => {
        const ended = over.get(packageId)
        if (ended) resolve(ended)
        else waiting.set(packageId, resolve)
      }),
    stop: () => stopping.abort(),
  }
}
