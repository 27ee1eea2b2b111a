import { inside } from './errors.ts'
import { anything } from './foreign.ts'
import { assertSize, checkSize, type Size } from './primitives.ts'
import type { Reader } from './reader.ts'
import { type AnySchema, accepts, encode, type Schema, type TaggedSchema, tagged, type ValueOf } from './schema.ts'
import type { Writer } from './writer.ts'

/** OPTIONAL component. */
export interface OptionalField<S extends AnySchema> {
  readonly presence: 'optional'
  readonly schema: S
}

/** Component with a DEFAULT: absent on the wire when it has that value, always present in the TypeScript value. */
export interface DefaultField<S extends AnySchema> {
  readonly presence: 'default'
  readonly schema: S
  readonly value: ValueOf<S>
}

export type Field = AnySchema | OptionalField<AnySchema> | DefaultField<AnySchema>
export type Fields = Readonly<Record<string, Field>>

type FieldValue<F> =
  F extends OptionalField<infer S> ? ValueOf<S> : F extends DefaultField<infer S> ? ValueOf<S> : ValueOf<F>
type OptionalNames<F> = { [K in keyof F]: F[K] extends OptionalField<AnySchema> ? K : never }[keyof F]
type Flat<T> = { [K in keyof T]: T[K] }
export type FieldsValue<F> = Flat<
  { readonly [K in Exclude<keyof F, OptionalNames<F>>]: FieldValue<F[K]> } & {
    readonly [K in OptionalNames<F>]?: FieldValue<F[K]>
  }
>

export const optional = <S extends AnySchema>(schema: S): OptionalField<S> => ({ presence: 'optional', schema })

export const withDefault = <S extends AnySchema>(schema: S, value: ValueOf<S>): DefaultField<S> => ({
  presence: 'default',
  schema,
  value,
})

/** All of one shape, with what is asked for each time at hand: reading spends most of its time here. */
interface Component {
  readonly name: string
  readonly schema: Schema<unknown>
  readonly presence: 'mandatory' | 'optional' | 'default'
  readonly byDefault: unknown
  /** The only tag of the schema, or 0. */
  readonly tag: number
  readonly read: (reader: Reader) => unknown
}

function componentsOf(fields: Fields): readonly Component[] {
  return Object.entries(fields).map(([name, field]) => {
    const presence = 'presence' in field ? field.presence : 'mandatory'
    const byDefault = 'value' in field ? field.value : undefined
    const schema = ('presence' in field ? field.schema : field) as unknown as Schema<unknown>
    const [tag = 0] = schema.tags.length === 1 ? schema.tags : []
    return { name, schema, presence, byDefault, tag, read: schema.read }
  })
}

/**
 * SEQUENCE. Components come in this order. What follows after the last known one is skipped (EXTENSIBILITY IMPLIED), unless it is a known
 * component in the wrong place.
 */
export function sequence<const F extends Fields>(tag: number, fields: F): TaggedSchema<FieldsValue<F>> {
  const components = componentsOf(fields)
  const reversed = components.toReversed()
  return tagged({
    name: 'SEQUENCE',
    tag,
    layout: { kind: 'fields', fields: components },
    read: (reader) => readComponents(reader, components) as FieldsValue<F>,
    writeContent(writer, value) {
      for (const component of reversed)
        writeComponent(writer, component, (value as Record<string, unknown>)[component.name])
    },
  })
}

function readComponents(reader: Reader, components: readonly Component[]): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  const end = reader.position + reader.length
  let open = false
  let at = 0
  try {
    for (; at < components.length; at++) {
      const component = components[at] as Component
      if (!open && reader.position < end) {
        reader.header(end)
        open = true
      }
      if (open && isOf(component, reader.tag)) {
        value[component.name] = component.read(reader)
        open = false
      } else if (component.presence === 'default') value[component.name] = component.byDefault
      else if (component.presence === 'mandatory') reader.fail(open ? 'unexpected-tag' : 'missing-field')
    }
  } catch (error) {
    throw inside(error, components[at]?.name ?? '')
  }
  if (open || reader.position < end) skipExtensions(reader, { components, end, open })
  return value
}

const isOf = ({ tag, schema }: Component, met: number): boolean => tag === met || (tag === 0 && accepts(schema, met))

interface Rest {
  readonly components: readonly Component[]
  readonly end: number
  readonly open: boolean
}

function skipExtensions(reader: Reader, { components, end, open }: Rest): void {
  if (!open) reader.header(end)
  for (;;) {
    if (components.some(({ schema }) => schema.tags.includes(reader.tag))) reader.fail('unexpected-tag')
    reader.position += reader.length
    if (reader.position >= end) return
    reader.header(end)
  }
}

