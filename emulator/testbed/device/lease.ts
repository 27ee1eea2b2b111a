import { randomUUID } from 'node:crypto'
import type { Sgp32Version } from '../../../protocol/sgp32/index.ts'
import type { Faults } from '../../faults/index.ts'
import type { Owner } from '../owners.ts'
import type { Device } from './device.ts'
import { NotMade } from './new-device.ts'
import type { Pool } from './pool.ts'

/** How an order is made to fail: the SM-DP+ does not know its matching identifier, or the card finds that metadata and profile disagree. */
export type OrderFailure = 'matchingId' | 'metadata'

export interface LeaseRequest {
  readonly owner?: Owner
  /** Version of SGP.32 of card and IPA. */
  readonly specification?: Sgp32Version
  readonly profiles?: readonly ProfileShape[]
  readonly orders?: readonly OrderShape[]
}

interface ProfileShape {
  readonly state: 'enabled' | 'disabled'
  readonly fallbackAllowed?: boolean
  readonly fallback?: boolean
}

export interface OrderShape {
  readonly fallbackAllowed?: boolean
  readonly refuse?: OrderFailure
}

export interface Order {
  readonly iccid: string
  readonly activationCode: string
}

export interface Lease {
  readonly leaseId: string
  readonly eid: string
  readonly owner: Owner
  readonly profiles: readonly Required<ProfileShape & { readonly iccid: string }>[]
  readonly orders: readonly Order[]
}

/** What a lease needs of the servers. */
export interface Provisioning {
  order(eid: string, shape: OrderShape): Promise<Order>
  /** Brings a package to the device and waits until the card has executed it. Rejects when it did not succeed. */
  execute(device: Device, order: unknown): Promise<void>
}

/** A fault has struck while the device was made. */
export interface Disturbed {
  /** Names of faults, and what came of them. */
  readonly disturbed: string
}

export interface Leases {
  make(request: LeaseRequest): Promise<Lease | Disturbed>
  find(leaseId: string): Lease | undefined
  end(leaseId: string): boolean
}

/** Why a card cannot have this shape. */
export function refusalOf({ profiles = [] }: LeaseRequest): string | undefined {
  if (profiles.filter(({ state }) => state === 'enabled').length > 1) return 'Only one profile can be enabled.'
  if (profiles.filter(({ fallback }) => fallback).length > 1) return 'Only one profile can have the fallback attribute.'
  if (profiles.some(({ fallback, fallbackAllowed }) => fallback && fallbackAllowed === false))
    return 'A profile that does not allow it cannot have the fallback attribute.'
  return undefined
}

/** What was switched on for a device alone goes with its lease. */
export function createLeases(pool: Pool, provisioning: Provisioning, faults: Pick<Faults, 'clear' | 'report'>): Leases {
  const leases = new Map<string, Lease>()
  const leave = (eid: string) => {
    pool.find(eid)?.stopPolling()
    faults.clear(eid)
  }
  async function make({ owner = 'acme', specification, profiles = [], orders = [] }: LeaseRequest): Promise<Lease> {
    const device = await pool.make(owner, specification)
    const lease = {
      leaseId: randomUUID(),
      eid: device.eid,
      owner,
      profiles: await bringProfiles(device, profiles, provisioning),
      orders: await Promise.all(orders.map((shape) => provisioning.order(device.eid, shape))),
    }
    leases.set(lease.leaseId, lease)
    return lease
  }
  return {
    async make(request) {
      const before = faults.report().at(-1)?.index
      try {
        return await make(request)
      } catch (error) {
        if (!(error instanceof NotMade)) throw error
        const struck = faults.report(before).filter(({ eid }) => eid === error.eid)
        if (struck.length === 0) throw error
        leave(error.eid)
        return { disturbed: `${[...new Set(struck.map(({ fault }) => fault))].join(', ')}: ${error.message}` }
      }
    },
    find: (leaseId) => leases.get(leaseId),
    end(leaseId) {
      const lease = leases.get(leaseId)
      if (lease) leave(lease.eid)
      return leases.delete(leaseId)
    },
  }
}

/** Downloads first, then the fallback attribute, then enabling: an enabled profile could no longer become the fallback in every reading. */
async function bringProfiles(
  device: Device,
  shapes: readonly ProfileShape[],
  { order, execute }: Provisioning,
): Promise<Lease['profiles']> {
  const profiles: Required<ProfileShape & { iccid: string }>[] = []
  for (const { state, fallbackAllowed = true, fallback = false } of shapes) {
    const { iccid, activationCode } = await order(device.eid, { fallbackAllowed })
    await execute(device, { download: { activationCode } })
    profiles.push({ iccid, state, fallbackAllowed, fallback })
  }
  for (const { iccid, fallback } of profiles)
    if (fallback) await execute(device, { psmo: [{ setFallbackAttribute: { iccid } }] })
  for (const { iccid, state } of profiles)
    if (state === 'enabled') await execute(device, { psmo: [{ enable: { iccid } }] })
  return profiles
}
