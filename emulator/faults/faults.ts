/** What is switched on, and what it has done: the one place where a message meets a plan. */
import type { Clock } from '../ports/index.ts'
import type { DoorName, DoorState, Fault, LayerName, Layers, Tools } from './fault.ts'
import {
  type ActiveFault,
  covers,
  createOccurrences,
  type FaultRequest,
  type Occurrences,
  type Parameters,
} from './plan.ts'
import { createReport, type Injection, type Message, type ReportPorts } from './report.ts'
import { resolve } from './resolve.ts'

/** A layer that has to act on a message, with what it was told. */
export interface Hit<At extends LayerName> {
  readonly apply: Layers<Parameters>[At]
  readonly parameters: Parameters
  readonly tools: Pick<Tools, 'chance' | 'kept'>
}

export interface Faults {
  /** A sentence: why not. */
  on(request: FaultRequest): ActiveFault | string
  active(): readonly ActiveFault[]
  find(id: string): ActiveFault | undefined
  off(id: string): boolean
  /** Everything, or what is switched on for one device alone. The report stays. */
  clear(eid?: string): void
  /** Oldest first. */
  report(after?: number): readonly Injection[]
  /** Whether any fault of this kind is switched on: the whole cost of a clean testbed. */
  isArmed(at: LayerName): boolean
  /** Counts a message, and gives the layers that have to act on it. */
  strike<At extends LayerName>(at: At, message: Message): readonly Hit<At>[]
  doorState(door: DoorName): DoorState
  /** Told when a door changes for those who are inside already. Returns what ends that. */
  onDoor(listener: (door: DoorName) => void): () => void
}

export interface FaultsPorts extends ReportPorts {
  /** Of faults that name none. */
  readonly seed?: number
}

interface Kept {
  readonly active: Omit<ActiveFault, 'strikes'>
  readonly row: Fault
  readonly occurrences: Occurrences
  strikes: number
  /** Of a door: how long its state lasts, in milliseconds since the Unix epoch. */
  doorUntil: number
}

export function createFaults({ seed: defaultSeed = 0, ...ports }: FaultsPorts): Faults {
  const { clock } = ports
  const report = createReport(ports)
  const doors = createDoors(clock)
  let kept: readonly Kept[] = []
  let armed: ReadonlySet<string> = new Set()
  let lastId = 0

  const keep = (next: readonly Kept[]) => {
    const gone = kept.filter((one) => !next.includes(one))
    kept = next
    armed = new Set(next.map(({ row }) => row.layer.at))
    for (const one of gone) if (one.doorUntil > 0) doors.knock(one.row)
  }

  /** What this fault makes of a message that it covers. */
  function meet(one: Kept, message: Message): Hit<never> | undefined {
    const strike = one.occurrences.next(message.eid)
    if (!strike) return undefined
    const { active, row } = one
    const { parameters } = active
    const { layer } = row
    one.strikes += 1
    report.add({ active, hop: row.place.hop, message, occurrence: strike.occurrence })
    if (layer.at === 'door') {
      one.doorUntil = clock.now() + (layer.apply(parameters as never).lastsMs ?? Number.POSITIVE_INFINITY)
      doors.knock(row)
    }
    const tools = { chance: strike.draw, kept: strike.kept }
    return { apply: layer.apply, parameters, tools } as unknown as Hit<never>
  }

  return {
    on(request) {
      const made = resolve(request)
      if (typeof made === 'string') return made
      const { row, parameters } = made
      const { fault, message = row.place.message, when = {}, seed = defaultSeed, devices } = request
      lastId += 1
      const since = new Date(clock.now()).toISOString()
      const active = { id: `f${lastId}`, fault, parameters, message, when, seed, since, ...(devices && { devices }) }
      keep([...kept, { active, row, occurrences: createOccurrences(when, seed), strikes: 0, doorUntil: 0 }])
      return { ...active, strikes: 0 }
    },
    active: () => kept.map(view),
    find(id) {
      const one = kept.find(({ active }) => active.id === id)
      return one && view(one)
    },
    off(id) {
      const rest = kept.filter(({ active }) => active.id !== id)
      const found = rest.length < kept.length
      keep(rest)
      return found
    },
    clear: (eid) => keep(eid === undefined ? [] : kept.flatMap((one) => without(one, eid))),
    report: (after = 0) => report.after(after),
    isArmed: (at) => armed.has(at),
    strike<At extends LayerName>(at: At, message: Message): readonly Hit<At>[] {
      if (!armed.has(at)) return []
      const concerned = kept.filter((one) => one.row.layer.at === at && concerns(one, message))
      return concerned.flatMap((one) => (meet(one, message) as Hit<At> | undefined) ?? [])
    },
    doorState: (door) => (armed.has('door') ? doors.stateOf(door, kept) : 'open'),
    onDoor: doors.onChange,
  }
}

/** Doors of servers that do not answer for a while. */
function createDoors(clock: Clock) {
  const listeners = new Set<(door: DoorName) => void>()
  return {
    /** Something may have changed for those who are inside. */
    knock({ layer }: Fault): void {
      if (layer.at === 'door') for (const door of layer.doors) for (const listener of listeners) listener(door)
    },
    stateOf(door: DoorName, kept: readonly Kept[]): DoorState {
      const now = clock.now()
      for (const { row, doorUntil, active } of kept)
        if (row.layer.at === 'door' && doorUntil > now && row.layer.doors.includes(door))
          return row.layer.apply(active.parameters as never).state
      return 'open'
    },
    onChange(listener: (door: DoorName) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const concerns = ({ active: { message, devices } }: Kept, { interface: face, operation, eid }: Message): boolean =>
  covers(message, `${face}.${operation}`) && (devices === undefined || (eid !== undefined && devices.includes(eid)))

const view = ({ active, strikes }: Kept): ActiveFault => ({ ...active, strikes })

function without(one: Kept, eid: string): readonly Kept[] {
  const { devices } = one.active
  if (!devices?.includes(eid)) return [one]
  const others = devices.filter((device) => device !== eid)
  return others.length === 0 ? [] : [{ ...one, active: { ...one.active, devices: others } }]
}
