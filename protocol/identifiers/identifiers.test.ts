import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  completeEid,
  completeIccid,
  eidToOctets,
  formatActivationCode,
  hasValidEidCheckDigits,
  hasValidLuhnDigit,
  iccidToOctets,
  iccidToProfileHeaderOctets,
  imeiToOctets,
  isEid,
  isIccid,
  isImei,
  luhnDigit,
  octetsToEid,
  octetsToIccid,
  octetsToImei,
  octetsToTac,
  parseActivationCode,
  profileHeaderOctetsToIccid,
  tacToOctets,
} from './index.ts'

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase()
const octets = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const digits = (minLength: number, maxLength = minLength) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((values) => values.join(''))

describe('EID', () => {
  // SGP.26 test eUICC; an EID that pySim prints as its example; a GSMA-assigned EIN.
  const valid = [
    '89049032123451234512345678901235',
    '89882119900000000000000000001654',
    '12345000000000000000000000000186',
  ]
  it.each(valid)('%s has the check digits of ISO 7064 MOD 97-10', (eid) => {
    expect(hasValidEidCheckDigits(eid)).toBe(true)
    expect(completeEid(eid.slice(0, 30))).toBe(eid)
  })
  it.each([
    '89049032123451234512345678901234',
    '12345000000000000000000000000133',
    '8904903212345123451234567890123',
    '',
  ])('%s is seen to have wrong check digits', (eid) => expect(hasValidEidCheckDigits(eid)).toBe(false))
  it('is 16 octets with the first digit in the high nibble', () => {
    expect(hex(eidToOctets('89049032123451234512345678901235'))).toBe('89049032123451234512345678901235')
    expect(octetsToEid(octets('89049032123451234512345678901235'))).toBe('89049032123451234512345678901235')
  })
  it('is 32 decimal digits and nothing else', () => {
    expect(isEid('89049032123451234512345678901235')).toBe(true)
    expect(isEid('8904903212345123451234567890123F')).toBe(false)
    expect(() => eidToOctets('8904903212345123451234567890123F')).toThrow('decimal digit')
    expect(() => eidToOctets('123')).toThrow('32 digits')
    expect(() => completeEid('8904')).toThrow('30 digits')
  })
  it('gets valid check digits for every prefix, also when they start with a zero', () => {
    fc.assert(fc.property(digits(30), (prefix) => hasValidEidCheckDigits(completeEid(prefix))))
  })
})

describe('ICCID', () => {
  it.each([
    ['8944058925001234567', '984450985200214365F7'],
    ['89000123456789012341', '98001032547698103214'],
  ])('%s is %s on the wire', (iccid, wire) => {
    expect(hex(iccidToOctets(iccid))).toBe(wire)
    expect(octetsToIccid(octets(wire))).toBe(iccid)
  })
  it.each([
    ['894405892500123456', '6'],
    ['8900012345678901234', '1'],
    ['8988211000000000', '3'],
    ['893410000000000000', '1'],
    ['898821100000000000', '3'],
  ])('%s takes the Luhn digit %s', (base, digit) => {
    expect(luhnDigit(base)).toBe(digit)
    expect(completeIccid(base)).toBe(base + digit)
    expect(hasValidLuhnDigit(base + digit)).toBe(true)
  })
  it('with a wrong Luhn digit is seen, but still an ICCID', () => {
    expect(hasValidLuhnDigit('8944058925001234567')).toBe(false)
    expect(isIccid('8944058925001234567')).toBe(true)
  })
  it.each(['894405892500123456', '894405892500123456F', '894405892500123456789', ''])('%s is no ICCID', (text) =>
    expect(isIccid(text)).toBe(false),
  )
  it('keeps its nibbles in order in the ProfileHeader', () => {
    expect(hex(iccidToProfileHeaderOctets('89000123456789012341'))).toBe('89000123456789012341')
    expect(profileHeaderOctetsToIccid(octets('8900012345678901234F'))).toBe('8900012345678901234')
  })
  it('of strange nibbles is shown, not refused', () => {
    expect(octetsToIccid(octets('98AB'))).toBe('89BA')
    expect(() => iccidToOctets('894405892500123456789')).toThrow('20 digits')
  })
  it('comes back from the wire for 19 and 20 digits', () => {
    fc.assert(fc.property(digits(19, 20), (iccid) => octetsToIccid(iccidToOctets(iccid)) === iccid))
  })
})

