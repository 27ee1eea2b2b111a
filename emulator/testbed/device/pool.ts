import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import { eidOf, indexOf, type Owner } from '../owners.ts'
import type { Device, DeviceView } from './device.ts'
import type { KeptDevice, NewDevice } from './new-device.ts'

interface Page {
  readonly devices: readonly DeviceView[]
  readonly next?: string
}

/** The devices made so far, in the order of their EIDs. */
export interface Pool {
  /** A new device: cards cost little, so none is used twice. */
  make(owner: Owner, specification?: Sgp32Version): Promise<Device>
  /** One that was made earlier. */
  takeUp(device: KeptDevice): Promise<void>
  find(eid: string): Device | undefined
  page(after: string | undefined, limit: number): Page
  all(): Iterable<Device>
}

export function createPool(makeDevice: (device: NewDevice | KeptDevice) => Promise<Device>): Pool {
  const devices = new Map<string, Device>()
  const counts: Record<Owner, number> = { acme: 0, globex: 0 }
  return {
    async make(owner, specification) {
      const eid = eidOf(owner, ++counts[owner])
      const device = await makeDevice({ eid, owner, ...(specification && { specification }) })
      devices.set(eid, device)
      return device
    },
    async takeUp(kept) {
      const { eid, owner } = kept
      counts[owner] = Math.max(counts[owner], indexOf(eid))
      devices.set(eid, await makeDevice(kept))
    },
    find: (eid) => devices.get(eid),
    page(after = '', limit) {
      const eids = [...devices.keys()].filter((eid) => eid > after).sort()
      const shown = eids.slice(0, limit)
      const next = eids.length > limit ? shown.at(-1) : undefined
      return {
        devices: shown.map((eid) => (devices.get(eid) as Device).view()),
        ...(next === undefined ? {} : { next }),
      }
    },
    all: () => devices.values(),
  }
}
