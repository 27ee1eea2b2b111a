/** When a fault strikes: which devices, which message, which of its occurrences. The same seed gives the same strikes, however devices interleave. */
import { createDraws } from './draws.ts'
import type { Fault, MessagePattern, Plan } from './fault.ts'

export type Parameters = Readonly<Record<string, number | string | boolean>>

/** A fault to be switched on. */
export interface FaultRequest {
  readonly fault: string
  readonly parameters?: Parameters
  /** EIDs; absent: every device, and messages that name none. */
  readonly devices?: readonly string[]
  /** Narrows the place of a row that is for several messages. */
  readonly message?: MessagePattern
  readonly when?: Plan
  /** Default: that of the scenario, or 0. */
  readonly seed?: number
}

/** A fault that is switched on. */
export interface ActiveFault extends Omit<Required<FaultRequest>, 'devices'> {
  readonly id: string
  readonly devices?: readonly string[]
  /** RFC 3339 with milliseconds. */
  readonly since: string
  /** Strikes so far. */
  readonly strikes: number
}

export interface Strike {
  /** Of the message at this device, from 1. */
  readonly occurrence: number
  readonly draw: () => number
  /** The same for every strike at this device. */
  readonly kept: Map<string, Uint8Array>
}

export interface Occurrences {
  /** Counts one more message of this device. A strike when the plan says so. */
  next(eid: string | undefined): Strike | undefined
}

export function createOccurrences({ nth = 1, count, chance = 1 }: Plan, seed: number): Occurrences {
  const seen = new Map<string, number>()
  const struck = new Map<string, number>()
  const keptOf = new Map<string, Strike['kept']>()
  return {
    next(eid = '') {
      const occurrence = (seen.get(eid) ?? 0) + 1
      seen.set(eid, occurrence)
      const strikes = struck.get(eid) ?? 0
      if (occurrence < nth || (count !== undefined && strikes >= count)) return undefined
      const draw = createDraws(seed, eid, occurrence)
      if (chance < 1 && draw() >= chance) return undefined
      struck.set(eid, strikes + 1)
      const kept = keptOf.get(eid) ?? new Map()
      keptOf.set(eid, kept)
      return { occurrence, draw, kept }
    },
  }
}

/** `ES9+.*` covers every function of ES9+, `*` everything. */
export function covers(pattern: MessagePattern, message: string): boolean {
  return pattern === '*' || pattern === message || (pattern.endsWith('.*') && message.startsWith(pattern.slice(0, -1)))
}

/** A plan may choose among the messages of a row, never leave them. */
export const isNarrowing = (row: Fault, message: MessagePattern): boolean => covers(row.place.message, message)
