/** ICCID: ITU-T E.118; coded as EF.ICCID, TS 102 221, 13.2. Digits in the code, 10 octets of swapped BCD on the wire. */
import { digitsToOctets, octetsToDigits } from './bcd.ts'
import { luhnDigit } from './luhn.ts'

const ICCID_OCTETS = 10

/** 19 or 20 digits. Test profiles often end in a wrong Luhn digit, so that is not asked here. */
export function isIccid(text: string): boolean {
  return /^[0-9]{19,20}$/.test(text)
}

/** Appends the Luhn digit to the 18 or 19 digits before it. */
export function completeIccid(digits: string): string {
  return digits + luhnDigit(digits)
}

/** 10 octets, filled with F. Throws for more than 20 digits, and for anything but decimal digits. */
export function iccidToOctets(iccid: string): Uint8Array {
  if (iccid.length > 2 * ICCID_OCTETS) throw new Error(`an ICCID has at most 20 digits: ${iccid}`)
  return digitsToOctets(iccid, ICCID_OCTETS, 'swapped')
}

/** Without the filler. Never throws: a nibble that is no digit shows as its letter. */
export function octetsToIccid(octets: Uint8Array): string {
  return octetsToDigits(octets, 'swapped')
}

/** `iccid` of the SAIP ProfileHeader, TCA Profile Package 3.3.1, is the one place where the nibbles are not swapped. */
export function iccidToProfileHeaderOctets(iccid: string): Uint8Array {
  return digitsToOctets(iccid, ICCID_OCTETS, 'plain')
}

/** Without the filler, from the nibbles as they stand. */
export function profileHeaderOctetsToIccid(octets: Uint8Array): string {
  return octetsToDigits(octets, 'plain')
}
