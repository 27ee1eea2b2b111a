/** Changes octets in place: TLVs found by their tags, bits, members of JSON. Works on messages that are broken already. */
import { concatOctets, describe, encode, octetString, type Tlv } from '../../protocol/ber/index.ts'

export const flipBit = (octets: Uint8Array, bit: number): Uint8Array => {
  const flipped = octets.slice()
  const at = (bit >> 3) % Math.max(flipped.length, 1)
  flipped[at] = (flipped[at] ?? 0) ^ (0x80 >> (bit & 7))
  return flipped
}

/** The TLV behind a path of tags, each below the one before; the first of its tag. */
function find(list: readonly Tlv[], [tag, ...rest]: readonly number[]): readonly Tlv[] | undefined {
  for (const tlv of list) {
    if (tlv.tag !== tag) continue
    if (rest.length === 0) return [tlv]
    const below = find(tlv.children ?? [], rest)
    if (below) return [tlv, ...below]
  }
  return undefined
}

const contentOf = (octets: Uint8Array, { offset, headerLength, length }: Tlv): Uint8Array =>
  octets.subarray(offset + headerLength, offset + headerLength + length)

/** The content behind a path of tags. */
export function contentAt(octets: Uint8Array, path: readonly number[]): Uint8Array | undefined {
  const target = find(describe(octets), path)?.at(-1)
  return target && contentOf(octets, target)
}

/** The whole TLV behind a path of tags. */
export function tlvAt(octets: Uint8Array, path: readonly number[]): Uint8Array | undefined {
  const target = find(describe(octets), path)?.at(-1)
  return target && octets.subarray(target.offset, target.offset + target.headerLength + target.length)
}

/** With other content behind a path of tags, all lengths right. The same octets when there is no such TLV. */
export function changeAt(
  octets: Uint8Array,
  path: readonly number[],
  change: (content: Uint8Array) => Uint8Array,
): Uint8Array {
  const way = find(describe(octets), path)?.toReversed()
  if (!way?.[0]) return octets
  let [inner, ...outers] = way as [Tlv, ...Tlv[]]
  let content = change(contentOf(octets, inner))
  const written = () => encode(octetString(inner.tag), content)
  for (const outer of outers) {
    const start = outer.offset + outer.headerLength
    content = concatOctets(
      octets.subarray(start, inner.offset),
      written(),
      octets.subarray(endOf(inner), start + outer.length),
    )
    inner = outer
  }
  return concatOctets(octets.subarray(0, inner.offset), written(), octets.subarray(endOf(inner)))
}

const endOf = ({ offset, headerLength, length }: Tlv): number => offset + headerLength + length