function writeComponent(writer: Writer, { name, schema, presence, byDefault }: Component, value: unknown): void {
  if (value === undefined) {
    if (presence === 'mandatory') throw new Error(`${name} is missing`)
    return
  }
  if (presence === 'default' && value === byDefault) return
  schema.write(writer, value)
}

/** SEQUENCE OF, and with tag 31 a SET OF whose elements the caller has ordered. */
export function sequenceOf<T>(tag: number, element: Schema<T>, size: Size = {}): TaggedSchema<readonly T[]> {
  return tagged({
    name: 'SEQUENCE OF',
    tag,
    layout: { kind: 'list', element: element as AnySchema },
    read(reader) {
      const list: T[] = []
      const end = reader.position + reader.length
      try {
        while (reader.position < end) {
          reader.header(end)
          if (!accepts(element, reader.tag)) reader.fail('unexpected-tag')
          list.push(element.read(reader))
        }
        checkSize(reader, list.length, size)
      } catch (error) {
        throw inside(error, `[${list.length}]`)
      }
      return list
    },
    writeContent(writer, value) {
      assertSize(value.length, size, 'SEQUENCE OF')
      for (let i = value.length - 1; i >= 0; i--) element.write(writer, value[i] as T)
    },
  })
}

export type ChoiceValue<A> = { [K in keyof A]: { readonly kind: K; readonly value: ValueOf<A[K]> } }[keyof A]

/** CHOICE without a tag of its own: `{ kind, value }`. */
export function choice<const A extends Readonly<Record<string, AnySchema>>>(
  name: string,
  alternatives: A,
): Schema<ChoiceValue<A>> {
  const rows = Object.entries(alternatives).map(([kind, schema]) => ({
    name: kind,
    schema: schema as unknown as Schema<unknown>,
  }))
  const byTag = new Map(rows.flatMap((row) => row.schema.tags.map((tag) => [tag, row] as const)))
  const byName = new Map(rows.map((row) => [row.name, row.schema]))
  return {
    name,
    tags: [...byTag.keys()],
    layout: { kind: 'choice', alternatives: rows },
    read(reader) {
      const row = byTag.get(reader.tag)
      if (!row) return reader.fail('unexpected-tag')
      try {
        return { kind: row.name, value: row.schema.read(reader) } as ChoiceValue<A>
      } catch (error) {
        throw inside(error, row.name)
      }
    },
    write(writer, { kind, value }) {
      const schema = byName.get(kind as string)
      if (!schema) throw new Error(`${name} has no alternative ${String(kind)}`)
      schema.write(writer, value)
    },
  }
}

/** EXPLICIT tagging: the whole inner TLV inside another. Also a tagged CHOICE. */
export function explicit<T>(tag: number, inner: Schema<T>): TaggedSchema<T> {
  return tagged({
    name: inner.name,
    tag,
    layout: { kind: 'inner', schema: inner as AnySchema },
    read(reader) {
      const end = reader.position + reader.length
      reader.header(end)
      if (!accepts(inner, reader.tag)) reader.fail('unexpected-tag')
      const value = inner.read(reader)
      if (reader.position !== end) reader.fail('trailing-octets')
      return value
    },
    writeContent: (writer, value) => inner.write(writer, value),
  })
}

/** A value together with the TLV that it was read from. Signatures are made and checked over `octets`; they are written back as they are. */
export interface Captured<T> {
  readonly octets: Uint8Array
  readonly value: T
}

export function captured<T>(schema: Schema<T>): Schema<Captured<T>> {
  return {
    name: schema.name,
    tags: schema.tags,
    layout: { kind: 'same', schema: schema as AnySchema },
    read(reader) {
      const { start } = reader
      const value = schema.read(reader)
      return { octets: reader.octets.subarray(start, reader.position), value }
    },
    write: (writer, { octets }) => writer.octets(octets),
  }
}

/** The captured form of a value that we make ourselves. */
export const capture = <T>(schema: Schema<T>, value: T): Captured<T> => ({ octets: encode(schema, value), value })

/** A TLV kept as its octets, tag and length included. With a schema only its tags are accepted and the dump shows it inside. */
export function slice(schema: AnySchema = anything): Schema<Uint8Array> {
  return {
    name: schema.name,
    tags: schema.tags,
    layout: { kind: 'same', schema },
    read(reader) {
      const { start } = reader
      reader.position += reader.length
      return reader.octets.subarray(start, reader.position)
    },
    write: (writer, octets) => writer.octets(octets),
  }
}

/** For types that contain themselves. */
export function lazy<T>(name: string, tags: readonly number[], schema: () => Schema<T>): Schema<T> {
  return {
    name,
    tags,
    get layout() {
      return { kind: 'same', schema: schema() as AnySchema } as const
    },
    read: (reader) => schema().read(reader),
    write: (writer, value) => schema().write(writer, value),
  }
}
