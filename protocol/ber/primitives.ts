import { fromHex, tagToHex } from './octets.ts'
import type { Reader } from './reader.ts'
import { type TaggedSchema, tagged } from './schema.ts'
import { upperCase, upperCaseSwapped } from './text.ts'
import type { Writer } from './writer.ts'

/** Bounds of the length of a string in octets, or of a list in elements. Both inclusive. */
export interface Size {
  readonly min?: number
  readonly max?: number
}

export const exactly = (length: number): Size => ({ min: length, max: length })

const primitive = { kind: 'primitive' } as const

export function checkSize(reader: Reader, length: number, { min = 0, max = Number.POSITIVE_INFINITY }: Size): void {
  if (length < min || length > max) reader.fail('size-out-of-range')
}

export function assertSize(length: number, { min = 0, max = Number.POSITIVE_INFINITY }: Size, name: string): void {
  if (length < min || length > max) throw new RangeError(`${name}: length ${length} is outside ${min}..${max}`)
}

export interface Range {
  readonly min?: number
  readonly max?: number
}

/** INTEGER as a number. Octets beyond the range of a safe integer are refused: use `integerOctets` for those. */
export function integer(tag = 0x02, range: Range = {}): TaggedSchema<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range
  return tagged({
    name: 'INTEGER',
    tag,
    layout: primitive,
    read(reader) {
      const value = readInteger(reader)
      if (value < min || value > max) reader.fail('integer-out-of-range')
      return value
    },
    writeContent(writer, value) {
      if (!Number.isSafeInteger(value) || value < min || value > max) throw new RangeError(`INTEGER ${value}`)
      writeInteger(writer, value)
    },
  })
}

function readInteger(reader: Reader): number {
  const { octets, position, length } = reader
  if (length === 0) reader.fail('integer-not-minimal')
  const first = octets[position] as number
  if (reader.strict && length > 1) {
    const second = octets[position + 1] as number
    if ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)) reader.fail('integer-not-minimal')
  }
  if (length > 7) reader.fail('integer-out-of-range')
  let value = first < 0x80 ? first : first - 256
  for (let i = 1; i < length; i++) value = value * 256 + (octets[position + i] as number)
  reader.position += length
  return value
}

function writeInteger(writer: Writer, value: number): void {
  let rest = value
  for (;;) {
    const octet = ((rest % 256) + 256) % 256
    writer.octet(octet)
    rest = (rest - octet) / 256
    if ((rest === 0 && octet < 0x80) || (rest === -1 && octet >= 0x80)) return
  }
}

/** INTEGER of any size as its two's complement octets, for example the serial number of a certificate. */
export function integerOctets(tag = 0x02): TaggedSchema<Uint8Array> {
  return tagged({
    name: 'INTEGER',
    tag,
    layout: primitive,
    read(reader) {
      if (reader.length === 0) reader.fail('integer-not-minimal')
      return reader.take(reader.length)
    },
    writeContent: (writer, value) => writer.octets(value),
  })
}

/** The name of a value, or `unknown(n)` for a number that the table does not have: an INTEGER with named numbers is open. */
export type NameOf<Names> = (keyof Names & string) | `unknown(${number})`

/** INTEGER or ENUMERATED with named numbers. */
export function enumeration<const Names extends Readonly<Record<string, number>>>(
  tag: number,
  names: Names,
): TaggedSchema<NameOf<Names>> {
  const byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name as NameOf<Names>]))
  return tagged({
    name: 'INTEGER',
    tag,
    layout: primitive,
    read(reader): NameOf<Names> {
      const value = readInteger(reader)
      return byNumber.get(value) ?? `unknown(${value})`
    },
    writeContent(writer, value) {
      const number = names[value] ?? Number(/^unknown\((-?\d+)\)$/.exec(value)?.[1])
      if (!Number.isSafeInteger(number)) throw new RangeError(`No number is known for ${value}`)
      writeInteger(writer, number)
    },
  })
}

