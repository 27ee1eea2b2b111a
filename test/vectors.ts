import { readdirSync, readFileSync } from 'node:fs'
import { type AnySchema, fromHex } from '../protocol/ber/index.ts'
import { sgp22Types } from '../protocol/sgp22/index.ts'
import { sgp32Types, sgp32v1_0_1Types } from '../protocol/sgp32/index.ts'

/** Golden vectors: fixtures/vectors, one file per interface and source, each of one specification. */

/** Types of SGP.32 v1.0.1: those that differ from v1.2. */
export const specifications = {
  'SGP.22 v2.5': sgp22Types,
  'SGP.32 v1.2': sgp32Types,
  'SGP.32 v1.0.1': sgp32v1_0_1Types,
} as const satisfies Readonly<Record<string, Readonly<Record<string, AnySchema>>>>

export interface ValidVector {
  readonly name: string
  readonly type: string
  readonly octets: Uint8Array
  readonly value: unknown
}

export interface InvalidVector {
  readonly name: string
  readonly type: string
  readonly octets: Uint8Array
  readonly code: string
  readonly path: string
}

export interface VectorFile {
  readonly file: string
  readonly specification: keyof typeof specifications
  readonly types: Readonly<Record<string, AnySchema>>
  readonly source: string
  readonly valid: readonly ValidVector[]
  readonly invalid: readonly InvalidVector[]
}

const folder = new URL('../fixtures/vectors/', import.meta.url)

export const vectorFiles: readonly VectorFile[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .map((file) => {
    const content: Omit<VectorFile, 'file' | 'types'> = JSON.parse(readFileSync(new URL(file, folder), 'utf8'), revive)
    return { file, types: specifications[content.specification], ...content }
  })

/** Octets are hexadecimal text: behind 0x inside a value, bare as the octets of a vector. */
function revive(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.startsWith('0x')) return fromHex(value.slice(2))
  return key === 'octets' ? fromHex(value) : value
}
