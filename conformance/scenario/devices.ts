/** The devices of a scenario: described first, leased from the testbed when first used. */
import { randomInt } from 'node:crypto'
import type { Tenant } from '../authorization/client-http.ts'
import type { LeasedDevice, Scenario, ScenarioDevice } from './model.ts'

/** An eSIM that the scenario speaks of: installed, or to be downloaded. */
export interface Subject {
  readonly device: ScenarioDevice
  readonly eid: string
  readonly iccid: string
  readonly activationCode?: string
}

export function addDevice(world: Scenario, name: string, tenant: Tenant): ScenarioDevice {
  const device: ScenarioDevice = {
    name,
    tenant,
    profiles: [],
    orders: [],
    unreachable: false,
    used: false,
    leased: undefined,
  }
  world.devices.push(device)
  return device
}

export function latestDevice({ devices }: Scenario): ScenarioDevice {
  const device = devices.at(-1)
  if (device === undefined) throw new Error('the scenario has no eUICC')
  return device
}

export function deviceNamed({ devices }: Scenario, name: string): ScenarioDevice {
  const device = devices.find((candidate) => candidate.name === name)
  if (device === undefined) throw new Error(`the scenario has no eUICC "${name}"`)
  return device
}

export function leased(world: Scenario, device: ScenarioDevice): Promise<LeasedDevice> {
  device.leased ??= lease(world, device)
  return device.leased
}

async function lease({ session }: Scenario, device: ScenarioDevice): Promise<LeasedDevice> {
  const { shelf, authorization, dialect } = session
  const isOrdered = dialect.abilities.includes('activation-code')
  const lent = await shelf.lend({
    owner: authorization.owners[device.tenant],
    profiles: device.profiles.map(({ shape }) => shape),
    orders: isOrdered ? device.orders.map(({ shape }) => shape) : [],
  })
  const { lease, before } = lent
  const orders = isOrdered ? lease.orders : device.orders.map(() => ({ iccid: freeIccid(), activationCode: '' }))
  return { lent, lease: { ...lease, orders }, before }
}

/** Of a profile that the provider orders itself: one that nobody has. ITU-T E.118: 89, then digits of any issuer. */
const freeIccid = (): string => `8988${randomInt(10 ** 7, 10 ** 8)}${randomInt(10 ** 6, 10 ** 7)}`

export async function subjectOf(world: Scenario, alias: string): Promise<Subject> {
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

export const eidOf = async (world: Scenario, device: ScenarioDevice): Promise<string> =>
  (await leased(world, device)).lease.eid
