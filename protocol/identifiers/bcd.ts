/** Packed decimal digits, two to an octet. `plain`: first digit in the high nibble. `swapped`: in the low nibble, as TS 24.008 dials digits. */
import { toSwappedHex, toUpperHex } from '../ber/index.ts'

export type NibbleOrder = 'plain' | 'swapped'

const FILLER = 'F'

/** `length` octets, filled with 'F' nibbles at the end. */
export function digitsToOctets(digits: string, length: number, order: NibbleOrder): Uint8Array {
  const octets = new Uint8Array(length)
  const high = order === 'plain' ? 0 : 1
  for (let i = 0; i < length; i++) {
    octets[i] = (nibble(digits, 2 * i + high) << 4) | nibble(digits, 2 * i + 1 - high)
  }
  return octets
}

/** Total: a nibble that is no decimal digit shows as its hexadecimal letter, and only fillers at the end are dropped. */
export function octetsToDigits(octets: Uint8Array, order: NibbleOrder): string {
  const digits = order === 'plain' ? toUpperHex(octets) : toSwappedHex(octets)
  let end = digits.length
  while (end > 0 && digits[end - 1] === FILLER) end--
  return digits.slice(0, end)
}

function nibble(digits: string, index: number): number {
  const code = index < digits.length ? digits.charCodeAt(index) - 48 : 15
  if (code < 0 || (code > 9 && index < digits.length)) throw new Error(`not a decimal digit at ${index}: ${digits}`)
  return code
}
