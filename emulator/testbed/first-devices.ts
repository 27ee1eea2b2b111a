/** What is there when a testbed has started: devices and orders of before, and devices that are missing of those that it is to have. */
import { type Sgp32Version, sgp32Versions } from '../../protocol/sgp32/index.ts'
import type { Pool } from './device/pool.ts'
import type { Servers } from './servers.ts'
import type { TestbedStore } from './store-database.ts'

interface Wanted {
  readonly devices: number
  readonly devicesOf?: Readonly<Partial<Record<Sgp32Version, number>>>
  readonly store?: TestbedStore
}

export async function fillPool(pool: Pool, { devices, devicesOf = {}, store }: Wanted): Promise<void> {
  const kept = store?.devices ?? []
  for (const device of kept) await pool.takeUp(device)
  const missing = (wanted: number, specification?: Sgp32Version) =>
    wanted - kept.filter((device) => device.specification === specification).length
  for (let i = 0; i < missing(devices); i++) await pool.make('acme')
  for (const version of sgp32Versions)
    for (let i = 0; i < missing(devicesOf[version] ?? 0, version); i++) await pool.make('acme', version)
}

const waiting: ReadonlySet<string> = new Set(['linked', 'confirmed', 'released', 'downloaded'])

/** Events of orders that still wait and that a kill has kept from our own SM-DS. */
export async function announceAgain({ smdp, smdsAddress }: Servers, store: TestbedStore): Promise<void> {
  const known = new Set(store.smds.events.map(({ eid, eventId }) => `${eid} ${eventId}`))
  for (const { iccid, state, eid, matchingId, smdsAddress: at } of store.smdp.orders)
    if (at !== undefined && at === smdsAddress && waiting.has(state) && !known.has(`${eid} ${matchingId}`))
      await smdp.announce(iccid)
}
