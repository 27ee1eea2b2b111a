/** CRLs that a card has loaded: SGP.22 v2.5, 4.6. One for each CI, in parts where it came in parts. */
import { equalOctets } from '../../protocol/ber/index.ts'
import type { Crl, IsRevoked } from '../../protocol/crypto/index.ts'

export interface StoredCrl {
  readonly ciPkId: Uint8Array
  readonly crlNumber: number
  readonly parts: readonly StoredPart[]
  /** Of the parts; 1 for a CRL in one. */
  readonly total: number
  /** The one that it takes the place of when its last part is there; until then both are believed. Unverified: the latter. */
  readonly before?: StoredCrl
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
    return crl !== undefined && serialNumbersOf(crl).includes(serialNumberHex)
  }
}

const serialNumbersOf = ({ parts, before }: StoredCrl): readonly string[] => [
  ...parts.flatMap(({ revokedHex }) => revokedHex),
  ...(before ? serialNumbersOf(before) : []),
]

/** A newer CRL takes the place of the one before; a delta CRL, and another part of the same CRL, come to it. */
export function withCrl(crls: Crls, crl: Crl): Crls {
  const stored = crlOf(crls, crl.authorityKeyIdentifier)
  const others = crls.filter((other) => other !== stored)
  return [...others, stored && crl.baseCrlNumber !== undefined ? withDelta(stored, crl) : withPart(stored, crl)]
}

function withDelta(stored: StoredCrl, { crlNumber, revokedHex }: Crl): StoredCrl {
  const delta = { number: 0, revokedHex: [...revokedOf(stored, 0), ...revokedHex] }
  return { ...stored, crlNumber, parts: [...partsBut(stored, 0), delta] }
}

function withPart(stored: StoredCrl | undefined, crl: Crl): StoredCrl {
  const { authorityKeyIdentifier: ciPkId, crlNumber, part = { number: 1, total: 1 }, revokedHex } = crl
  const { number, total } = part
  const isSame = stored?.crlNumber === crlNumber && stored.total === total
  const parts = [...(isSame ? partsBut(stored, number) : []), { number, revokedHex }]
  const next = { ciPkId, crlNumber, total, parts }
  const before = stored && (isSame || !isWhole(stored) ? stored.before : stored)
  return before && !isWhole(next) ? { ...next, before } : next
}

const isWhole = (crl: StoredCrl): boolean => missingParts(crl).length === 0

const partsBut = ({ parts }: StoredCrl, number: number) => parts.filter((part) => part.number !== number)

const revokedOf = ({ parts }: StoredCrl, number: number): readonly string[] =>
  parts.find((part) => part.number === number)?.revokedHex ?? []

export function missingParts({ parts, total }: StoredCrl): readonly number[] {
  const numbers = Array.from({ length: total }, (_, i) => i + 1)
  return numbers.filter((number) => !parts.some((part) => part.number === number))
}

/** Octets of non-volatile memory. */
export const sizeOfCrls = (crls: Crls): number =>
  crls.flatMap(serialNumbersOf).reduce((sum, hex) => sum + hex.length / 2, 0)
