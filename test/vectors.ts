import { readdirSync, readFileSync } from 'node:fs'
import { type AnySchema, fromHex } from '../protocol/ber/index.ts'
import { sgp22Types } from '../protocol/sgp22/index.ts'
import { sgp32Types } from '../protocol/sgp32/index.ts'

/** Golden vectors: fixtures/vectors, one file per interface and source. The name of a file begins with the room that its types are of. */

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
  readonly types: Readonly<Record<string, AnySchema>>
  readonly source: string
  readonly valid: readonly ValidVector[]
  readonly invalid: readonly InvalidVector[]
}

const folder = new URL('../fixtures/vectors/', import.meta.url)

export const vectorFiles: readonly VectorFile[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    file,
    types: file.startsWith('sgp22-') ? sgp22Types : sgp32Types,
    ...JSON.parse(readFileSync(new URL(file, folder), 'utf8'), revive),
  }))

/** Octets are hexadecimal text: behind 0x inside a value, bare as the octets of a vector. */
function revive(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.startsWith('0x')) return fromHex(value.slice(2))
  return key === 'octets' ? fromHex(value) : value
}
