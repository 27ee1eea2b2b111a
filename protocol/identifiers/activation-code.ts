/**
 * Activation Code: SGP.22 v2.5, 4.1. `[LPA:]1$<SM-DP+ address>$<AC_Token>[$<SM-DP+ OID>][$<confirmation code required flag>]`.
 * Further fields belong to SGP.22 v3 and are ignored. Unverified: that the prefix `LPA:` is read in any case.
 */
export interface ActivationCode {
  readonly smdpAddress: string
  /** AC_Token; empty when the order is found by the EID. */
  readonly matchingId: string
  /** Dotted decimal. When present, CERT.DPauth must carry it as its registeredID. */
  readonly smdpOid?: string
  readonly confirmationCodeRequired?: true
}

/** The part that cannot be read, in the words of the clause. */
export type ActivationCodeError = 'AC_Format' | 'SM-DP+ Address' | 'AC_Token' | 'SM-DP+ OID' | 'length'

const PREFIX = 'LPA:'
const MAX_LENGTH = 255
const HOST = /^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*(:[0-9]{1,5})?$/
const TOKEN = /^[0-9A-Z-]*$/
const OID = /^[0-2](\.(0|[1-9][0-9]*))+$/

const rows: readonly { part: ActivationCodeError; holds: (fields: readonly string[], text: string) => boolean }[] = [
  { part: 'length', holds: (_, text) => text.length <= MAX_LENGTH },
  { part: 'AC_Format', holds: ([format]) => format === '1' },
  { part: 'SM-DP+ Address', holds: ([, address]) => address !== undefined && HOST.test(address) },
  { part: 'AC_Token', holds: ([, , token]) => token !== undefined && TOKEN.test(token) },
  { part: 'SM-DP+ OID', holds: ([, , , oid]) => oid === undefined || oid === '' || OID.test(oid) },
]

export function parseActivationCode(text: string): ActivationCode | { error: ActivationCodeError } {
  const code = text.slice(0, PREFIX.length).toUpperCase() === PREFIX ? text.slice(PREFIX.length) : text
  const fields = code.split('$')
  const broken = rows.find((row) => !row.holds(fields, code))
  if (broken) return { error: broken.part }
  const [, smdpAddress = '', matchingId = '', smdpOid = '', flag] = fields
  return {
    smdpAddress,
    matchingId,
    ...(smdpOid !== '' && { smdpOid }),
    ...(flag === '1' && { confirmationCodeRequired: true }),
  }
}

/** With the prefix `LPA:`, as in a QR code; trailing empty fields are left out. */
export function formatActivationCode(code: ActivationCode): string {
  const fields = ['1', code.smdpAddress, code.matchingId]
  if (code.smdpOid !== undefined || code.confirmationCodeRequired) fields.push(code.smdpOid ?? '')
  if (code.confirmationCodeRequired) fields.push('1')
  return PREFIX + fields.join('$')
}
