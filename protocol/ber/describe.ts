import { DecodeError } from './errors.ts'
import { toHex } from './octets.ts'
import { Reader } from './reader.ts'
import { type AnySchema, accepts } from './schema.ts'

/** One TLV of an annotated dump. Offsets count octets from the start of the input. */
export interface Tlv {
  /** Field or alternative that the enclosing type gives it, empty for the outermost and for unknown elements. */
  readonly field: string
  /** Name of its type as the ASN.1 writes it, empty when unknown. */
  readonly type: string
  readonly tag: number
  readonly offset: number
  readonly headerLength: number
  readonly length: number
  /** Of primitive elements: the value as text. */
  readonly value?: string
  /** Why the content could not be read. The content is then in `value`, in hexadecimal. */
  readonly error?: string
  readonly children?: readonly Tlv[]
}

/** Deepest nesting that an element without a known type is opened to. */
const DEEPEST = 32

/**
 * Annotates octets with the fields of a type. Octets that are not of the type are still shown, element by element, with the reason where the type
 * ends; without a type, constructed elements are opened by their tag alone. Throws DecodeError only when there is not even one TLV.
 */
export function describe(octets: Uint8Array, schema?: AnySchema): readonly Tlv[] {
  const reader = new Reader(octets, 'BER')
  const list: Tlv[] = []
  while (reader.position < octets.length)
    list.push(element(reader, { end: octets.length, field: '', depth: 0, schema }))
  return list
}

interface Place {
  readonly end: number
  readonly field: string
  readonly depth: number
  readonly schema: AnySchema | undefined
}

function element(reader: Reader, { end, field, depth, schema }: Place): Tlv {
  reader.header(end)
  const { tag, length, start } = reader
  const alternative = resolve(schema, tag)
  const base = { tag, offset: start, headerLength: reader.position - start, length }
  const name = { field: [field, alternative.field].filter(Boolean).join('.'), type: alternative.schema?.name ?? '' }
  const contentEnd = reader.position + length
  const body = content(reader, { schema: alternative.schema, contentEnd, depth })
  reader.position = contentEnd
  return { ...name, ...base, ...body }
}

/** Follows choices and wrappers that have no TLV of their own down to the type of this tag. */
function resolve(schema: AnySchema | undefined, tag: number): { schema: AnySchema | undefined; field: string } {
  if (!schema || !accepts(schema, tag)) return { schema: undefined, field: '' }
  const { layout } = schema
  if (layout.kind === 'same') {
    const inner = resolve(layout.schema, tag)
    return inner.schema ? inner : { schema, field: '' }
  }
  if (layout.kind !== 'choice') return { schema, field: '' }
  const row = layout.alternatives.find((alternative) => accepts(alternative.schema, tag))
  const inner = resolve(row?.schema, tag)
  return { schema: inner.schema, field: [row?.name, inner.field].filter(Boolean).join('.') }
}

interface Content {
  readonly schema: AnySchema | undefined
  readonly contentEnd: number
  readonly depth: number
}

function content(reader: Reader, { schema, contentEnd, depth }: Content): Pick<Tlv, 'value' | 'error' | 'children'> {
  if (schema?.layout.kind === 'primitive') return primitive(reader, schema)
  const constructed = isConstructed(reader.tag) && depth < DEEPEST
  if (!constructed) return { value: toHex(reader.take(reader.length)) }
  const from = reader.position
  try {
    return { children: children(reader, { schema, contentEnd, depth }) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    reader.position = from
    return { value: toHex(reader.octets.subarray(from, contentEnd)), error: error.code }
  }
}

function children(reader: Reader, { schema, contentEnd, depth }: Content): readonly Tlv[] {
  const list: Tlv[] = []
  let index = 0
  while (reader.position < contentEnd) {
    const tag = peek(reader, contentEnd)
    const place = placeOf(schema, { tag, index })
    list.push(element(reader, { end: contentEnd, depth: depth + 1, field: place.field, schema: place.schema }))
    index = place.next
  }
  return list
}

function peek(reader: Reader, end: number): number {
  const { position } = reader
  reader.header(end)
  reader.position = position
  return reader.tag
}

/** Which component of the enclosing type an element is: the first that accepts its tag at or behind the last one met. */
function placeOf(schema: AnySchema | undefined, { tag, index }: { tag: number; index: number }) {
  const layout = schema?.layout
  if (layout?.kind === 'fields') {
    const at = layout.fields.findIndex((field, i) => i >= index && accepts(field.schema, tag))
    const found = layout.fields[at]
    return found
      ? { field: found.name, schema: found.schema, next: at + 1 }
      : { field: '', schema: undefined, next: index }
  }
  if (layout?.kind === 'list') return { field: `[${index}]`, schema: layout.element, next: index + 1 }
  if (layout?.kind === 'inner') return { field: '', schema: layout.schema, next: index }
  return { field: '', schema: undefined, next: index }
}

function primitive(reader: Reader, schema: AnySchema): Pick<Tlv, 'value' | 'error'> {
  const from = reader.position
  try {
    const value = schema.read(reader)
    const { layout } = schema
    const text = layout.kind === 'primitive' ? layout.text : undefined
    return { value: text ? text(value as never) : asText(value) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    reader.position = from
    return { value: toHex(reader.take(reader.length)), error: error.code }
  }
}

function asText(value: unknown): string {
  if (value instanceof Uint8Array) return toHex(value)
  if (Array.isArray(value)) return value.map(asText).join(' ')
  if (typeof value === 'object' && value !== null && 'octets' in value) return asText(value.octets)
  return String(value)
}

function isConstructed(tag: number): boolean {
  let first = tag
  while (first > 0xff) first = Math.floor(first / 256)
  return (first & 0x20) !== 0
}