export function boolean(tag = 0x01): TaggedSchema<boolean> {
  return tagged({
    name: 'BOOLEAN',
    tag,
    layout: primitive,
    read(reader) {
      const octet = reader.length === 1 ? reader.octets[reader.position] : undefined
      if (octet === undefined || (reader.strict && octet !== 0 && octet !== 0xff)) reader.fail('boolean-not-canonical')
      reader.position++
      return octet !== 0
    },
    writeContent: (writer, value) => writer.octet(value ? 0xff : 0),
  })
}

/** NULL. As an optional field it is a flag: present and true, or absent. */
export function flag(tag = 0x05): TaggedSchema<true> {
  return tagged({
    name: 'NULL',
    tag,
    layout: primitive,
    read(reader) {
      if (reader.length !== 0) reader.fail('null-not-empty')
      return true as const
    },
    writeContent: () => {},
  })
}

export function octetString(tag = 0x04, size: Size = {}): TaggedSchema<Uint8Array> {
  const { min = 0, max = Number.POSITIVE_INFINITY } = size
  return tagged({
    name: 'OCTET STRING',
    tag,
    layout: primitive,
    read(reader) {
      const { length } = reader
      if (length < min || length > max) reader.fail('size-out-of-range')
      return reader.take(length)
    },
    writeContent(writer, value) {
      assertSize(value.length, size, 'OCTET STRING')
      writer.octets(value)
    },
  })
}

/** An OCTET STRING written as upper-case hexadecimal text, as transaction identifiers are in JSON. */
export function hexString(tag: number, size: Size = {}): TaggedSchema<string> {
  return tagged({
    name: 'OCTET STRING',
    tag,
    layout: primitive,
    read(reader) {
      checkSize(reader, reader.length, size)
      return reader.takeHex(reader.length, upperCase)
    },
    writeContent(writer, value) {
      const octets = fromHex(value)
      assertSize(octets.length, size, 'OCTET STRING')
      writer.octets(octets)
    },
  })
}

/** The same with the nibbles of each octet swapped, the filling F at the end left out, as an ICCID is shown. `length` octets. */
export function swappedHexString(tag: number, length: number): TaggedSchema<string> {
  return tagged({
    name: 'OCTET STRING',
    tag,
    layout: primitive,
    read(reader) {
      checkSize(reader, reader.length, exactly(length))
      return withoutFilling(reader.takeHex(length, upperCaseSwapped))
    },
    writeContent(writer, value) {
      const octets = fromHex(value.padEnd(2 * length, 'F'))
      assertSize(octets.length, exactly(length), 'OCTET STRING')
      for (let i = length - 1; i >= 0; i--) writer.octet(swapped(octets[i] as number))
    },
  })
}

const swapped = (octet: number): number => ((octet & 0xf) << 4) | (octet >> 4)

function withoutFilling(text: string): string {
  let end = text.length
  while (text.charCodeAt(end - 1) === FILLING) end--
  return end === text.length ? text : text.slice(0, end)
}

const FILLING = 0x46 // F

export interface BitString {
  readonly unusedBits: number
  readonly octets: Uint8Array
}

export function bitString(tag = 0x03): TaggedSchema<BitString> {
  return tagged({
    name: 'BIT STRING',
    tag,
    layout: primitive,
    read: readBits,
    writeContent(writer, { unusedBits, octets }) {
      writer.octets(octets)
      writer.octet(unusedBits)
    },
  })
}

function readBits(reader: Reader): BitString {
  const unusedBits = readUnusedBits(reader)
  return { unusedBits, octets: reader.take(reader.length - 1) }
}

/** Leaves the reader at the first octet of bits. */
function readUnusedBits(reader: Reader): number {
  const { octets, position, length } = reader
  if (length === 0) reader.fail('bits-not-canonical')
  const unusedBits = octets[position] as number
  const last = octets[position + length - 1] as number
  const wrong = length === 1 ? unusedBits !== 0 : unusedBits > 7 || (last & ((1 << unusedBits) - 1)) !== 0
  if (wrong) reader.fail('bits-not-canonical')
  reader.position++
  return unusedBits
}

/**
 * BIT STRING with named bits, as the list of the names that are set, in the order of the bits. Bits without a name are dropped on reading.
 * Trailing zero bits, which DER forbids and real cards send, are read as what they mean.
 */
