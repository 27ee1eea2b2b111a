/** Identifiers of cards, devices and orders: digits and text in the code, octets on the wire. */
export {
  type ActivationCode,
  type ActivationCodeError,
  formatActivationCode,
  parseActivationCode,
} from './activation-code.ts'
export { completeEid, eidToOctets, hasValidEidCheckDigits, isEid, octetsToEid } from './eid.ts'
export {
  completeIccid,
  iccidToOctets,
  iccidToProfileHeaderOctets,
  isIccid,
  octetsToIccid,
  profileHeaderOctetsToIccid,
} from './iccid.ts'
export { imeiToOctets, isImei, octetsToImei, octetsToTac, tacToOctets } from './imei.ts'
export { hasValidLuhnDigit, luhnDigit } from './luhn.ts'
