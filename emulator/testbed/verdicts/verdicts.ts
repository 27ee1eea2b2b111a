/** Whether what a message has signed is signed, and by whom: each signature and each certificate in its octets, with what the device and its servers know. */
import { type AnySchema, DecodeError, decode, describe, type Tlv } from '../../../protocol/ber/index.ts'
import { type Context, rows, type Verdict } from './rows.ts'

/** Of everything signed that the octets are or hold, in their order. */
export function verdictsOf(octets: Uint8Array, context: Context): readonly Verdict[] {
  return signedParts(octets).flatMap((part) => {
    for (const { schema, judge } of rows) {
      const value = read(schema, part)
      if (value !== undefined) return judge(value as never, context)
    }
    return []
  })
}

function read(schema: AnySchema, octets: Uint8Array): unknown {
  try {
    return decode(schema as never, octets, { rules: 'BER' })
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

const NOTIFICATION = 0x30
const METADATA = 0xbf2f
const signedTags = new Set(rows.flatMap(({ schema }) => schema.tags).filter((tag) => tag !== NOTIFICATION))

/** A notification has the tag of any SEQUENCE: what it begins with tells. */
const isSigned = ({ tag, children }: Tlv): boolean =>
  signedTags.has(tag) || (tag === NOTIFICATION && children?.[0]?.tag === METADATA)

/** Elements with the tag of a signed message, at any depth; not those inside of them. */
function signedParts(octets: Uint8Array): readonly Uint8Array[] {
  const search = (tlv: Tlv): readonly Uint8Array[] =>
    isSigned(tlv)
      ? [octets.subarray(tlv.offset, tlv.offset + tlv.headerLength + tlv.length)]
      : (tlv.children ?? []).flatMap(search)
  try {
    return describe(octets).flatMap(search)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return isFirstSegment(octets) ? signedParts(octets.subarray(headerLength(octets))) : []
  }
}

/** The first segment of a bound profile package has the header of the whole: SGP.22 v2.5, 2.5.5. */
const isFirstSegment = ([first, second]: Uint8Array): boolean => first === 0xbf && second === 0x36

const headerLength = (octets: Uint8Array): number => 3 + Math.max(0, (octets[2] ?? 0) - 0x80)
