/** The fleet as one compact document, and what keeps it up to date. */
import type { TraceEntry } from '../../ports/index.ts'
import type { EventSource, Route } from '../../rest/index.ts'
import type { TraceLog } from '../../trace/index.ts'
import type { Device } from '../device/device.ts'
import type { Pool } from '../device/pool.ts'
import type { EventLog } from '../event-log.ts'
import * as schemas from './schemas/devices.ts'

/** A device in one line. */
export interface FleetRow {
  readonly eid: string
  readonly owner: string
  readonly reachable: boolean
  /** Number of the last event of the card. */
  readonly sequence: number
  /** ICCIDs of all profiles. */
  readonly iccids: readonly string[]
  /** ICCID of the enabled profile. */
  readonly enabled?: string
  /** ICCID of the profile with the fallback attribute. */
  readonly fallback?: string
  /** Packages that wait at the eIM or are under way. */
  readonly waiting: number
  /** When the device last spoke with an eIM, RFC 3339. */
  readonly lastContactAt?: string
}

/** What the surroundings of a device know of it. */
export interface Contacts {
  of(eid: string): Pick<FleetRow, 'waiting' | 'lastContactAt'>
}

export function fleetRow(device: Device, contacts: Contacts): FleetRow {
  const { eid, owner, reachable, sequence, profiles } = device.view()
  const enabled = profiles.find(({ state }) => state === 'enabled')?.iccid
  const fallback = profiles.find(({ fallbackAttribute }) => fallbackAttribute)?.iccid
  return {
    eid,
    owner,
    reachable,
    sequence,
    iccids: profiles.map(({ iccid }) => iccid),
    ...(enabled !== undefined && { enabled }),
    ...(fallback !== undefined && { fallback }),
    ...contacts.of(eid),
  }
}

interface Fleet {
  readonly pool: Pool
  readonly events: EventLog
  readonly contacts: Contacts
}

export const fleetRoute = ({ pool, events, contacts }: Fleet): Route => ({
  method: 'GET',
  path: '/fleet',
  summary: 'Every device in one line. `next` is the `after` of the event stream that continues from here.',
  answers: { 200: { description: 'The fleet.', schema: schemas.fleet } },
  handle() {
    const next = events.last
    return { status: 200, body: { next, devices: Array.from(pool.all(), (device) => fleetRow(device, contacts)) } }
  },
})

interface EimPackage {
  readonly packageId: string
  readonly eid: string
  readonly state: string
}

const isOver = ({ state }: EimPackage): boolean => state === 'done' || state === 'cancelled'

/** Listens to the trace and to the events of an eIM. */
export function createContacts(now: () => number): Contacts & {
  /** The same trace, which also tells when devices speak. */
  readonly observed: (trace: TraceLog) => TraceLog
  readonly follow: (events: EventSource, tell: (change: EimPackage) => void) => void
} {
  const seen = new Map<string, number>()
  const waiting = new Map<string, Set<string>>()
  const count = (change: EimPackage) => {
    const packages = waiting.get(change.eid) ?? new Set()
    if (isOver(change)) packages.delete(change.packageId)
    else packages.add(change.packageId)
    waiting.set(change.eid, packages)
  }
  return {
    of(eid) {
      const at = seen.get(eid)
      const waits = waiting.get(eid)?.size ?? 0
      return { waiting: waits, ...(at !== undefined && { lastContactAt: new Date(at).toISOString() }) }
    },
    observed: (trace) => ({
      get last() {
        return trace.last
      },
      read: trace.read,
      clear: trace.clear,
      subscribe: trace.subscribe,
      record(entry: TraceEntry) {
        if (entry.interface === 'ESipa' && entry.eid !== undefined) seen.set(entry.eid, now())
        trace.record(entry)
      },
    }),
    follow(events, tell) {
      events.subscribe(({ event, data }) => {
        if (event !== 'package') return
        count(data as EimPackage)
        tell(data as EimPackage)
      })
    },
  }
}
