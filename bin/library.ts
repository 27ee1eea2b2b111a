/** The testbed inside a program or a test of somebody else: every door on a free port, everything that the control API offers as functions. */
import { readConfig } from './config.ts'
import { startWorld } from './world.ts'

export interface StartOptions {
  /** The same seed gives the same keys, certificates and identifiers. */
  readonly seed?: string
  /** Devices made at start, 0 by default: leases make their own. */
  readonly devices?: number
  /** The reference provider and its authorization server, too; true by default. */
  readonly provider?: boolean
  /** Any other key of the configuration by its dotted path, for example `{ 'provider.deleteEnabled': 'conflict' }`. */
  readonly config?: Readonly<Record<string, unknown>>
}

/** What a test asks for: docs/control-api.md, LeaseRequest. */
export interface LeaseRequest {
  readonly owner?: string
  readonly profiles?: readonly {
    readonly state: 'enabled' | 'disabled'
    readonly fallbackAllowed?: boolean
    readonly fallback?: boolean
  }[]
  readonly orders?: readonly { readonly fallbackAllowed?: boolean; readonly refuse?: 'matchingId' | 'metadata' }[]
}

export interface Lease {
  readonly leaseId: string
  readonly eid: string
  readonly owner: string
  readonly profiles: readonly {
    readonly iccid: string
    readonly state: 'enabled' | 'disabled'
    readonly fallbackAllowed: boolean
    readonly fallback: boolean
  }[]
  readonly orders: readonly { readonly iccid: string; readonly activationCode: string }[]
}

/** A device as its card tells: docs/control-api.md, Device. */
export interface DeviceView {
  readonly eid: string
  readonly owner: string
  readonly reachable: boolean
  readonly sequence: number
  readonly profiles: readonly {
    readonly iccid: string
    readonly state: 'enabled' | 'disabled'
    readonly fallbackAttribute: boolean
    readonly fallbackAllowed: boolean
    readonly [more: string]: unknown
  }[]
  readonly [more: string]: unknown
}

/** What a card did: docs/control-api.md, CardEvent. */
export interface CardEventView {
  readonly eid: string
  readonly sequence: number
  /** RFC 3339. */
  readonly at: string
  readonly type: string
  readonly cause: string
  readonly iccid?: string
}

export interface RunningTestbed {
  /** URLs by the name of the door: `provider`, `authorization`, `eimNorthbound`, `esipa`, `es9plus`, `control`, … */
  readonly doors: Readonly<Record<string, string>>
  /** A device of the wanted shape, made for this call; `release` gives it back. */
  lease(request?: LeaseRequest): Promise<Lease>
  release(leaseId: string): Promise<void>
  device(eid: string): Promise<DeviceView>
  /** What the card did after the event with that sequence number, oldest first. */
  events(eid: string, after?: number): Promise<readonly CardEventView[]>
  /** Lets the IPA poll now; resolves when the polling cycle is over. */
  poll(eid: string): Promise<{ readonly packagesProcessed: number }>
  /** One command APDU to the card, and its response, in hexadecimal. */
  apdu(eid: string, command: string): Promise<string>
  /** Any other call of the control API. Rejects with the problem that it answers. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const freePorts = {
  'control.port': 0,
  'eim.esipaPort': 0,
  'eim.northboundPort': 0,
  'eim.onomondoPort': 0,
  'smdp.port': 0,
  'smds.port': 0,
  'provider.port': 0,
  'authorization.port': 0,
}

/** Rejects with a ConfigurationError for a key or a value that there is not. */
export async function startTestbed(options: StartOptions = {}): Promise<RunningTestbed> {
  const { seed, devices = 0, provider = true, config } = options
  const flags = {
    ...freePorts,
    seed,
    'devices.count': devices,
    'provider.enabled': provider,
    'log.level': 'silent',
    ...config,
  }
  const { doors, close } = await startWorld(readConfig({ flags }))
  const control = controlOf(doors['control'] ?? '', String(flags['control.token' as keyof typeof flags] ?? ''))
  const device = (eid: string) => `/devices/${encodeURIComponent(eid)}`
  return {
    doors,
    control,
    lease: async (request = {}) => (await control('POST', '/leases', request)) as Lease,
    release: async (leaseId) => void (await control('DELETE', `/leases/${encodeURIComponent(leaseId)}`)),
    device: async (eid) => (await control('GET', device(eid))) as DeviceView,
    async events(eid, after = 0) {
      const { events } = (await control('GET', `${device(eid)}/events?after=${after}`)) as { events: CardEventView[] }
      return events
    },
    poll: async (eid) => (await control('POST', `${device(eid)}/polls`)) as { packagesProcessed: number },
    async apdu(eid, command) {
      const { response } = (await control('POST', `${device(eid)}/apdu`, { apdu: command })) as { response: string }
      return response
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const controlOf =
  (base: string, token: string): RunningTestbed['control'] =>
  async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
