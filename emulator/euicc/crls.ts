/** CRLs that a card has loaded: SGP.22 v2.5, 4.6. One for each CI, in parts where it came in parts. */
import { equalOctets } from '../../protocol/ber/index.ts'
import type { Crl, IsRevoked } from '../../protocol/crypto/index.ts'

export interface StoredCrl {
  readonly ciPkId: Uint8Array
  readonly crlNumber: number
  readonly parts: readonly StoredPart[]
  /** Of the parts; 1 for a CRL in one. */
  readonly total: number
}

interface StoredPart {
  readonly number: number
  /** Serial numbers, in hexadecimal as on the wire. */
  readonly revokedHex: readonly string[]
}

type Crls = readonly StoredCrl[]

export const crlOf = (crls: Crls, ciPkId: Uint8Array): StoredCrl | undefined =>
  crls.find((crl) => equalOctets(crl.ciPkId, ciPkId))

/** By what is in `crls`: a certificate is known by its serial number under its CI. */
export function revokedBy(crls: Crls): IsRevoked {
  return ({ serialNumberHex }, { subjectKeyIdentifier }) => {
    const crl = subjectKeyIdentifier && crlOf(crls, subjectKeyIdentifier)
    return crl?.parts.some(({ revokedHex }) => revokedHex.includes(serialNumberHex)) ?? false
  }
}

/** A newer CRL takes the place of the one before; a delta CRL, and another part of the same CRL, come to it. */
export function withCrl(crls: Crls, crl: Crl): Crls {
  const { authorityKeyIdentifier: ciPkId, crlNumber, part = { number: 1, total: 1 }, revokedHex } = crl
  const before = crlOf(crls, ciPkId)
  const others = crls.filter((other) => other !== before)
  if (before && crl.baseCrlNumber !== undefined) {
    const delta = { number: 0, revokedHex: [...revokedOf(before, 0), ...revokedHex] }
    return [...others, { ...before, crlNumber, parts: [...partsBut(before, 0), delta] }]
  }
  const kept = before?.crlNumber === crlNumber && before.total === part.total ? partsBut(before, part.number) : []
  const { number, total } = part
  return [...others, { ciPkId, crlNumber, total, parts: [...kept, { number, revokedHex }] }]
}

const partsBut = ({ parts }: StoredCrl, number: number) => parts.filter((part) => part.number !== number)

const revokedOf = ({ parts }: StoredCrl, number: number): readonly string[] =>
  parts.find((part) => part.number === number)?.revokedHex ?? []

export function missingParts({ parts, total }: StoredCrl): readonly number[] {
  const numbers = Array.from({ length: total }, (_, i) => i + 1)
  return numbers.filter((number) => !parts.some((part) => part.number === number))
}

/** Octets of non-volatile memory. */
export const sizeOfCrls = (crls: Crls): number =>
  crls
    .flatMap(({ parts }) => parts.flatMap(({ revokedHex }) => revokedHex))
    .reduce((sum, hex) => sum + hex.length / 2, 0)
