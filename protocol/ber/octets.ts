/** Octet strings without a runtime dependency, so that the codec also runs in a browser. */

import { hexText, lowerCase, upperCase, upperCaseSwapped } from './text.ts'

/** Lower-case hexadecimal text. */
export const toHex = (octets: Uint8Array): string => hexText(octets, 0, octets.length, lowerCase)

/** Upper-case, as digits are that are none: the nibbles of each octet in their order, or swapped as in an ICCID. */
export const toUpperHex = (octets: Uint8Array): string => hexText(octets, 0, octets.length, upperCase)
export const toSwappedHex = (octets: Uint8Array): string => hexText(octets, 0, octets.length, upperCaseSwapped)

/** Value of each hexadecimal digit by its character code, -1 for any other character. */
const DIGITS = new Int8Array(128).fill(-1)
for (const digit of '0123456789abcdefABCDEF') DIGITS[digit.charCodeAt(0)] = Number.parseInt(digit, 16)

/** Octets of hexadecimal text in either case, white space ignored. Throws RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  const octets = fromDigits(text) ?? fromDigits(text.replace(/\s+/g, ''))
  if (!octets) throw new RangeError(`Not hexadecimal: ${text}`)
  return octets
}

/** `undefined`: not all of it is digits in pairs. */
function fromDigits(digits: string): Uint8Array | undefined {
  const octets = new Uint8Array(digits.length >> 1)
  let wrong = digits.length & 1 ? -1 : 0
  for (let i = 0; i < octets.length; i++) {
    const octet = ((DIGITS[digits.charCodeAt(2 * i)] ?? -1) << 4) | (DIGITS[digits.charCodeAt(2 * i + 1)] ?? -1)
    wrong |= octet
    octets[i] = octet
  }
  return wrong < 0 ? undefined : octets
}

/** Memory of their own costs octets ten times what their place in a slab does, but for short ones, which the heap takes. */
const SLAB = 8192
const LONG_ENOUGH = 65
const SHORT_ENOUGH = 2048

let slab = new Uint8Array(SLAB)
let used = 0

/** Octets that nobody else has, all zero. */
export function room(length: number): Uint8Array {
  if (length < LONG_ENOUGH || length > SHORT_ENOUGH) return new Uint8Array(length)
  if (used + length > SLAB) {
    slab = new Uint8Array(SLAB)
    used = 0
  }
  used += length
  return slab.subarray(used - length, used)
}

export function concatOctets(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = room(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Not constant in time: never for secrets. */
export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A tag as it is written, for example `bf2d`. */
export function tagToHex(tag: number): string {
  const text = tag.toString(16)
  return text.length % 2 === 0 ? text : `0${text}`
}
