/** Devices of an environment without a testbed, from a file: what is on them is known, what the cards do is seen by nobody. */
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import type { Device, Lease, LeaseRequest, OrderShape, ProfileShape, Testbed } from './http.ts'

interface AssetProfile extends ProfileShape {
  readonly iccid: string
}
interface AssetOrder extends OrderShape {
  readonly iccid: string
  readonly activationCode: string
}
export interface AssetDevice {
  readonly eid: string
  readonly owner?: string
  readonly profiles?: readonly AssetProfile[]
  readonly orders?: readonly AssetOrder[]
}

/** The environment has not what a scenario needs: the scenario is skipped with this sentence. */
class NotAvailable extends Error {
  override readonly name = 'NotAvailable'
}

const object = (properties: object, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})
const text = { type: 'string', minLength: 1 }
const flag = { type: 'boolean' }
const iccid = { type: 'string', pattern: '^[0-9]{18,20}$' }
const state = { enum: ['enabled', 'disabled'] }
const profile = object({ iccid, state, fallbackAllowed: flag, fallback: flag }, ['iccid', 'state'])
const order = object(
  { iccid, activationCode: text, fallbackAllowed: flag, refuse: { enum: ['matchingId', 'metadata'] } },
  ['iccid', 'activationCode'],
)
const listOf = (items: object) => ({ type: 'array', items })
const device = object(
  { eid: { type: 'string', pattern: '^[0-9]{32}$' }, owner: text, profiles: listOf(profile), orders: listOf(order) },
  ['eid'],
)
const schema = object({ devices: listOf(device) }, ['devices'])

/** YAML or JSON, `{ devices: [{ eid, owner?, profiles?, orders? }] }`. Throws a sentence that names what is wrong. */
export function readDevices(source: string): readonly AssetDevice[] {
  const content: unknown = parse(source)
  const validate = new Ajv({ allErrors: true }).compile(schema)
  if (validate(content)) return (content as { readonly devices: readonly AssetDevice[] }).devices
  const sentences = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`)
  throw new Error(`assets: ${sentences.join('; ')}`)
}

const DEFAULT_OWNER = 'acme'

/** Each device is lent once: nobody puts it back into the state that the file names. */
export function lendDevices(devices: readonly AssetDevice[], now: () => number): Testbed {
  const free = [...devices]
  const refuse = async (what: string): Promise<never> => {
    throw new NotAvailable(`without a testbed ${what}`)
  }
  return {
    url: '',
    truth: false,
    lease: async (request) => {
      const index = free.findIndex((candidate) => fits(candidate, request))
      const [found] = index < 0 ? [] : free.splice(index, 1)
      return found === undefined
        ? refuse(`no device is left in --assets with ${described(request)}`)
        : lent(found, request)
    },
    release: async () => undefined,
    device: async (eid) =>
      shown(
        devices.find((candidate) => candidate.eid === eid),
        eid,
      ),
    events: () => refuse('nobody sees what the card did'),
    setReachable: () => refuse('no device is taken out of reach'),
    poll: () => refuse('no device is made to ask for work'),
    trace: async () => [],
    now: async () => now(),
  }
}

const described = ({ owner, profiles = [], orders = [] }: LeaseRequest): string =>
  `owner ${owner ?? DEFAULT_OWNER}, eSIMs ${JSON.stringify(profiles)}, orders ${JSON.stringify(orders)}`

const sameProfile = (one: ProfileShape, other: ProfileShape): boolean =>
  one.state === other.state &&
  (one.fallback ?? false) === (other.fallback ?? false) &&
  (one.fallbackAllowed ?? true) === (other.fallbackAllowed ?? true)

const sameOrder = (one: OrderShape, other: OrderShape): boolean => one.refuse === other.refuse

/** The wanted ones in their order; undefined when there are others, or not enough. */
function matched<Wanted, Has>(
  wanted: readonly Wanted[],
  has: readonly Has[],
  same: (one: Has, other: Wanted) => boolean,
): readonly Has[] | undefined {
  const left = [...has]
  const found = wanted.map((shape) => {
    const index = left.findIndex((candidate) => same(candidate, shape))
    return index < 0 ? undefined : left.splice(index, 1)[0]
  })
  return found.every((one) => one !== undefined) ? (found as readonly Has[]) : undefined
}

function fits({ owner, profiles = [], orders = [] }: AssetDevice, request: LeaseRequest): boolean {
  return (
    (owner ?? DEFAULT_OWNER) === (request.owner ?? DEFAULT_OWNER) &&
    profiles.length === (request.profiles?.length ?? 0) &&
    matched(request.profiles ?? [], profiles, sameProfile) !== undefined &&
    matched(request.orders ?? [], orders, sameOrder) !== undefined
  )
}

const lent = (
  { eid, owner = DEFAULT_OWNER, profiles = [], orders = [] }: AssetDevice,
  request: LeaseRequest,
): Lease => ({
  leaseId: eid,
  eid,
  owner,
  profiles: matched(request.profiles ?? [], profiles, sameProfile) ?? [],
  orders: matched(request.orders ?? [], orders, sameOrder) ?? [],
})

/** As the file has it: true before the first operation. */
const shown = (found: AssetDevice | undefined, eid: string): Device => ({
  eid,
  reachable: true,
  sequence: 0,
  profiles: (found?.profiles ?? []).map((one) => ({
    iccid: one.iccid,
    state: one.state,
    fallbackAttribute: one.fallback ?? false,
  })),
})
