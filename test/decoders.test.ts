import { type AsnType, fromBER } from 'asn1js'
import forge from 'node-forge'
import { expect, test } from 'vitest'
import { describe, fromHex, type Tlv, tagToHex, toHex } from '../protocol/ber/index.ts'
import { vectorFiles } from './vectors.ts'

/** Other decoders read every golden vector, and must see the same tree as our annotated dump. */

const vectors = vectorFiles.flatMap(({ file, valid }) => valid.map((vector) => ({ file, ...vector })))

interface Node {
  readonly tag: string
  readonly offset: number
  readonly headerLength: number
  readonly length: number
  readonly children: readonly Node[]
}

const ours = (tlv: Tlv): Node => ({
  tag: tagToHex(tlv.tag),
  offset: tlv.offset,
  headerLength: tlv.headerLength,
  length: tlv.length,
  children: (tlv.children ?? []).map(ours),
})

/** Identifier octets of a tag (ITU-T X.690, 8.1.2). */
function identifier(first: number, number: number): string {
  if (number < 31) return toHex(Uint8Array.of(first | number))
  const octets = [number & 0x7f]
  for (let rest = number >> 7; rest > 0; rest >>= 7) octets.unshift(0x80 | (rest & 0x7f))
  return toHex(Uint8Array.of(first | 31, ...octets))
}

function asn1js(element: AsnType, offset: number): Node {
  const { tagClass, tagNumber, isConstructed, blockLength } = element.idBlock
  const headerLength = blockLength + element.lenBlock.blockLength
  const children: Node[] = []
  let next = offset + headerLength
  for (const child of isConstructed ? (element.valueBlock as { value: AsnType[] }).value : []) {
    children.push(asn1js(child, next))
    next += child.blockLength
  }
  const tag = identifier(((tagClass - 1) << 6) | (isConstructed ? 0x20 : 0), tagNumber)
  return { tag, offset, headerLength, length: element.lenBlock.length, children }
}

test.each(vectors)('asn1js sees the same tree: $file $type, $name', ({ octets }) => {
  const { offset, result } = fromBER(octets.slice())
  expect(offset).toBe(octets.length)
  expect(describe(octets).map(ours)).toEqual([asn1js(result, 0)])
})

/** Tags and contents only: forge keeps neither offsets nor lengths. */
interface Shape {
  readonly tag: string
  readonly content: string | readonly Shape[]
}

const ourShape = ({ tag, children, value }: Tlv): Shape => ({
  tag: tagToHex(tag),
  content: children?.map(ourShape) ?? value ?? '',
})

function forgeShape({ tagClass, type, constructed, value }: forge.asn1.Asn1): Shape {
  const tag = identifier(tagClass | (constructed ? 0x20 : 0), type)
  const content = typeof value === 'string' ? forge.util.bytesToHex(value) : value.map(forgeShape)
  return { tag, content }
}

/** The types of node-forge know the older signature only. */
const fromDer = forge.asn1.fromDer as unknown as (
  octets: forge.util.ByteStringBuffer,
  options: object,
) => forge.asn1.Asn1

/** node-forge reads one identifier octet only, so it cannot read tag numbers above 30, which most messages have. */
const forForge = vectors.filter(({ octets }) => describe(octets).every(hasLowTags))

function hasLowTags({ tag, children }: Tlv): boolean {
  return tag <= 0xff && (children ?? []).every(hasLowTags)
}

test.each(forForge)('node-forge sees the same tree: $file $type, $name', ({ octets }) => {
  const options = { strict: true, parseAllBytes: true, decodeBitStrings: false }
  const read = fromDer(forge.util.createBuffer(forge.util.hexToBytes(toHex(octets))), options)
  expect(describe(octets).map(ourShape)).toEqual([forgeShape(read)])
})

test('node-forge cannot read a tag number above 30', () => {
  expect(forForge.length).toBeGreaterThan(0)
  const read = () => fromDer(forge.util.createBuffer(forge.util.hexToBytes('bf2e00')), {})
  expect(read).toThrow()
  expect(describe(fromHex('bf2e00'))).toMatchObject([{ tag: 0xbf2e, length: 0 }])
})
