/** Devices that came back as they were lent: a new one costs real downloads, so the next who wants such a device gets it. */
import type { Device, Lease, LeaseRequest, Testbed } from './http.ts'

export interface Shelf {
  readonly lend: (request: LeaseRequest) => Promise<LentDevice>
  /** `isUsed`: something about it was accepted, or went wrong. Such a device is nobody's any more; its card stays, for what comes late. */
  readonly takeBack: (lent: LentDevice, isUsed: boolean) => Promise<void>
  /** Gives the testbed what nobody wanted again. */
  readonly clear: () => Promise<void>
}

export interface LentDevice {
  readonly request: LeaseRequest
  readonly lease: Lease
  /** The card when it was lent. */
  readonly before: Device
}

/** Where nobody sees the card, nobody knows that it is as it was: then every device is lent once. */
export function createShelf(testbed: Testbed): Shelf {
  const kept = new Map<string, LentDevice[]>()
  const release = ({ leaseId }: Lease): Promise<void> => testbed.release(leaseId).catch(() => undefined)
  const isAsItWas = async ({ lease, before }: LentDevice): Promise<boolean> =>
    sameCard(await testbed.device(lease.eid), before)
  return {
    async lend(request) {
      const alike = kept.get(JSON.stringify(request)) ?? []
      for (let found = alike.shift(); found !== undefined; found = alike.shift()) {
        if (await isAsItWas(found)) return found
        await release(found.lease)
      }
      const lease = await testbed.lease(request)
      return { request, lease, before: await testbed.device(lease.eid) }
    },
    async takeBack(lent, isUsed) {
      if (isUsed || !testbed.truth || !(await isAsItWas(lent).catch(() => false))) return release(lent.lease)
      const shape = JSON.stringify(lent.request)
      const alike = kept.get(shape) ?? []
      alike.push(lent)
      kept.set(shape, alike)
    },
    async clear() {
      await Promise.all([...kept.values()].flat().map(({ lease }) => release(lease)))
      kept.clear()
    },
  }
}

/** Its sequence number counts everything that the card ever did. */
const sameCard = (one: Device, other: Device): boolean =>
  one.sequence === other.sequence &&
  one.reachable === other.reachable &&
  JSON.stringify(one.profiles) === JSON.stringify(other.profiles)
