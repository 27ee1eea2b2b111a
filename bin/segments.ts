/** Segments of a bound profile package, as an LPA sends them one after the other: SGP.22 v2.5, 2.5.5 and 5.7.6. */
import type { Tlv } from '../protocol/ber/index.ts'

export interface Segment {
  readonly name: string
  /** First and last octet. */
  readonly from: number
  readonly to: number
}

const BOUND_PROFILE_PACKAGE = 0xbf36
/** Sent header first, then element by element. */
const inParts: ReadonlySet<number> = new Set([0xa1, 0xa3])

const endOf = ({ offset, headerLength, length }: Tlv): number => offset + headerLength + length - 1
const whole = (tlv: Tlv): Segment => ({ name: tlv.field, from: tlv.offset, to: endOf(tlv) })

/** Empty for anything else. */
export function segmentsOf(tree: readonly Tlv[]): readonly Segment[] {
  const [top] = tree
  const [first, ...others] = top?.tag === BOUND_PROFILE_PACKAGE ? (top.children ?? []) : []
  if (!top || !first) return []
  return [{ name: `${top.type}, ${first.field}`, from: top.offset, to: endOf(first) }, ...others.flatMap(partsOf)]
}

function partsOf(tlv: Tlv): readonly Segment[] {
  if (!inParts.has(tlv.tag)) return [whole(tlv)]
  const header = { name: `${tlv.field}, header`, from: tlv.offset, to: tlv.offset + tlv.headerLength - 1 }
  return [header, ...(tlv.children ?? []).map((child) => ({ ...whole(child), name: `${tlv.field}${child.field}` }))]
}
