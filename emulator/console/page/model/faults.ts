/** Faults as a person chooses them. */
import type { FaultRow } from '../api/contract.ts'
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
  /** Numbers as they were typed; empty: as the fault has it. */
  readonly nth: string
  readonly count: string
}

/** The request that switches a fault on. Parameters that are as the row has them are not sent. */
export function switchOn(
  { fault, parameters: { properties = {} } }: FaultRow,
  { values, eid, nth, count }: Wanted,
): Request {
  const parameters = Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const typed = values[name]
      return typed === undefined || typed === String(schema.default) ? [] : [[name, asTyped(schema.type, typed)]]
    }),
  )
  const when = { ...(nth && { nth: Number(nth) }), ...(count && { count: Number(count) }) }
  const body = {
    fault,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(eid && { devices: [eid] }),
    ...(Object.keys(when).length > 0 && { when }),
  }
  return { method: 'POST', path: '/faults', body }
}

const asTyped = (type: string, typed: string): unknown =>
  type === 'integer' ? Number(typed) : type === 'boolean' ? typed === 'true' : typed
