import { type AnySchema, DecodeError, describe, type Tlv } from '../../../protocol/ber/index.ts'

/** The eimTransactionId of a message as it was read; undefined: it cannot be, and what is left of it is looked through TLV by TLV. */
export function transactionIdOf(read: unknown, octets: Uint8Array, schema: AnySchema): string | undefined {
  return read === undefined ? ifReadable(() => inTlvs(describe(octets, schema))) : inValue(read)
}

/** Undefined where it cannot be read. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const FIELD = 'eimTransactionId'

function inValue(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined
  const found = (value as Readonly<Record<string, unknown>>)[FIELD]
  if (typeof found === 'string') return found
  for (const member of Object.values(value)) {
    const inside = inValue(member)
    if (inside !== undefined) return inside
  }
  return undefined
}

function inTlvs(list: readonly Tlv[]): string | undefined {
  for (const { field, value, children } of list) {
    const found = field === FIELD ? value : inTlvs(children ?? [])
    if (found !== undefined) return found
  }
  return undefined
}