describe('IMEI and TAC', () => {
  it('have swapped nibbles, except for the check digit of the IMEI', () => {
    expect(hex(imeiToOctets('490154203237518'))).toBe('941045022373158F')
    expect(octetsToImei(octets('941045022373158F'))).toBe('490154203237518')
    expect(hex(tacToOctets('49015420'))).toBe('94104502')
    expect(octetsToTac(octets('94104502'))).toBe('49015420')
  })
  it('are read in the coding before SGP.22 v2.1, too', () => {
    expect(octetsToImei(octets('94104502237315F8'))).toBe('490154203237518')
  })
  it('are known by their length and the Luhn digit', () => {
    expect(isImei('490154203237518')).toBe(true)
    expect(isImei('490154203237517')).toBe(false)
    expect(isImei('49015420323751')).toBe(false)
    expect(() => imeiToOctets('49015420323751')).toThrow('15 digits')
    expect(() => tacToOctets('4901542')).toThrow('8 digits')
  })
})

describe('activation code', () => {
  it.each([
    [
      'LPA:1$SMDP.EXAMPLE.COM$04386-AGYFT-A74Y8-3F815',
      { smdpAddress: 'SMDP.EXAMPLE.COM', matchingId: '04386-AGYFT-A74Y8-3F815' },
    ],
    [
      'LPA:1$smdp.example.com$TOKEN$$1',
      { smdpAddress: 'smdp.example.com', matchingId: 'TOKEN', confirmationCodeRequired: true },
    ],
    [
      'LPA:1$smdp.example.com$TOKEN$1.3.6.1.4.1.31746$1',
      {
        smdpAddress: 'smdp.example.com',
        matchingId: 'TOKEN',
        smdpOid: '1.3.6.1.4.1.31746',
        confirmationCodeRequired: true,
      },
    ],
    ['LPA:1$localhost:8444$', { smdpAddress: 'localhost:8444', matchingId: '' }],
    [
      'LPA:1$smdp.example.com$TOKEN$2.999.10',
      { smdpAddress: 'smdp.example.com', matchingId: 'TOKEN', smdpOid: '2.999.10' },
    ],
  ])('%s is read and written', (text, code) => {
    expect(parseActivationCode(text)).toEqual(code)
    expect(formatActivationCode(code as never)).toBe(text)
  })
  it.each([
    ['without the prefix', '1$smdp.example.com$T'],
    ['with the prefix in lower case', 'lpa:1$smdp.example.com$T'],
    ['with fields of a later version', 'LPA:1$smdp.example.com$T$$0$F54172BD$1'],
    ['with a flag that is not 1', 'LPA:1$smdp.example.com$T$$yes'],
  ])('is read %s', (_, text) => {
    expect(parseActivationCode(text)).toEqual({ smdpAddress: 'smdp.example.com', matchingId: 'T' })
  })
  it.each([
    ['LPA:2$smdp.example.com$T', 'AC_Format'],
    ['', 'AC_Format'],
    ['LPA:1', 'SM-DP+ Address'],
    ['LPA:1$$T', 'SM-DP+ Address'],
    ['LPA:1$https://smdp.example.com$T', 'SM-DP+ Address'],
    ['LPA:1$-smdp.example.com$T', 'SM-DP+ Address'],
    ['LPA:1$smdp.example.com', 'AC_Token'],
    ['LPA:1$smdp.example.com$token', 'AC_Token'],
    ['LPA:1$smdp.example.com$T$2.999.', 'SM-DP+ OID'],
    [`LPA:1$smdp.example.com$${'T'.repeat(255)}`, 'length'],
  ])('%s is refused by the name of its part, %s', (text, error) => {
    expect(parseActivationCode(text)).toEqual({ error })
  })
})
