/** Devices and the IPA beside each: work is done one piece at a time, in order, while the device can be reached. */
import { systemClock } from '../runner/clock-system.ts'
import type { Lease, LeaseRequest } from '../testbed/http.ts'
import { type Card, createCard } from './card.ts'

export type Work = (card: Card) => void | Promise<void>

export interface DevicePool {
  readonly lease: (request: LeaseRequest) => Lease
  readonly find: (eid: string) => Card | undefined
  readonly cardOf: (iccid: string) => Card | undefined
  /** Queues work; it is done after a pause, as by a device that asks from time to time. */
  readonly queue: (eid: string, work: Work) => void
  /** Does all that waits; the number of pieces done. */
  readonly drain: (eid: string) => Promise<number>
  readonly setReachable: (eid: string, reachable: boolean) => void
}

const POLLING_PAUSE_MS = 4

export function createDevicePool(): DevicePool {
  const cards = new Map<string, Card>()
  const queues = new Map<string, Work[]>()
  const busy = new Map<string, Promise<number>>()
  let issued = 0
  const nextIccid = (): string => `8988303${String(++issued).padStart(12, '0')}`

  const drain = (eid: string): Promise<number> => {
    const turn = (busy.get(eid) ?? Promise.resolve(0)).then(() => workThrough(cards.get(eid), queues.get(eid) ?? []))
    busy.set(eid, turn)
    return turn
  }
  return {
    lease: (request) => {
      const range = request.owner === 'globex' ? '1' : '0' // a provider may know owners by ranges of EIDs
      const eid = `8904903200000000000${range}${String(cards.size + 1).padStart(12, '0')}`
      const card = createCard(eid, request, nextIccid)
      cards.set(eid, card)
      queues.set(eid, [])
      const profiles = card.profiles.map((profile) => ({ ...profile, fallback: profile.fallbackAttribute }))
      return { leaseId: `lease-${eid}`, eid, owner: card.owner, profiles, orders: card.orders }
    },
    find: (eid) => cards.get(eid),
    cardOf: (iccid) => [...cards.values()].find(({ profiles }) => profiles.some((profile) => profile.iccid === iccid)),
    queue: (eid, work) => {
      queues.get(eid)?.push(work)
      void systemClock.sleep(POLLING_PAUSE_MS).then(() => drain(eid))
    },
    drain,
    setReachable: (eid, reachable) => {
      const card = cards.get(eid)
      if (card === undefined) return
      card.reachable = reachable
      if (reachable) void drain(eid)
    },
  }
}

async function workThrough(card: Card | undefined, queue: Work[]): Promise<number> {
  let done = 0
  while (card?.reachable) {
    const next = queue.shift()
    if (next === undefined) break
    await systemClock.sleep(POLLING_PAUSE_MS)
    await next(card)
    done++
  }
  return done
}
