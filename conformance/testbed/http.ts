/** The testbed's control API (docs/control-api.md): where devices are leased and what the cards really did is read. */
import type { Clock } from '../runner/clock-system.ts'
import { createHttpClient, keptConnections } from '../runner/http.ts'
import { type FaultSwitch, faultSwitch } from './faults.ts'

export interface LeaseRequest {
  readonly owner?: string
  readonly profiles?: readonly ProfileShape[]
  readonly orders?: readonly OrderShape[]
}
export interface ProfileShape {
  readonly state: ProfileState
  readonly fallbackAllowed?: boolean
  readonly fallback?: boolean
}
export interface OrderShape {
  readonly fallbackAllowed?: boolean
  readonly refuse?: 'matchingId' | 'metadata'
}
export type ProfileState = 'enabled' | 'disabled'

export interface Lease {
  readonly leaseId: string
  readonly eid: string
  readonly owner: string
  readonly profiles: readonly { readonly iccid: string; readonly state: ProfileState }[]
  readonly orders: readonly { readonly iccid: string; readonly activationCode: string }[]
}

/** What the card itself says. `sequence` is that of its latest event. */
export interface Device {
  readonly eid: string
  readonly reachable: boolean
  readonly sequence: number
  readonly profiles: readonly {
    readonly iccid: string
    readonly state: ProfileState
    readonly fallbackAttribute: boolean
  }[]
}

export interface CardEvent {
  readonly eid: string
  readonly sequence: number
  /** RFC 3339 with milliseconds, on the testbed's clock. */
  readonly at: string
  readonly type: string
  readonly iccid?: string
  readonly cause: string
}

/** A message between the emulated roles, decoded. */
export interface TraceMessage {
  readonly at: string
  readonly interface: string
  readonly from: string
  readonly to: string
  readonly operation: string
  readonly status?: string | number
  readonly json?: unknown
}

export interface Testbed {
  readonly url: string
  /** Whether it sees what the cards really do. */
  readonly truth: boolean
  readonly lease: (request: LeaseRequest) => Promise<Lease>
  readonly release: (leaseId: string) => Promise<void>
  readonly device: (eid: string) => Promise<Device>
  /** The card's events after a sequence number, oldest first. */
  readonly events: (eid: string, after: number) => Promise<readonly CardEvent[]>
  readonly setReachable: (eid: string, reachable: boolean) => Promise<void>
  /** Makes the device ask for work now; answers at the end of its polling cycle. */
  readonly poll: (eid: string) => Promise<void>
  /** Messages about a device, oldest first; none when the testbed keeps none. */
  readonly trace: (eid: string) => Promise<readonly TraceMessage[]>
  /** The testbed's clock, milliseconds since the Unix epoch. */
  readonly now: () => Promise<number>
  /** Its clock stands still while anything can run, and jumps. Absent: it does not. */
  readonly isVirtual?: () => Promise<boolean>
  /** Absent: it cannot be told to misbehave. */
  readonly faults?: FaultSwitch
}

/** Creating a device with profiles runs real downloads, so an answer may take its time. */
const ANSWER_TIMEOUT_MS = 60_000
const MOST_MESSAGES = 1000

const LEASE_ATTEMPTS = 3

/** On a machine out of time the emulated servers may lose patience with each other. A lease that failed is nobody's: another device is made. */
async function leaseOf(make: () => Promise<Lease>): Promise<Lease> {
  for (let attempt = 1; attempt < LEASE_ATTEMPTS; attempt++) {
    const lease = await make().catch(() => undefined)
    if (lease !== undefined) return lease
  }
  return make()
}

export interface TestbedOptions {
  readonly url: string
  readonly clock: Clock
  readonly token: string | undefined
}

export function connectTestbed({ url, clock, token }: TestbedOptions): Testbed {
  const send = createHttpClient({ clock, timeoutMs: ANSWER_TIMEOUT_MS, agent: keptConnections(), again: true })
  const base = `${url.replace(/\/+$/, '').replace(/\/testbed\/v1$/, '')}/testbed/v1`
  const call = async <T>(method: string, path: string, content?: unknown): Promise<T> => {
    const body = content === undefined ? {} : { body: JSON.stringify(content) }
    const headers = {
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const { response } = await send({ method, url: `${base}${path}`, headers, ...body })
    if (response.status >= 400)
      throw new Error(`testbed: ${method} ${path} answered ${response.status}: ${response.body}`)
    return response.json as T
  }
  return {
    url,
    truth: true,
    lease: (request) => leaseOf(() => call('POST', '/leases', request)),
    release: (leaseId) => call('DELETE', `/leases/${leaseId}`),
    device: (eid) => call('GET', `/devices/${eid}`),
    events: async (eid, after) =>
      (await call<{ events: CardEvent[] }>('GET', `/devices/${eid}/events?after=${after}`)).events,
    setReachable: (eid, reachable) => call('PUT', `/devices/${eid}/connectivity`, { reachable }),
    poll: (eid) => call('POST', `/devices/${eid}/polls`),
    trace: (eid) =>
      call<{ messages?: TraceMessage[] }>('GET', `/trace?eid=${eid}&limit=${MOST_MESSAGES}`).then(
        ({ messages = [] }) => messages,
        () => [],
      ),
    isVirtual: async () => (await call<{ mode?: string }>('GET', '/clock')).mode === 'virtual',
    faults: faultSwitch(call),
    now: async () => Date.parse((await call<{ now: string }>('GET', '/clock')).now),
  }
}
