import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AnySchema,
  bcd,
  bitString,
  boolean,
  capture,
  captured,
  choice,
  DecodeError,
  decode,
  decodeErrorCodes,
  decodeFirst,
  digits,
  describe as dump,
  encode,
  enumeration,
  explicit,
  flag,
  foreignSequence,
  fromHex,
  hexString,
  integer,
  named,
  namedBits,
  octetString,
  oid,
  optional,
  retag,
  sequence,
  sequenceOf,
  slice,
  tagList,
  toHex,
  utf8String,
  withDefault,
} from './index.ts'

const Iccid = bcd(0x5a, 10)
const Psmo = choice('Psmo', {
  enable: sequence(0xa3, { iccid: Iccid, rollbackFlag: optional(flag(0x05)) }),
  disable: sequence(0xa4, { iccid: Iccid }),
  getRAT: sequence(0xa6, {}),
})
const Sample = named(
  'Sample',
  sequence(0xbf51, {
    name: utf8String(0x80, { min: 1, max: 128 }),
    counter: integer(0x81),
    kind: withDefault(enumeration(0x82, { first: 1, second: 2 }), 'first'),
    list: sequenceOf(0xa3, Psmo),
    inner: optional(explicit(0xa4, Psmo)),
  }),
)

/** ITU-T X.690 and X.680: one row per type, written by hand. */
const valid: [string, AnySchema, string, unknown][] = [
  ['integer zero', integer(), '020100', 0],
  ['integer 127', integer(), '02017f', 127],
  ['integer 128', integer(), '02020080', 128],
  ['integer -1', integer(), '0201ff', -1],
  ['integer -129', integer(), '0202ff7f', -129],
  ['integer of seven octets', integer(), '02071fffffffffffff', Number.MAX_SAFE_INTEGER],
  ['named integer', enumeration(0x80, { ok: 0, undefinedError: 127 }), '80017f', 'undefinedError'],
  ['number without a name', enumeration(0x80, { ok: 0 }), '80012a', 'unknown(42)'],
  ['boolean', boolean(), '0101ff', true],
  ['flag', flag(), '0500', true],
  ['named bits', namedBits(0x81, ['install', 'enable', 'disable', 'delete']), '81020410', ['delete']],
  ['no named bit', namedBits(0x81, ['install']), '810100', []],
  ['bit string', bitString(), '030204f0', { unusedBits: 4, octets: fromHex('f0') }],
  ['object identifier 2.999.10', oid(), '060388370a', '2.999.10'],
  ['object identifier of a role', oid(), '060767811201020104', '2.23.146.1.2.1.4'],
  ['text', utf8String(), '0c0568c3a96c6f', 'hélo'],
  ['ICCID of 19 digits', Iccid, '5a0a984450985200214365f7', '8944058925001234567'],
  ['EID', digits(0x5a, 16), '5a1089049032123451234512345678901235', '89049032123451234512345678901235'],
  ['transaction identifier', hexString(0x80, { min: 1, max: 16 }), '8003abcdef', 'ABCDEF'],
  ['tag list', tagList(), '5c065a9f70bf2d81', [0x5a, 0x9f70, 0xbf2d, 0x81]],
  ['length of two octets', octetString(), `048180${'00'.repeat(128)}`, new Uint8Array(128)],
]

for (const [name, schema, hex, value] of valid)
  test(`${name} is read and written`, () => {
    const any = schema as never
    expect(decode(any, fromHex(hex))).toEqual(value)
    expect(toHex(encode(any, value as never))).toBe(hex)
  })

