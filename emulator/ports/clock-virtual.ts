/** A virtual clock for this process. What it has to look at to know that nothing can run is in docs/time.md. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { createVirtualTime, type VirtualTime } from './virtual-time.ts'

export interface ProcessTime extends VirtualTime {
  /** An exchange with this port stays in this process: what it waits for is seen here. One with any other port holds the clock until it ends. */
  owns(port: number): void
  /** Holds the clock until the work has ended: for work of other threads, which nothing else shows. */
  during<T>(work: Promise<T>): Promise<T>
  /** Stops watching the process. */
  end(): void
}

/** Turns of the event loop in a row in which nothing may have happened. Octets of a loopback connection need one to arrive, a message about three. */
const CALM_TURNS = 12

/** Requests of the event loop that are under way: connections, look-ups, files, octets that the socket did not take at once. */
const pending = /ReqWrap|ConnectWrap|WriteWrap|ShutdownWrap|FSReq/

const activities = [
  'http.client.request.start',
  'http.client.response.finish',
  'http.server.request.start',
  'http.server.response.finish',
  'undici:request:create',
  'undici:request:headers',
  'undici:request:trailers',
]

export function createProcessTime(start: number): ProcessTime {
  const own = new Set<number>()
  let activity = 0
  let held = 0
  const happened = () => {
    activity += 1
  }
  const hold = (): (() => void) => {
    held += 1
    let holds = true
    return () => {
      if (holds) held -= 1
      holds = false
      happened()
    }
  }
  /** From its start to its end, where its peer is not in this process. */
  const watch = (message: unknown) => {
    const { request } = message as { request: ClientRequest }
    const [, port] = /:(\d+)$/.exec(String(request.getHeader('host') ?? '')) ?? []
    if (port === undefined || own.has(Number(port))) return
    const release = hold()
    request.once('close', release)
  }
  for (const channel of activities) subscribe(channel, happened)
  subscribe('http.client.request.start', watch)
  const time = createVirtualTime({
    start,
    async settled() {
      let seen = activity
      for (let calm = 0; calm < CALM_TURNS; ) {
        await turn(held > 0)
        const isCalm =
          held === 0 && activity === seen && !process.getActiveResourcesInfo().some((name) => pending.test(name))
        calm = isCalm ? calm + 1 : 0
        seen = activity
      }
    },
  })
  return Object.defineProperties(
    {
      owns: (port: number) => void own.add(port),
      async during<T>(work: Promise<T>): Promise<T> {
        const release = hold()
        try {
          return await work
        } finally {
          release()
        }
      },
      end() {
        for (const channel of activities) unsubscribe(channel, happened)
        unsubscribe('http.client.request.start', watch)
      },
    },
    Object.getOwnPropertyDescriptors(time),
  ) as ProcessTime
}

/** One turn of the event loop, with a breath in it when there is something to wait for. */
const turn = (isLong: boolean): Promise<void> =>
  new Promise((resolve) => void (isLong ? setTimeout(resolve, 1) : setImmediate(resolve)))
