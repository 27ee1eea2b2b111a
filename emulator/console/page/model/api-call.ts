/** The example of a body, with the identifiers of the chosen device in it. */
import type { FleetRow } from '../api/contract.ts'

export function bodyFor(example: unknown, row: FleetRow | undefined): unknown {
  if (!row || typeof example !== 'object' || example === null) return example
  if (Array.isArray(example)) return example.map((item) => bodyFor(item, row))
  return Object.fromEntries(
    Object.entries(example).map(([name, value]) => [name, own(name, row) ?? bodyFor(value, row)]),
  )
}

function own(name: string, { eid, iccids, enabled }: FleetRow): string | undefined {
  if (name === 'eid') return eid
  return name === 'iccid' ? (iccids.find((iccid) => iccid !== enabled) ?? enabled) : undefined
}