const invalid: [string, AnySchema, string, string, string][] = [
  ['nothing', integer(), '', 'truncated', 'INTEGER'],
  ['a length beyond the end', integer(), '020201', 'truncated', 'INTEGER'],
  ['octets behind the value', integer(), '02010100', 'trailing-octets', 'INTEGER'],
  ['another tag', integer(), '040101', 'unexpected-tag', 'INTEGER'],
  ['a padded integer', integer(), '02020001', 'integer-not-minimal', 'INTEGER'],
  ['an integer without octets', integer(), '0200', 'integer-not-minimal', 'INTEGER'],
  ['an integer of nine octets', integer(), '0209010000000000000000', 'integer-out-of-range', 'INTEGER'],
  ['a boolean of 01', boolean(), '010101', 'boolean-not-canonical', 'BOOLEAN'],
  ['a NULL with content', flag(), '050100', 'null-not-empty', 'NULL'],
  ['a length in two octets that fits in one', octetString(), '04810100', 'length-not-minimal', 'OCTET STRING'],
  ['an indefinite length', octetString(), '04800000', 'length-indefinite', 'OCTET STRING'],
  ['a length of five octets', octetString(), '0485000000000100', 'length-too-large', 'OCTET STRING'],
  ['a padded tag', sequence(0x1f1e, {}), '1f1e00', 'tag-not-minimal', 'SEQUENCE'],
  ['unused bits that are set', bitString(), '030204ff', 'bits-not-canonical', 'BIT STRING'],
  ['nine unused bits', bitString(), '03020900', 'bits-not-canonical', 'BIT STRING'],
  ['an OID that ends inside an arc', oid(), '060188', 'oid-malformed', 'OBJECT IDENTIFIER'],
  ['a padded arc', oid(), '06032a8001', 'oid-malformed', 'OBJECT IDENTIFIER'],
  ['text that is not UTF-8', utf8String(), '0c01ff', 'text-malformed', 'UTF8String'],
  ['letters in an EID', digits(0x5a, 1), '5a01ab', 'digits-malformed', 'OCTET STRING'],
  ['a string too long', octetString(0x04, { max: 1 }), '04020000', 'size-out-of-range', 'OCTET STRING'],
  ['a tag list that ends inside a tag', tagList(), '5c01bf', 'tag-list-malformed', 'TagList'],
  ['a mandatory field left out', Sample, 'bf5103800161', 'missing-field', 'Sample.counter'],
  ['an empty name', Sample, 'bf51028000', 'size-out-of-range', 'Sample.name'],
  ['a field twice', Sample, 'bf510b800161810101a300810101', 'unexpected-tag', 'Sample'],
  [
    'an error deep inside',
    Sample,
    'bf5110800161810101a308a3065a0498000010',
    'size-out-of-range',
    'Sample.list.[0].enable.iccid',
  ],
]

for (const [name, schema, hex, code, path] of invalid)
  test(`${name} is refused as ${code} at ${path}`, () => {
    const refusal = attempt(() => decode(schema as never, fromHex(hex)))
    expect(refusal).toMatchObject({ code, path })
  })

function attempt(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}

test('every code of the table is provoked above', () => {
  expect(new Set(invalid.map(([, , , code]) => code))).toEqual(new Set(Object.keys(decodeErrorCodes)))
})

test('BER rules accept a long length and any true', () => {
  expect(decode(boolean(), fromHex('01810101'), { rules: 'BER' })).toBe(true)
})

test('elements behind the last known component are skipped', () => {
  expect(decode(sequence(0x30, { a: integer(0x80) }), fromHex('3007800105bf7f0100'))).toEqual({ a: 5 })
})

test('a captured value keeps the octets it came from, also those that it does not understand', () => {
  const octets = fromHex('30078001059f7f0100')
  const read = decode(captured(sequence(0x30, { a: integer(0x80) })), octets)
  expect(read).toEqual({ octets, value: { a: 5 } })
  expect(encode(captured(sequence(0x30, { a: integer(0x80) })), read)).toEqual(octets)
  expect(capture(integer(), 5)).toEqual({ octets: fromHex('020105'), value: 5 })
})

test('a slice is kept unread and a retagged type keeps its content', () => {
  expect(toHex(decode(slice(sequence(0x30, {})), fromHex('3003020101')))).toBe('3003020101')
  expect(toHex(encode(retag(0xa5, sequence(0x30, { a: integer() })), { a: 1 }))).toBe('a503020101')
})

