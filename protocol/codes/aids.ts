import { fromHex, toHex } from '../ber/index.ts'

/** Application identifiers: SGP.02, annex H, used by SGP.22 and SGP.32; USIM and ISIM: ETSI TS 101 220. */
export const aids = {
  isdR: fromHex('A0000005591010FFFFFFFF8900000100'),
  ecasd: fromHex('A0000005591010FFFFFFFF8900000200'),
  isdPExecutableLoadFile: fromHex('A0000005591010FFFFFFFF8900000D00'),
  isdPExecutableModule: fromHex('A0000005591010FFFFFFFF8900000E00'),
  /** Beginning of the AID of a USIM, which the issuer completes. */
  usim: fromHex('A0000000871002'),
  /** Beginning of the AID of an ISIM. */
  isim: fromHex('A0000000871004'),
} as const

const ISD_P = 'a0000005591010ffffffff8900'

/** Numbers that an ISD-P can have. */
export const isdPNumbers = { min: 0x0010, max: 0xffff } as const

/** AID of the ISD-P with this number, which is octets 14 and 15, counted from 1. */
export function isdPAid(number: number): Uint8Array {
  if (!Number.isInteger(number) || number < isdPNumbers.min || number > isdPNumbers.max)
    throw new RangeError(`No ISD-P has the number ${number}`)
  return fromHex(`${ISD_P}${number.toString(16).padStart(4, '0')}00`)
}

/** The number of an ISD-P, undefined when the AID is of something else. */
export function isdPNumber(aid: Uint8Array): number | undefined {
  const match = /^a0000005591010ffffffff8900([0-9a-f]{4})00$/.exec(toHex(aid))
  const number = Number.parseInt(match?.[1] ?? '', 16)
  return number >= isdPNumbers.min ? number : undefined
}
