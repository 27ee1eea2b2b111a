/** What makes one profile different from the others of its template, and how it is coded in its files. */
import { concatOctets, fromHex } from '../../../protocol/ber/index.ts'
import { iccidToOctets } from '../../../protocol/identifiers/index.ts'

export interface ProfileParameters {
  /** 19 or 20 digits. */
  readonly iccid: string
  /** 15 digits. */
  readonly imsi: string
  readonly mncLength: 2 | 3
  /** Milenage, 16 octets each. */
  readonly k: Uint8Array
  readonly opc: Uint8Array
  readonly serviceProviderName: string
  /** Content of EF.GID1 and EF.GID2. Absent: the profile does not have the file. */
  readonly gid1?: Uint8Array
  readonly gid2?: Uint8Array
}

/** EF.ICCID: ETSI TS 102 221, 13.2. */
export const iccidFile = (iccid: string): Uint8Array => iccidToOctets(iccid)

/** EF.IMSI: 3GPP TS 31.102, 4.2.2. Length, parity and digits with swapped nibbles. */
export const imsiFile = (imsi: string): Uint8Array => concatOctets(Uint8Array.of(8), swapped(`9${imsi}`))

/** EF.ACC: 3GPP TS 31.102, 4.2.15. One of the classes 0 to 9, by the last digit of the IMSI. */
export function accessClassFile(imsi: string): Uint8Array {
  const accessClass = 1 << Number(imsi.at(-1))
  return Uint8Array.of(accessClass >> 8, accessClass & 0xff)
}

/** EF.AD: 3GPP TS 31.102, 4.2.18. Normal operation. */
export const administrativeDataFile = (mncLength: 2 | 3): Uint8Array => Uint8Array.of(0, 0, 0, mncLength)

/** EF.SPN: 3GPP TS 31.102, 4.2.12. 17 octets; names beyond its characters are in UCS2, and what is too long is cut. */
export function serviceProviderNameFile(name: string): Uint8Array {
  const file = new Uint8Array(17).fill(0xff)
  file[0] = 0
  file.set(alphaIdentifier(name, 16), 1)
  return file
}

/** Names in files: ETSI TS 102 221, annex A. ASCII letters, digits and space mean the same in the 7-bit alphabet. */
export function alphaIdentifier(name: string, length: number): Uint8Array {
  if (/^[0-9A-Za-z .,:+-]*$/.test(name)) return new TextEncoder().encode(name.slice(0, length))
  const units = Array.from(name.slice(0, (length - 1) >> 1), (_, i) => name.charCodeAt(i))
  return Uint8Array.of(0x80, ...units.flatMap((unit) => [unit >> 8, unit & 0xff]))
}

/** EF.UST and EF.IST: 3GPP TS 31.102, 4.2.8. The lowest bit of the first octet is service 1. */
export function serviceTable(length: number, services: readonly number[]): Uint8Array {
  const file = new Uint8Array(length)
  for (const service of services) {
    const at = (service - 1) >> 3
    file[at] = (file[at] ?? 0) | (1 << ((service - 1) & 7))
  }
  return file
}

/** PLMN in three octets: 3GPP TS 24.008, 10.5.1.13. */
export function plmn(mcc: string, mnc: string): Uint8Array {
  const [d1, d2, d3] = mcc
  const [m1, m2, m3 = 'f'] = mnc
  return fromHex(`${d2}${d1}${m3}${d3}${m2}${m1}`)
}

/** The PLMN of an IMSI. */
export const homePlmn = ({ imsi, mncLength }: Pick<ProfileParameters, 'imsi' | 'mncLength'>): Uint8Array =>
  plmn(imsi.slice(0, 3), imsi.slice(3, 3 + mncLength))

/** Decimal digits with swapped nibbles, filled with F. */
export function swapped(digits: string): Uint8Array {
  const padded = digits.length % 2 === 0 ? digits : `${digits}f`
  return fromHex(padded.replace(/(.)(.)/g, '$2$1'))
}
