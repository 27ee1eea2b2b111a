import { expect, test } from 'vitest'
import { decode, encode, fromHex, toHex } from '../ber/index.ts'
import { EidValue, Iccid, VersionType } from './index.ts'

test.each([
  ['8944058925001234567', '5a0a984450985200214365f7'],
  ['89440589250012345678', '5a0a98445098520021436587'],
  ['898601A2345678901B', '5a0a9868102a43658709b1ff'],
  ['', '5a0affffffffffffffffffff'],
])('the ICCID %s has its nibbles swapped, any nibble is kept', (text, hex) => {
  expect(toHex(encode(Iccid, text))).toBe(hex)
  expect(decode(Iccid, fromHex(hex))).toBe(text)
})

test('what is no ICCID, EID or version is a bug of the caller', () => {
  expect(() => encode(Iccid, '894405892500123456789')).toThrow(RangeError)
  expect(() => encode(Iccid, '89-4')).toThrow(RangeError)
  expect(() => encode(EidValue, '8904')).toThrow(RangeError)
  for (const text of ['2.5', '2.5.0.1', '2.256.0', '2.x.0', ''])
    expect(() => encode(VersionType, text)).toThrow(RangeError)
})
