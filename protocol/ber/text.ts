/**
 * Strings made of octets. `String.fromCharCode` with a fixed number of arguments makes a flat string in one step, several times as fast as adding
 * to a string octet by octet; the lengths written out are those of EID, ICCID and transaction identifier.
 */

/** Character codes of the two digits of each octet. */
export interface Digits {
  readonly first: Uint8Array
  readonly second: Uint8Array
}

const codesOf = (alphabet: string, nibble: (octet: number) => number): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, octet) => alphabet.charCodeAt(nibble(octet)))

const high = (octet: number): number => octet >> 4
const low = (octet: number): number => octet & 0xf
const LOWER = '0123456789abcdef'
const UPPER = '0123456789ABCDEF'

export const lowerCase: Digits = { first: codesOf(LOWER, high), second: codesOf(LOWER, low) }
export const upperCase: Digits = { first: codesOf(UPPER, high), second: codesOf(UPPER, low) }
/** The nibbles of each octet swapped. */
export const upperCaseSwapped: Digits = { first: upperCase.second, second: upperCase.first }

const { fromCharCode } = String
const at = (table: Uint8Array, index: number): number => table[index] as number

/** Two digits for each octet from `from` up to `to`. */
export function hexText(octets: Uint8Array, from: number, to: number, digits: Digits): string {
  let text = ''
  let next = from
  if (to - from === 10) return tenInHex(octets, from, digits)
  if (to - from === 16) return sixteenInHex(octets, from, digits)
  for (; next + 16 <= to; next += 16) text += sixteenInHex(octets, next, digits)
  if (next + 8 <= to) {
    text += eightInHex(octets, next, digits)
    next += 8
  }
  for (; next + 2 <= to; next += 2) text += twoInHex(octets, next, digits)
  if (next < to) text += fromCharCode(at(digits.first, at(octets, next)), at(digits.second, at(octets, next)))
  return text
}

function twoInHex(octets: Uint8Array, from: number, { first, second }: Digits): string {
  const a = at(octets, from)
  const b = at(octets, from + 1)
  return fromCharCode(at(first, a), at(second, a), at(first, b), at(second, b))
}

function eightInHex(octets: Uint8Array, from: number, { first: x, second: y }: Digits): string {
  const a = at(octets, from)
  const b = at(octets, from + 1)
  const c = at(octets, from + 2)
  const d = at(octets, from + 3)
  const e = at(octets, from + 4)
  const f = at(octets, from + 5)
  const g = at(octets, from + 6)
  const h = at(octets, from + 7)
  // biome-ignore format: two octets a line
  return fromCharCode(
    at(x, a), at(y, a), at(x, b), at(y, b),
    at(x, c), at(y, c), at(x, d), at(y, d),
    at(x, e), at(y, e), at(x, f), at(y, f),
    at(x, g), at(y, g), at(x, h), at(y, h),
  )
}

function tenInHex(octets: Uint8Array, from: number, { first: x, second: y }: Digits): string {
  const a = at(octets, from)
  const b = at(octets, from + 1)
  const c = at(octets, from + 2)
  const d = at(octets, from + 3)
  const e = at(octets, from + 4)
  const f = at(octets, from + 5)
  const g = at(octets, from + 6)
  const h = at(octets, from + 7)
  const i = at(octets, from + 8)
  const j = at(octets, from + 9)
  // biome-ignore format: two octets a line
  return fromCharCode(
    at(x, a), at(y, a), at(x, b), at(y, b),
    at(x, c), at(y, c), at(x, d), at(y, d),
    at(x, e), at(y, e), at(x, f), at(y, f),
    at(x, g), at(y, g), at(x, h), at(y, h),
    at(x, i), at(y, i), at(x, j), at(y, j),
  )
}

function sixteenInHex(octets: Uint8Array, from: number, { first: x, second: y }: Digits): string {
  const a = at(octets, from)
  const b = at(octets, from + 1)
  const c = at(octets, from + 2)
  const d = at(octets, from + 3)
  const e = at(octets, from + 4)
  const f = at(octets, from + 5)
  const g = at(octets, from + 6)
  const h = at(octets, from + 7)
  const i = at(octets, from + 8)
  const j = at(octets, from + 9)
  const k = at(octets, from + 10)
  const l = at(octets, from + 11)
  const m = at(octets, from + 12)
  const n = at(octets, from + 13)
  const o = at(octets, from + 14)
  const p = at(octets, from + 15)
  // biome-ignore format: two octets a line
  return fromCharCode(
    at(x, a), at(y, a), at(x, b), at(y, b),
    at(x, c), at(y, c), at(x, d), at(y, d),
    at(x, e), at(y, e), at(x, f), at(y, f),
    at(x, g), at(y, g), at(x, h), at(y, h),
    at(x, i), at(y, i), at(x, j), at(y, j),
    at(x, k), at(y, k), at(x, l), at(y, l),
    at(x, m), at(y, m), at(x, n), at(y, n),
    at(x, o), at(y, o), at(x, p), at(y, p),
  )
}

/** Each octet from `from` up to `to` as the character of its code: seven-bit text, ISO 8859-1. */
export function latin1Text(octets: Uint8Array, from: number, to: number): string {
  let text = ''
  let next = from
  for (; next + 8 <= to; next += 8) text += eightCharacters(octets, next)
  for (; next + 2 <= to; next += 2) text += fromCharCode(at(octets, next), at(octets, next + 1))
  if (next < to) text += fromCharCode(at(octets, next))
  return text
}

function eightCharacters(octets: Uint8Array, i: number): string {
  // biome-ignore format: as read
  return fromCharCode(
    at(octets, i), at(octets, i + 1), at(octets, i + 2), at(octets, i + 3),
    at(octets, i + 4), at(octets, i + 5), at(octets, i + 6), at(octets, i + 7),
  )
}
