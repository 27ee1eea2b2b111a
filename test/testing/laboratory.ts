/** Devices and their servers behind sockets on a virtual clock, without a provider: asked over their doors. */
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { readConfig } from '../../bin/config.ts'
import { startWorld } from '../../bin/world.ts'
import { ask } from './ask-http.ts'

export type Json = Record<string, unknown>

const ephemeral = {
  ...{ 'control.port': 0, 'eim.esipaPort': 0, 'eim.northboundPort': 0, 'eim.onomondoPort': 0 },
  ...{ 'smdp.port': 0, 'smds.port': 0, 'devices.injectPort': 0 },
}

export type Laboratory = Awaited<ReturnType<typeof openLaboratory>>

export async function openLaboratory(flags: Json = {}) {
  const rest = { 'provider.enabled': false, 'devices.count': 0, 'log.level': 'error', time: 'virtual' }
  const { doors, close } = await startWorld(readConfig({ flags: { ...ephemeral, ...rest, ...flags } }))
  const control = (method: string, path: string, body?: unknown) => ask(method, `${doors['control']}${path}`, { body })
  const northbound = (method: string, path: string, body?: unknown) =>
    ask(method, `${doors['eimNorthbound']}/eim/v1${path}`, { body })
  const packages = await followPackages(`${doors['control']}/events?after=0`)
  return {
    host: (door: string) => new URL(doors[door] ?? '').host,
    control,
    northbound,
    /** A device without profiles. */
    device: async () => String((await control('POST', '/leases', {})).body.eid),
    order: async (members: Json = {}) => (await control('POST', '/orders', members)).body,
    profiles: async (eid: string) => (await control('GET', `/devices/${eid}`)).body.profiles,
    /** Ten seconds, and until everything that goes on has come to rest. */
    settle: () => control('POST', '/clock', { advanceMs: 10_000 }),
    poll: (eid: string) => control('POST', `/devices/${eid}/polls`),
    /** Queues a package. Resolves with it when it is over. */
    async run(eid: string, packageOrder: Json) {
      const { status, body } = await northbound('POST', `/euiccs/${eid}/packages`, packageOrder)
      if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
      return packages.over(body.packageId)
    },
    trace: async (eid: string) => (await control('GET', `/trace?eid=${eid}&limit=1000`)).body.messages,
    async close() {
      packages.stop()
      await close()
    },
  }
}

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