test('a sequence of another standard keeps its own tag when an implicit one replaces it on the wire', () => {
  const certificate = fromHex('3003020101')
  const implicit = retag(0xa5, foreignSequence('Certificate'))
  expect(toHex(encode(implicit, certificate))).toBe('a503020101')
  expect(decode(implicit, fromHex('a503020101'))).toEqual(certificate)
  expect(decode(implicit, fromHex('a5053003020101'))).toEqual(certificate)
  expect(decode(foreignSequence('Certificate'), certificate)).toEqual(certificate)
  expect(() => encode(implicit, fromHex('020101'))).toThrow(RangeError)
})

test('hexadecimal text is read in either case with white space, and nothing else is', () => {
  expect(fromHex(' 00 aF\nfa')).toEqual(Uint8Array.of(0x00, 0xaf, 0xfa))
  for (const text of ['0', '0g', 'g0', '00 0', '\u0130\u0130', '-1', '0x00'])
    expect(() => fromHex(text)).toThrow(RangeError)
})

test('several values can stand one after the other', () => {
  const { value, rest } = decodeFirst(integer(), fromHex('020101020102'))
  expect([value, toHex(rest)]).toEqual([1, '020102'])
})

test('a value that is not of the type is a bug of the caller', () => {
  expect(() => encode(Iccid, 'x')).toThrow(RangeError)
  expect(() => encode(sequence(0x30, { a: integer() }), {} as never)).toThrow('a is missing')
})

test('the dump names every field, with the octets that it covers', () => {
  const octets = encode(Sample, {
    name: 'eim',
    counter: 5,
    kind: 'second',
    list: [{ kind: 'enable', value: { iccid: '8944058925001234567', rollbackFlag: true } }],
  })
  const [root] = dump(octets, Sample)
  expect(root).toMatchObject({ type: 'Sample', tag: 0xbf51, offset: 0, headerLength: 3, length: octets.length - 3 })
  expect(root?.children?.map(({ field, value }) => [field, value])).toEqual([
    ['name', 'eim'],
    ['counter', '5'],
    ['kind', 'second'],
    ['list', undefined],
  ])
  expect(root?.children?.[3]?.children?.[0]).toMatchObject({
    field: '[0].enable',
    children: [
      { field: 'iccid', value: '8944058925001234567' },
      { field: 'rollbackFlag', value: 'true' },
    ],
  })
})

test('the dump shows the tags of a tag list as they are written', () => {
  expect(dump(fromHex('5c055a9f70bf2d'), tagList())[0]?.value).toBe('5a 9f70 bf2d')
})

test('the dump of broken octets shows what can be read and says where it ends', () => {
  const [root] = dump(fromHex('bf5108800161810101a301'), Sample)
  expect(root).toMatchObject({ error: 'truncated', value: '800161810101a301' })
})

const sample = fc.record(
  {
    name: fc.string({ minLength: 1, maxLength: 40 }),
    counter: fc.maxSafeInteger(),
    kind: fc.constantFrom('first' as const, 'second' as const),
    list: fc.array(
      fc.oneof(
        fc.constant({ kind: 'getRAT' as const, value: {} }),
        fc.record({
          kind: fc.constant('disable' as const),
          value: fc.record({ iccid: fc.stringMatching(/^\d{18,20}$/) }),
        }),
      ),
    ),
  },
  { requiredKeys: ['name', 'counter', 'kind', 'list'] },
)

test('what is written is read back as the same value', () => {
  fc.assert(
    fc.property(sample, (value) => {
      expect(decode(Sample, encode(Sample, value))).toEqual(value)
    }),
  )
})

test('mutated octets are read or refused with a DecodeError, never anything else', () => {
  const octets = encode(Sample, { name: 'eim', counter: 1, kind: 'second', list: [{ kind: 'getRAT', value: {} }] })
  fc.assert(
    fc.property(fc.nat(octets.length - 1), fc.nat(255), fc.nat(octets.length), (at, octet, length) => {
      const mutated = octets.slice(0, length)
      if (at < length) mutated[at] = octet
      const result = attempt(() => decode(Sample, mutated))
      expect(result instanceof Error && !(result instanceof DecodeError)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})
