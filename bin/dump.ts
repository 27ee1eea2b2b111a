import { type Tlv, tagToHex } from '../protocol/ber/index.ts'

const VALUE_WIDTH = 96

/** An annotated tree as text: octet range, tag, field, type, value; a line per TLV. */
export function dumpLines(tree: readonly Tlv[], depth = 0): readonly string[] {
  return tree.flatMap((tlv) => [line(tlv, depth), ...dumpLines(tlv.children ?? [], depth + 1)])
}

function line({ field, type, tag, offset, headerLength, length, value, error }: Tlv, depth: number): string {
  const range = `${offset}..${offset + headerLength + length - 1}`.padEnd(12)
  const name = [field, type && `(${type})`].filter(Boolean).join(' ')
  const parts = [
    `${range}${'  '.repeat(depth)}${tagToHex(tag)}`,
    name,
    value === undefined ? '' : shortened(value),
    error ? `<- ${error}` : '',
  ]
  return parts.filter(Boolean).join(' ')
}

const shortened = (value: string): string =>
  value.length <= VALUE_WIDTH ? value : `${value.slice(0, VALUE_WIDTH)}… (${value.length} characters)`
