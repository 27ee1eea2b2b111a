import { DecodeError } from './errors.ts'
import { Reader } from './reader.ts'
import { type AnySchema, type TaggedSchema, tagged } from './schema.ts'
import { Writer } from './writer.ts'

/** A TLV of which nothing is known but its tag. The annotated dump opens it as far as tags tell. */
export const anything: AnySchema = {
  name: 'TLV',
  tags: [],
  get layout() {
    return { kind: 'list', element: anything } as const
  },
  read: (reader) => reader.take(reader.length),
  write: () => {},
}

/**
 * A SEQUENCE of another standard kept unread: a certificate, a key. The value is always the complete TLV with tag 30; an implicit tag takes the
 * place of the 30 on the wire only. For types of at least two components: real peers also put the complete TLV inside the implicit tag, and a single
 * 30 in there is read as that.
 */
export function foreignSequence(name: string): TaggedSchema<Uint8Array> {
  return tagged({
    name,
    tag: 0x30,
    layout: { kind: 'list', element: anything },
    read(reader) {
      const { tag, start } = reader
      const content = reader.take(reader.length)
      if (tag === 0x30) return reader.octets.subarray(start, reader.position)
      return isSequence(content) ? content : wrap(content)
    },
    writeContent(writer, value) {
      if (!isSequence(value)) throw new RangeError(`${name} is not a SEQUENCE`)
      const reader = new Reader(value)
      reader.header(value.length)
      writer.octets(value.subarray(reader.position))
    },
  })
}

/** Whether the octets are one TLV with tag 30 and nothing behind it. */
function isSequence(octets: Uint8Array): boolean {
  const reader = new Reader(octets, 'BER')
  try {
    reader.header(octets.length)
  } catch (error) {
    if (error instanceof DecodeError) return false
    throw error
  }
  return reader.tag === 0x30 && reader.position + reader.length === octets.length
}

function wrap(content: Uint8Array): Uint8Array {
  const writer = new Writer()
  writer.octets(content)
  writer.header(0x30, writer.end)
  return writer.finish()
}
