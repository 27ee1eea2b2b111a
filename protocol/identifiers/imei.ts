/** IMEI and TAC in DeviceInfo: SGP.22 v2.5, 4.2. 15 digits (the last a Luhn digit) in 8 octets, 8 digits in 4. */
import { digitsToOctets, octetsToDigits } from './bcd.ts'
import { hasValidLuhnDigit } from './luhn.ts'

const IMEI_OCTETS = 8
const TAC_OCTETS = 4

/** 15 decimal digits, of which the last is the Luhn digit of the others. */
export function isImei(text: string): boolean {
  return /^[0-9]{15}$/.test(text) && hasValidLuhnDigit(text)
}

/** The last octet alone has the digit in its high nibble and the filler in its low one. */
export function imeiToOctets(imei: string): Uint8Array {
  if (imei.length !== 15) throw new Error(`an IMEI has 15 digits: ${imei}`)
  const octets = digitsToOctets(imei, IMEI_OCTETS, 'swapped')
  octets[IMEI_OCTETS - 1] = (Number(imei[14]) << 4) | 0x0f
  return octets
}

/** Reads the check digit in either nibble: devices before SGP.22 v2.1 swapped the last octet, too. */
export function octetsToImei(octets: Uint8Array): string {
  const last = octets.subarray(IMEI_OCTETS - 1)
  const order = ((last[0] ?? 0) & 0x0f) === 0x0f ? 'plain' : 'swapped'
  return octetsToDigits(octets.subarray(0, IMEI_OCTETS - 1), 'swapped') + octetsToDigits(last, order)
}

/** 4 octets. Throws when there are not 8 decimal digits. */
export function tacToOctets(tac: string): Uint8Array {
  if (tac.length !== 8) throw new Error(`a TAC has 8 digits: ${tac}`)
  return digitsToOctets(tac, TAC_OCTETS, 'swapped')
}

/** 8 digits. */
export function octetsToTac(octets: Uint8Array): string {
  return octetsToDigits(octets, 'swapped')
}
