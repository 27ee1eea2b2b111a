import { type AnySchema, DecodeError, decode, describe, type Tlv } from '../ber/index.ts'
import { sgp22Types } from '../sgp22/index.ts'
import * as sgp32Types from './types.ts'
import { sgp32v1_0_1Types } from './v1-0-1.ts'
import type { Sgp32Version } from './versions.ts'

/** What a message is known to be: many functions have the same tag in both directions. */
export type Direction = 'request' | 'response'

export interface Identified {
  readonly name: string
  readonly schema: AnySchema
}

/** Types with a tag of their own: a CHOICE without one is known by what is in it. */
const typesOf = (sgp32: Readonly<Record<string, AnySchema>>): readonly Identified[] =>
  [...Object.entries(sgp32), ...Object.entries(sgp22Types)]
    .map(([name, schema]) => ({ name, schema }))
    .filter(({ schema }) => schema.tags.length === 1)

const types: Readonly<Record<Sgp32Version, readonly Identified[]>> = {
  '1.2': typesOf(sgp32Types),
  '1.0.1': typesOf({ ...sgp32Types, ...sgp32v1_0_1Types }),
}

/**
 * Proposes the type of the message that the octets are: of those with its tag that can read it, the one that leaves the fewest elements unexplained, then
 * the one of the direction, then SGP.32 before SGP.22. Undefined when no type can read it.
 */
export function identify(
  octets: Uint8Array,
  direction?: Direction,
  version: Sgp32Version = '1.2',
): Identified | undefined {
  let best: { type: Identified; cost: number } | undefined
  for (const type of types[version]) {
    if (!readable(type.schema, octets)) continue
    const cost = 2 * unexplained(describe(octets, type.schema)) + (wrongWay(type.name, direction) ? 1 : 0)
    if (!best || cost < best.cost) best = { type, cost }
  }
  return best?.type
}

function readable(schema: AnySchema, octets: Uint8Array): boolean {
  try {
    decode(schema as never, octets, { rules: 'BER' })
    return true
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
}

function unexplained(tlvs: readonly Tlv[]): number {
  let count = 0
  for (const { type, children } of tlvs) count += type === '' ? 1 : unexplained(children ?? [])
  return count
}

const wrongWay = (name: string, direction: Direction | undefined): boolean =>
  direction !== undefined && /Request(Es9|Esipa)?$/.test(name) !== (direction === 'request')
