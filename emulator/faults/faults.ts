/** What is switched on, and what it has done: the one place where a message meets a plan. */
import type { Clock, Trace, TraceInterface } from '../ports/index.ts'
import type { FaultName } from './catalogue.ts'
import type { DoorName, DoorState, Fault, FaultInterface, LayerName, Layers, Tools } from './fault.ts'
import {
  type ActiveFault,
  covers,
  createOccurrences,
  type FaultRequest,
  type Occurrences,
  type Parameters,
} from './plan.ts'
import { resolve } from './resolve.ts'

/** One strike. */
export interface Injection {
  /** From 1. */
  readonly index: number
  /** RFC 3339 with milliseconds. */
  readonly at: string
  readonly fault: FaultName
  /** Of the active fault. */
  readonly id: string
  readonly seed: number
  readonly parameters: Parameters
  readonly place: Fault['place']['hop']
  /** `ES9+.AuthenticateClient`. */
  readonly message: string
  /** Of the message at this device, from 1. */
  readonly occurrence: number
  readonly eid?: string
  /** Index of its own message in the trace. The message that was struck is beside it. */
  readonly traceIndex: number
}

export interface Message {
  readonly interface: FaultInterface
  readonly operation: string
  readonly eid?: string | undefined
}

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

export interface FaultsPorts {
  readonly clock: Clock
  /** Index of what was recorded last. */
  readonly trace: Trace & { last(): number }
  /** Of faults that name none. */
  readonly seed?: number
  readonly onStrike?: (injection: Injection) => void
  /** Strikes in the report, the latest so many. */
  readonly keptStrikes?: number
}

interface Kept {
  readonly active: Omit<ActiveFault, 'strikes'>
  readonly row: Fault
  readonly occurrences: Occurrences
  strikes: number
  /** Of a door: how long its state lasts, in milliseconds since the Unix epoch. */
  doorUntil: number
}

export function createFaults(ports: FaultsPorts): Faults {
  const { clock, trace, seed: defaultSeed = 0, onStrike, keptStrikes = 10_000 } = ports
  let kept: readonly Kept[] = []
  let armed: ReadonlySet<string> = new Set()
  let injections: Injection[] = []
  let lastId = 0
  let lastInjection = 0
  const listeners = new Set<(door: DoorName) => void>()

  const keep = (next: readonly Kept[]) => {
    const closedBefore = kept.filter(({ doorUntil, row }) => doorUntil > 0 && row.layer.at === 'door')
    kept = next
    armed = new Set(next.map(({ row }) => row.layer.at))
    for (const one of closedBefore) if (!next.includes(one)) knock(one)
  }
  const knock = ({ row: { layer } }: Kept) => {
    if (layer.at === 'door') for (const door of layer.doors) for (const listener of listeners) listener(door)
  }

  function record(one: Kept, { interface: face, operation, eid }: Message, occurrence: number): void {
    const { id, fault, seed, parameters } = one.active
    const subject = eid === undefined ? {} : { eid }
    trace.record({
      interface: face as TraceInterface,
      from: 'fault',
      to: one.row.place.hop,
      operation,
      status: fault,
      correlation: { faultId: id },
      ...subject,
    })
    lastInjection += 1
    const injection: Injection = {
      index: lastInjection,
      at: new Date(clock.now()).toISOString(),
      fault: fault as FaultName,
      id,
      seed,
      parameters,
      place: one.row.place.hop,
      message: `${face}.${operation}`,
      occurrence,
      traceIndex: trace.last(),
      ...subject,
    }
    injections = [...injections, injection].slice(-keptStrikes)
    onStrike?.(injection)
  }

  /** What this fault makes of a message that it covers. */
  function meet(one: Kept, message: Message): Hit<never> | undefined {
    const strike = one.occurrences.next(message.eid)
    if (!strike) return undefined
    one.strikes += 1
    record(one, message, strike.occurrence)
    const { layer } = one.row
    const { parameters } = one.active
    if (layer.at === 'door') {
      one.doorUntil = clock.now() + (layer.apply(parameters as never).lastsMs ?? Number.POSITIVE_INFINITY)
      knock(one)
    }
    return {
      apply: layer.apply,
      parameters,
      tools: { chance: strike.draw, kept: strike.kept },
    } as unknown as Hit<never>
  }

  const concerns = ({ active: { message, devices } }: Kept, { interface: face, operation, eid }: Message): boolean =>
    covers(message, `${face}.${operation}`) && (devices === undefined || (eid !== undefined && devices.includes(eid)))

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
    clear(eid) {
      keep(eid === undefined ? [] : kept.flatMap((one) => without(one, eid)))
    },
    report: (after = 0) => injections.filter(({ index }) => index > after),
    isArmed: (at) => armed.has(at),
    strike<At extends LayerName>(at: At, message: Message): readonly Hit<At>[] {
      if (!armed.has(at)) return []
      const concerned = kept.filter((one) => one.row.layer.at === at && concerns(one, message))
      return concerned.flatMap((one) => (meet(one, message) as Hit<At> | undefined) ?? [])
    },
    doorState(door) {
      if (!armed.has('door')) return 'open'
      const now = clock.now()
      for (const {
        row: { layer },
        doorUntil,
        active,
      } of kept)
        if (layer.at === 'door' && doorUntil > now && layer.doors.includes(door))
          return layer.apply(active.parameters as never).state
      return 'open'
    },
    onDoor(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const view = ({ active, strikes }: Kept): ActiveFault => ({ ...active, strikes })

function without(one: Kept, eid: string): readonly Kept[] {
  const { devices } = one.active
  if (!devices?.includes(eid)) return [one]
  const others = devices.filter((device) => device !== eid)
  return others.length === 0 ? [] : [{ ...one, active: { ...one.active, devices: others } }]
}
