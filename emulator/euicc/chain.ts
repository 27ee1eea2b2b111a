/** What a card makes of a server's certificate: SGP.22 v2.5, 4.5.2.2. It has no clock, so validity periods are not looked at. */
import { DecodeError } from '../../protocol/ber/index.ts'
import { type Certificate, type ChainReason, readCertificate } from '../../protocol/crypto/index.ts'

/** `undefined` for octets that are no certificate. */
export function certificateOf(octets: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(octets)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

/** Why a certificate is refused; `unreadable` for octets that are none. */
export type CertificateRefusal = ChainReason | 'unreadable'

/** The reasons that ES10b has a code of their own for; all others are an invalid certificate. */
export const isInvalid = (refusal: CertificateRefusal | undefined, ...apart: readonly CertificateRefusal[]): boolean =>
  refusal !== undefined && !apart.includes(refusal)