export function namedBits<const Name extends string>(
  tag: number,
  names: readonly Name[],
): TaggedSchema<readonly Name[]> {
  const bitOf = new Map(names.map((name, bit) => [name, bit]))
  return tagged({
    name: 'BIT STRING',
    tag,
    layout: primitive,
    read(reader) {
      readUnusedBits(reader)
      const { octets, position, length } = reader
      const set: Name[] = []
      const count = Math.min(names.length, 8 * (length - 1))
      for (let bit = 0; bit < count; bit++)
        if ((octets[position + (bit >> 3)] as number) & (0x80 >> (bit & 7))) set.push(names[bit] as Name)
      reader.position += length - 1
      return set
    },
    writeContent(writer, value) {
      const octets = new Uint8Array((names.length + 7) >> 3)
      let count = 0
      for (const name of value) {
        const bit = bitOf.get(name)
        if (bit === undefined) throw new RangeError(`BIT STRING has no bit ${name}`)
        octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
        if (bit >= count) count = bit + 1
      }
      for (let i = ((count + 7) >> 3) - 1; i >= 0; i--) writer.octet(octets[i] ?? 0)
      writer.octet((8 - (count % 8)) % 8)
    },
  })
}

/** OBJECT IDENTIFIER as dotted decimals. */
export function oid(tag = 0x06): TaggedSchema<string> {
  return tagged({
    name: 'OBJECT IDENTIFIER',
    tag,
    layout: primitive,
    read(reader) {
      const { position, length } = reader
      const content = reader.takeLatin1(length)
      const known = oidTexts.get(content)
      if (known !== undefined) return known
      reader.position = position
      const text = readOid(reader)
      if (length <= OID_OCTETS_AT_MOST && oidTexts.size < OIDS_AT_MOST) oidTexts.set(content, text)
      return text
    },
    writeContent(writer, value) {
      const known = oidContents.get(value)
      if (known) return writer.octets(known)
      const end = writer.end - writer.position
      writeOid(writer, value)
      const content = writer.since(end)
      if (content.length <= OID_OCTETS_AT_MOST && oidContents.size < OIDS_AT_MOST) oidContents.set(value, content)
    },
  })
}

/** The first that were met, read and written: the same few dozen come again and again, and each would take ten times as long. */
const OIDS_AT_MOST = 256
const OID_OCTETS_AT_MOST = 16
const oidTexts = new Map<string, string>()
const oidContents = new Map<string, Uint8Array>()

function readOid(reader: Reader): string {
  const arcs = readArcs(reader)
  const first = arcs[0] as number
  const root = Math.min(2, Math.floor(first / 40))
  let text = `${root}.${first - 40 * root}`
  for (let i = 1; i < arcs.length; i++) text += `.${arcs[i]}`
  return text
}

function writeOid(writer: Writer, value: string): void {
  const [root, second, ...rest] = value.split('.').map(Number)
  if (root === undefined || second === undefined) throw new RangeError(`OBJECT IDENTIFIER ${value}`)
  for (const arc of rest.reverse()) writeArc(writer, arc)
  writeArc(writer, 40 * root + second)
}

function readArcs(reader: Reader): number[] {
  const { octets } = reader
  const end = reader.position + reader.length
  const arcs: number[] = []
  let arc = 0
  let open = true
  while (reader.position < end) {
    const octet = octets[reader.position++] as number
    if (arc === 0 && octet === 0x80) reader.fail('oid-malformed')
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) reader.fail('oid-malformed')
    open = octet >= 0x80
    if (!open) {
      arcs.push(arc)
      arc = 0
    }
  }
  if (open) reader.fail('oid-malformed')
  return arcs
}

