/** ECDSA with SHA-256: BSI TR-03111, 4.2.1, plain format, as in all signatures of SGP.22 but those of X.509: r, s. 64 octets. */
import { sign as opensslSign, verify as opensslVerify } from 'node:crypto'
import { concatOctets, encode } from '../ber/index.ts'
import { SCALAR_OCTETS } from './curves.ts'
import type { PrivateKey, PublicKey } from './keys.ts'
import { plainOctets } from './octets.ts'
import { EcdsaSigValue, positiveInteger } from './x509.ts'

/** Signs the concatenation of `octets`. */
export type Signer = (privateKey: PrivateKey, octets: readonly Uint8Array[]) => Uint8Array

export const sign: Signer = (privateKey, octets) =>
  plainOctets(opensslSign('sha256', joined(octets), { key: privateKey.keyObject, dsaEncoding: 'ieee-p1363' }))

/** False as well for a signature of another length and for a key whose point is not on the curve. */
export function verify(publicKey: PublicKey, octets: readonly Uint8Array[], signature: Uint8Array): boolean {
  return verifies(publicKey, joined(octets), signature, 'ieee-p1363')
}

/** ECDSA-Sig-Value in DER, as in X.509 only: RFC 5480. */
export function verifyDer(publicKey: PublicKey, octets: Uint8Array, signature: Uint8Array): boolean {
  return verifies(publicKey, octets, signature, 'der')
}

/** From the plain format to ECDSA-Sig-Value in DER. */
export function signatureToDer(signature: Uint8Array): Uint8Array {
  const r = positiveInteger(signature.subarray(0, SCALAR_OCTETS))
  return encode(EcdsaSigValue, { r, s: positiveInteger(signature.subarray(SCALAR_OCTETS)) })
}

function verifies(publicKey: PublicKey, octets: Uint8Array, signature: Uint8Array, dsaEncoding: 'der' | 'ieee-p1363') {
  try {
    return opensslVerify('sha256', octets, { key: publicKey.keyObject, dsaEncoding }, signature)
  } catch {
    return false
  }
}

function joined(octets: readonly Uint8Array[]): Uint8Array {
  return octets.length === 1 && octets[0] !== undefined ? octets[0] : concatOctets(...octets)
}
