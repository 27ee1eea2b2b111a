/** The devices of a scenario: described first, leased from the testbed when first used. */
import type { Tenant } from '../authorization/client-http.ts'
import type { Device, Lease, OrderShape, ProfileShape } from '../testbed/http.ts'
import type { ScenarioWorld } from './world.ts'

export interface ScenarioDevice {
  readonly name: string
  readonly tenant: Tenant
  readonly profiles: { readonly alias: string; readonly shape: ProfileShape }[]
  readonly orders: { readonly alias: string; readonly shape: OrderShape }[]
  /** The scenario has cut it off. */
  unreachable: boolean
  leased?: Promise<LeasedDevice>
}

export interface LeasedDevice {
  readonly lease: Lease
  /** The card when the scenario got it. */
  readonly before: Device
}

/** An eSIM that the scenario speaks of: installed, or to be downloaded. */
export interface Subject {
  readonly device: ScenarioDevice
  readonly eid: string
  readonly iccid: string
  readonly activationCode?: string
}

export function addDevice(world: ScenarioWorld, name: string, tenant: Tenant): ScenarioDevice {
  const device: ScenarioDevice = { name, tenant, profiles: [], orders: [], unreachable: false }
  world.devices.push(device)
  return device
}

export function latestDevice({ devices }: ScenarioWorld): ScenarioDevice {
  const device = devices.at(-1)
  if (device === undefined) throw new Error('the scenario has no eUICC')
  return device
}

export function deviceNamed({ devices }: ScenarioWorld, name: string): ScenarioDevice {
  const device = devices.find((candidate) => candidate.name === name)
  if (device === undefined) throw new Error(`the scenario has no eUICC "${name}"`)
  return device
}

export function leased(world: ScenarioWorld, device: ScenarioDevice): Promise<LeasedDevice> {
  device.leased ??= lease(world, device)
  return device.leased
}

async function lease(
  { session: { testbed, authorization } }: ScenarioWorld,
  device: ScenarioDevice,
): Promise<LeasedDevice> {
  const lease = await testbed.lease({
    owner: authorization.owners[device.tenant],
    profiles: device.profiles.map(({ shape }) => shape),
    orders: device.orders.map(({ shape }) => shape),
  })
  return { lease, before: await testbed.device(lease.eid) }
}

export async function subjectOf(world: ScenarioWorld, alias: string): Promise<Subject> {
  for (const device of world.devices) {
    const profile = device.profiles.findIndex((candidate) => candidate.alias === alias)
    const order = device.orders.findIndex((candidate) => candidate.alias === alias)
    if (profile < 0 && order < 0) continue
    const { lease } = await leased(world, device)
    const { iccid, activationCode } = { activationCode: undefined, ...lease.profiles[profile], ...lease.orders[order] }
    if (iccid === undefined) throw new Error(`the testbed leased no eSIM for "${alias}"`)
    return { device, eid: lease.eid, iccid, ...(activationCode === undefined ? {} : { activationCode }) }
  }
  throw new Error(`the scenario has no eSIM "${alias}"`)
}

export const eidOf = async (world: ScenarioWorld, device: ScenarioDevice): Promise<string> =>
  (await leased(world, device)).lease.eid

/**
 * An ICCID may be written with or without its check digit, and a filler may complete 19 digits on the card:
 * ITU-T E.118, 19 or 20 digits.
 */
export function sameIccid(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other]
    .map((iccid) => iccid.replace(/F$/i, ''))
    .sort((a, b) => a.length - b.length)
  return long.startsWith(short) && long.length - short.length <= 1
}