function writeArc(writer: Writer, arc: number): void {
  if (!Number.isSafeInteger(arc) || arc < 0) throw new RangeError(`OBJECT IDENTIFIER arc ${arc}`)
  let rest = arc
  let more = 0
  do {
    writer.octet((rest % 128) | more)
    rest = Math.floor(rest / 128)
    more = 0x80
  } while (rest > 0)
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf8Encoder = new TextEncoder()

/** UTF8String. The size counts characters, as in ASN.1. */
export function utf8String(tag = 0x0c, size: Size = {}): TaggedSchema<string> {
  return tagged({
    name: 'UTF8String',
    tag,
    layout: primitive,
    read(reader) {
      const text = readText(reader)
      checkSize(reader, text.length, size)
      return text
    },
    writeContent(writer, value) {
      assertSize(value.length, size, 'UTF8String')
      writeText(writer, value)
    },
  })
}

function readText(reader: Reader): string {
  return isSevenBit(reader) ? reader.takeLatin1(reader.length) : readUtf8(reader, reader.take(reader.length))
}

function writeText(writer: Writer, text: string): void {
  if (!writer.ascii(text)) writer.octets(utf8Encoder.encode(text))
}

function isSevenBit({ octets, position, length }: Reader): boolean {
  for (let at = position; at < position + length; at++) if ((octets[at] as number) >= 0x80) return false
  return true
}

function readUtf8(reader: Reader, octets: Uint8Array): string {
  try {
    return utf8Decoder.decode(octets)
  } catch {
    return reader.fail('text-malformed')
  }
}

/** PrintableString, IA5String, UTCTime and other types of seven-bit characters. */
export function asciiString(tag: number, name = 'IA5String'): TaggedSchema<string> {
  return tagged({
    name,
    tag,
    layout: primitive,
    read(reader) {
      if (!isSevenBit(reader)) reader.fail('text-malformed')
      return reader.takeLatin1(reader.length)
    },
    writeContent: writeText,
  })
}

/** Decimal digits with the nibbles of each octet swapped and padded with F, as an ICCID is coded in EF.ICCID (ETSI TS 102 221). */
export function bcd(tag: number, length: number): TaggedSchema<string> {
  return tagged({
    name: 'OCTET STRING',
    tag,
    layout: primitive,
    read(reader) {
      checkSize(reader, reader.length, exactly(length))
      const digits = withoutFilling(reader.takeHex(length, upperCaseSwapped))
      if (!/^\d*$/.test(digits)) reader.fail('digits-malformed')
      return digits
    },
    writeContent(writer, value) {
      if (!/^\d*$/.test(value) || value.length > 2 * length)
        throw new RangeError(`Not at most ${2 * length} digits: ${value}`)
      const padded = value.padEnd(2 * length, 'f')
      for (let i = length - 1; i >= 0; i--) writer.octet(Number.parseInt(`${padded[2 * i + 1]}${padded[2 * i]}`, 16))
    },
  })
}

/** Decimal digits, two in an octet, the first in the high nibble, as an EID is coded. */
export function digits(tag: number, length: number): TaggedSchema<string> {
  return tagged({
    name: 'OCTET STRING',
    tag,
    layout: primitive,
    read(reader) {
      checkSize(reader, reader.length, exactly(length))
      const text = reader.takeHex(length, upperCase)
      if (!/^\d*$/.test(text)) reader.fail('digits-malformed')
      return text
    },
    writeContent(writer, value) {
      if (!/^\d*$/.test(value) || value.length !== 2 * length)
        throw new RangeError(`Not ${2 * length} digits: ${value}`)
      for (let i = length - 1; i >= 0; i--) writer.octet(Number.parseInt(value.slice(2 * i, 2 * i + 2), 16))
    },
  })
}

/** A list of tags, concatenated as they are written; each is its identifier octets as one number (SGP.22 TagList). */
export function tagList(tag = 0x5c): TaggedSchema<readonly number[]> {
  return tagged({
    name: 'TagList',
    tag,
    layout: { kind: 'primitive', text: (tags: readonly number[]) => tags.map(tagToHex).join(' ') },
    read(reader) {
      const tags: number[] = []
      let current = 0
      for (const octet of reader.take(reader.length)) {
        const more = current === 0 ? (octet & 0x1f) === 0x1f : octet >= 0x80
        current = current * 256 + octet
        if (current > 0xffffffff) reader.fail('tag-list-malformed')
        if (!more) {
          tags.push(current)
          current = 0
        }
      }
      if (current !== 0) reader.fail('tag-list-malformed')
      return tags
    },
    writeContent(writer, value) {
      for (const listed of [...value].reverse())
        for (let rest = listed; rest > 0; rest = Math.floor(rest / 256)) writer.octet(rest & 0xff)
    },
  })
}
