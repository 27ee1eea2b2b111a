import { DecodeError, inside } from './errors.ts'
import { type EncodingRules, Reader } from './reader.ts'
import { Writer } from './writer.ts'

/**
 * One ASN.1 type: its value as a TypeScript type, how it is read and written, and how its content is laid out. Encoder, decoder, type and
 * annotated dump are all derived from it. `tags` are those a value can begin with, identifier octets as one number; empty: any.
 */
export interface Schema<T> {
  readonly name: string
  readonly tags: readonly number[]
  /** The reader has just opened the TLV: it stands at the content. Consumes exactly the content. */
  read(reader: Reader): T
  /** Writes the whole TLV, backwards. */
  write(writer: Writer, value: T): void
  readonly layout: Layout
}

/** A type with one tag of its own, which IMPLICIT tagging can replace. */
export interface TaggedSchema<T> extends Schema<T> {
  readonly tag: number
  /** Writes the content only, backwards. */
  writeContent(writer: Writer, value: T): void
}

export type ValueOf<S> = S extends Schema<infer T> ? T : never

/** How the content of a type is made, for the annotated dump. */
export type Layout =
  /** `text`: how a value is shown, where its own form would mislead. */
  | { readonly kind: 'primitive'; readonly text?: (value: never) => string }
  | { readonly kind: 'fields'; readonly fields: readonly { readonly name: string; readonly schema: AnySchema }[] }
  | { readonly kind: 'list'; readonly element: AnySchema }
  | { readonly kind: 'choice'; readonly alternatives: readonly { readonly name: string; readonly schema: AnySchema }[] }
  | { readonly kind: 'inner'; readonly schema: AnySchema }
  | { readonly kind: 'same'; readonly schema: AnySchema }

/** A schema whose value type does not matter here. */
export type AnySchema = Omit<Schema<never>, 'read'> & { read(reader: Reader): unknown }

/** Makes a tagged schema out of what is particular to it. */
export function tagged<T>(parts: Omit<TaggedSchema<T>, 'tags' | 'write'>): TaggedSchema<T> {
  const { tag, writeContent } = parts
  return {
    ...parts,
    tags: [tag],
    write(writer, value) {
      const end = writer.position - writer.end
      writeContent(writer, value)
      writer.header(tag, writer.end + end)
    },
  }
}

/** IMPLICIT tagging: the same content under another tag. */
export function retag<T>(tag: number, schema: TaggedSchema<T>): TaggedSchema<T> {
  return tagged({ name: schema.name, tag, read: schema.read, writeContent: schema.writeContent, layout: schema.layout })
}

interface Mapping<T, U> {
  readonly read: (value: T) => U
  /** Throws RangeError for a value that has no wire form. */
  readonly write: (value: U) => T
}

/** The same octets with another TypeScript form. */
export function mapped<T, U>(schema: TaggedSchema<T>, { read, write }: Mapping<T, U>): TaggedSchema<U> {
  return tagged({
    name: schema.name,
    tag: schema.tag,
    layout: schema.layout,
    read: (reader) => read(schema.read(reader)),
    writeContent: (writer, value) => schema.writeContent(writer, write(value)),
  })
}

/** Gives a type the name that the standard uses, for error paths and the annotated dump. */
export function named<S extends AnySchema>(name: string, schema: S): S {
  return { ...schema, name }
}

export interface DecodeOptions {
  readonly rules?: EncodingRules
}

/**
 * Reads one value that fills the input. Octet strings and captured slices in it are views of the input, not copies.
 * Throws DecodeError with code, path and offset.
 */
export function decode<T>(schema: Schema<T>, octets: Uint8Array, options: DecodeOptions = {}): T {
  const reader = new Reader(octets, options.rules)
  try {
    reader.header(octets.length)
    if (!accepts(schema, reader.tag)) reader.fail('unexpected-tag')
    const value = schema.read(reader)
    if (reader.position !== octets.length) throw new DecodeError('trailing-octets', reader.position)
    return value
  } catch (error) {
    throw inside(error, schema.name)
  }
}

/** Like decode, but more may follow. Returns the value and the octets behind it. */
export function decodeFirst<T>(
  schema: Schema<T>,
  octets: Uint8Array,
  options: DecodeOptions = {},
): { value: T; rest: Uint8Array } {
  const reader = new Reader(octets, options.rules)
  try {
    reader.header(octets.length)
    if (!accepts(schema, reader.tag)) reader.fail('unexpected-tag')
    const value = schema.read(reader)
    return { value, rest: octets.subarray(reader.position) }
  } catch (error) {
    throw inside(error, schema.name)
  }
}

const idle: Writer[] = []

/** DER of a value. Throws Error when the value is not of the type: that is a bug of the caller, never of a peer. */
export function encode<T>(schema: Schema<T>, value: T): Uint8Array {
  const writer = idle.pop() ?? new Writer()
  schema.write(writer, value)
  const octets = writer.finish()
  idle.push(writer)
  return octets
}

export function accepts(schema: { readonly tags: readonly number[] }, tag: number): boolean {
  const { tags } = schema
  return tags.length === 0 || (tags.length === 1 ? tags[0] === tag : tags.includes(tag))
}
