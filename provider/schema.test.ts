import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  ConfigurationError,
  configurationReader,
  defaulted,
  flag,
  type InputOf,
  integer,
  list,
  oneWord,
  optional,
  strict,
  text,
  type ValueOf,
  validator,
  variants,
} from './schema.ts'

const schema = strict({
  name: text({ pattern: '^[a-z]+$' }),
  deep: optional(strict({ list: list(strict({ on: flag() })) })),
  kind: optional(variants('type', [strict({ type: oneWord(['A']), a: text() }), strict({ type: oneWord(['B']) })])),
})
const validate = validator(schema)

describe('a schema', () => {
  it('is the type of what it describes', () => {
    type Value = ValueOf<typeof schema>
    expectTypeOf<Value['name']>().toEqualTypeOf<string>()
    expectTypeOf<NonNullable<Value['deep']>['list'][number]['on']>().toEqualTypeOf<boolean>()
    expectTypeOf<NonNullable<Value['kind']>['type']>().toEqualTypeOf<'A' | 'B'>()
    expectTypeOf<Omit<Value, 'name'>>().not.toExtend<Value>()
    expectTypeOf<Pick<Value, 'name'>>().toExtend<Value>()
  })

  it.each([
    [{ name: 'a' }],
    [{ name: 'a', deep: { list: [{ on: true }] } }],
    [{ name: 'a', kind: { type: 'A', a: '' } }],
  ])('accepts %j', (value) => {
    expect(validate(value)).toEqual({ kind: 'valid', value })
  })

  it.each([
    [null, 'The value must be of type object.'],
    [[], 'The value must be of type object.'],
    [{}, 'Property name is missing.'],
    [{ name: 1 }, 'name must be of type string.'],
    [{ name: 'A' }, 'name must match pattern "^[a-z]+$".'],
    [{ name: 'a', other: 1 }, 'Unknown property other.'],
    [{ name: 'a', deep: { list: [{ on: true, of: 1 }] } }, 'Unknown property deep.list.0.of.'],
    [{ name: 'a', deep: { list: [{}] } }, 'Property deep.list.0.on is missing.'],
    [{ name: 'a', kind: { type: 'C' } }, 'kind.type has a value that is not known.'],
    [{ name: 'a', kind: {} }, 'Property kind.type is missing.'],
    [{ name: 'a', kind: { type: 'B', a: '' } }, 'Unknown property kind.a.'],
    [JSON.parse('{"name":"a","__proto__":{"x":1}}'), 'Unknown property __proto__.'],
    [JSON.parse('{"name":"a","constructor":{}}'), 'Unknown property constructor.'],
  ])('refuses %j: %s', (value, why) => {
    expect(validate(value)).toEqual({ kind: 'invalid', why })
  })
})

it('a sentence stays a sentence, however long the name in it', () => {
  const refused = validate({ name: 'a', ['x'.repeat(10_000)]: 1 })
  expect(refused).toMatchObject({ kind: 'invalid', why: expect.stringMatching(/^Unknown property x{100,300}…$/) })
})

describe('a configuration', () => {
  const parts = strict({
    port: defaulted(integer({ minimum: 0 }), 80),
    inner: defaulted(strict({ on: defaulted(flag(), false) }), {}),
  })
  const read = configurationReader('Test', parts)

  it('may leave out what has a default', () => {
    expectTypeOf<InputOf<typeof parts>>().toExtend<{ readonly port?: number }>()
    expectTypeOf<ValueOf<typeof parts>['port']>().toEqualTypeOf<number>()
    const config = {}
    expect(read(config)).toEqual({ port: 80, inner: { on: false } })
    expect(config).toEqual({})
  })

  it('is refused with a sentence that names the key', () => {
    const unknown = { prot: 1 }
    expect(() => read(unknown)).toThrow(new ConfigurationError('Test configuration: Unknown property prot.'))
    expect(() => read({ port: -1 })).toThrow('Test configuration: port must be >= 0.')
  })
})
