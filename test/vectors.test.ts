import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, describe as group, test } from 'vitest'
import {
  type AnySchema,
  DecodeError,
  decode,
  decodeErrorCodes,
  describe,
  encode,
  type Schema,
  type Tlv,
  toHex,
} from '../protocol/ber/index.ts'
import { specifications, vectorFiles } from './vectors.ts'

for (const { file, types, valid, invalid } of vectorFiles)
  group(file, () => {
    test.each(valid)('$type, $name: octets and value are the same thing', ({ type, octets, value }) => {
      const schema = schemaOf(types, type)
      expect(decode(schema, octets)).toEqual(value)
      expect(toHex(encode(schema, value))).toBe(toHex(octets))
    })

    test.each(valid)('$type, $name: every element of the dump has a type and no error', ({ type, octets }) => {
      expect(flat(describe(octets, schemaOf(types, type))).filter((tlv) => tlv.type === '' || tlv.error)).toEqual([])
    })

    test.each(invalid)('$type, $name: refused as $code at $path', ({ type, octets, code, path }) => {
      const refusal = attempt(() => decode(schemaOf(types, type), octets))
      expect(refusal).toBeInstanceOf(DecodeError)
      expect(refusal).toMatchObject({ code, path })
      expect(Object.keys(decodeErrorCodes)).toContain(code)
    })
  })

test.each(Object.entries(specifications))(
  'every type of %s has a valid and an invalid vector',
  (specification, types) => {
    const files = vectorFiles.filter((file) => file.specification === specification)
    const valid = new Set(files.flatMap((file) => file.valid.map(({ type }) => type)))
    const invalid = new Set(files.flatMap((file) => file.invalid.map(({ type }) => type)))
    expect(Object.keys(types).filter((name) => !valid.has(name) || !invalid.has(name))).toEqual([])
  },
)

test.each(vectorFiles)('$file is as its schema says', ({ file }) => {
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../fixtures/vectors/${name}`, import.meta.url), 'utf8'))
  const validate = new Ajv2020({ allErrors: true }).compile(read('vectors.schema.json'))
  validate(read(file))
  expect(validate.errors).toBeNull()
})

function schemaOf(types: Readonly<Record<string, AnySchema>>, name: string): Schema<unknown> {
  const schema = types[name]
  if (!schema) throw new Error(`No type ${name}`)
  return schema as unknown as Schema<unknown>
}

function flat(tlvs: readonly Tlv[]): readonly Tlv[] {
  return tlvs.flatMap((tlv) => [tlv, ...flat(tlv.children ?? [])])
}

function attempt(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
