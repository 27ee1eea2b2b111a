/** Luhn check digit: ISO/IEC 7812-1, annex B; used by ICCID (E.118) and IMEI (TS 23.003, annex B). */

/** The digit to append to `digits`. */
export function luhnDigit(digits: string): string {
  return String((10 - (weightedSum(digits, 1) % 10)) % 10)
}

/** False as well for anything but decimal digits. */
export function hasValidLuhnDigit(digits: string): boolean {
  return /^[0-9]+$/.test(digits) && weightedSum(digits, 0) % 10 === 0
}

/** Digits are doubled from the right; `offset` 0 starts with the last digit undoubled, 1 with it doubled. */
function weightedSum(digits: string, offset: 0 | 1): number {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = (i + offset) % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum
}
