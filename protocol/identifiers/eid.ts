/** EID: SGP.29 v1.1, 10. 32 digits; on the wire 16 octets of plain BCD. */
import { digitsToOctets, octetsToDigits } from './bcd.ts'

const EID_DIGITS = 32
const EID_OCTETS = 16

/** 32 decimal digits, whatever the last two are. */
export function isEid(text: string): boolean {
  return /^[0-9]{32}$/.test(text)
}

/** ISO/IEC 7064 MOD 97-10. Cards of the field break it and the protocols never check it: a reason to warn, not to refuse. */
export function hasValidEidCheckDigits(eid: string): boolean {
  return isEid(eid) && modulo97(eid) === 1
}

/** The EID whose first 30 digits are `prefix`: EIN and ESIN, without the check digits. */
export function completeEid(prefix: string): string {
  if (!/^[0-9]{30}$/.test(prefix)) throw new Error(`an EID has 30 digits before its check digits: ${prefix}`)
  const checkDigits = 98 - modulo97(`${prefix}00`)
  return prefix + String(checkDigits).padStart(2, '0')
}

/** 16 octets, as in EF.EID and SGP.22. Throws when there are not 32 decimal digits. */
export function eidToOctets(eid: string): Uint8Array {
  if (eid.length !== EID_DIGITS) throw new Error(`an EID has 32 digits: ${eid}`)
  return digitsToOctets(eid, EID_OCTETS, 'plain')
}

/** Never throws: a nibble that is no digit shows as its letter. */
export function octetsToEid(octets: Uint8Array): string {
  return octetsToDigits(octets, 'plain')
}

function modulo97(digits: string): number {
  let remainder = 0
  for (let i = 0; i < digits.length; i++) remainder = (remainder * 10 + digits.charCodeAt(i) - 48) % 97
  return remainder
}
