/** CERT.EUICC.ECDSA and CERT.EUM.ECDSA as servers receive them: SGP.22 v2.5, 4.5.2.2. */
import { DecodeError, equalOctets } from '../../protocol/ber/index.ts'
import {
  type Certificate,
  type ChainRefusal,
  type PublicKey,
  readCertificate,
  verifyEuiccChain,
} from '../../protocol/crypto/index.ts'

export interface Euicc {
  readonly eid: string
  /** PK.EUICC.ECDSA. */
  readonly publicKey: PublicKey
}

export type Chain = ({ readonly ok: true } & Euicc) | ChainRefusal

interface Certificates {
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
}

/** `at`: milliseconds since the Unix epoch. */
export function verifyChain(
  { euiccCertificate, eumCertificate }: Certificates,
  { trusted, at }: { readonly trusted: readonly Certificate[]; readonly at: number },
): Chain {
  const eum = tryToRead(eumCertificate)
  const euicc = tryToRead(euiccCertificate)
  if (!eum) return { ok: false, certificate: 'EUM', reason: 'signature' }
  if (!euicc) return { ok: false, certificate: 'EUICC', reason: 'signature' }
  const chain = verifyEuiccChain({ euicc, eum, trusted, at })
  // An EUM that vouches for itself names no CI that could be unknown: its certificate is wrong.
  if (!chain.ok && chain.reason === 'issuer' && isSelfIssued(eum)) return { ...chain, reason: 'signature' }
  if (!chain.ok) return chain
  if (!euicc.publicKey) throw new Error('a verified eUICC certificate has a key on a known curve')
  return { ok: true, eid: chain.eid, publicKey: euicc.publicKey }
}

const isSelfIssued = ({ issuer, subject }: Certificate): boolean => equalOctets(issuer.octets, subject.octets)

function tryToRead(octets: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(octets)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
