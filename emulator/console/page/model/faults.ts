/** Faults as a person chooses them. */
import type { ActiveFault, FaultRow } from '../api/contract.ts'
import type { Request, Values } from './actions.ts'

/** Rows by the hop that misbehaves; of those whose words all are found. */
export function faultsByHop(
  rows: readonly FaultRow[],
  text: string,
): readonly (readonly [string, readonly FaultRow[]])[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter(({ fault, summary, message, hop }) => {
    const all = `${fault} ${summary} ${message} ${hop}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
  const hops = [...new Set(found.map(({ hop }) => hop))]
  return hops.map((hop) => [hop, found.filter((row) => row.hop === hop)] as const)
}

export interface Wanted {
  readonly values: Values
  /** EID; empty: everywhere. */
  readonly eid: string
  /** As they were typed; empty: as the fault has it. */
  readonly nth: string
  readonly count: string
  readonly chance: string
  readonly seed: string
  /** Narrows a fault that is for several messages. */
  readonly message: string
}

/** The request that switches a fault on. Parameters that are as the row has them are not sent. */
export function switchOn(
  { fault, parameters: { properties = {} } }: FaultRow,
  { values, eid, nth, count, chance, seed, message }: Wanted,
): Request {
  const parameters = Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const typed = values[name]
      return typed === undefined || typed === String(schema.default) ? [] : [[name, asTyped(schema.type, typed)]]
    }),
  )
  const when = {
    ...(nth && { nth: Number(nth) }),
    ...(count && { count: Number(count) }),
    ...(chance && { chance: Number(chance) }),
  }
  const body = {
    fault,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(eid && { devices: [eid] }),
    ...(message && { message }),
    ...(Object.keys(when).length > 0 && { when }),
    ...(seed && { seed: Number(seed) }),
  }
  return { method: 'POST', path: '/faults', body }
}

export const nothingWanted: Omit<Wanted, 'eid'> = { values: {}, nth: '', count: '', chance: '', seed: '', message: '' }

/** What was wanted of a fault that is on: to begin with when it is changed. */
export function wantedOf({ parameters, when = {}, seed, message }: ActiveFault, row: FaultRow): Omit<Wanted, 'eid'> {
  const typed = (value: number | undefined, usual?: number) =>
    value === undefined || value === usual ? '' : `${value}`
  return {
    values: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])),
    nth: typed(when.nth, 1),
    count: typed(when.count),
    chance: typed(when.chance, 1),
    seed: typed(seed, 0),
    message: message === row.message ? '' : message,
  }
}

/** Whether the messages of a fault can be narrowed to one. */
export const isForSeveral = ({ message }: FaultRow): boolean => message.endsWith('*')

/** Functions that were seen and that the fault is for, as its `message` names them. */
export function messagesFor(
  { message }: FaultRow,
  entries: readonly { readonly interface: string; readonly operation: string }[],
): readonly string[] {
  const names = new Set(entries.map(({ interface: on, operation }) => `${on}.${operation}`))
  const start = message.slice(0, -1)
  const isFunction = (name: string) => /^(ES10|ESipa|ES9\+|ES2\+)\.\w+$/.test(name)
  return [...names].filter((name) => isFunction(name) && name.startsWith(start)).sort()
}

const asTyped = (type: string, typed: string): unknown =>
  type === 'integer' ? Number(typed) : type === 'boolean' ? typed === 'true' : typed
