/** The layer around a key. */
import { DecodeError, decode } from '../../../protocol/ber/index.ts'
import type { PrivateKey, Signer } from '../../../protocol/crypto/index.ts'
import { EuiccPackageSigned } from '../../../protocol/sgp32/index.ts'
import type { Faults, Hit } from '../faults.ts'

export const signThrough = (
  hits: readonly Hit<'card-signature' | 'eim-signature'>[],
  sign: Signer,
  privateKey: PrivateKey,
) =>
  hits.reduceRight<(octets: readonly Uint8Array[]) => Uint8Array>(
    (next, { apply, parameters }) =>
      (octets) =>
        apply({ privateKey, octets, next: (other = octets) => next(other) }, parameters),
    (octets) => sign(privateKey, octets),
  )

/** The signer of an eIM, whose packages name the EID that they are for. */
export const faultySigner =
  (faults: Faults, sign: Signer): Signer =>
  (privateKey, octets) => {
    if (!faults.isArmed('eim-signature')) return sign(privateKey, octets)
    const message = { interface: 'ESipa', operation: 'GetEimPackage', eid: eidOf(octets[0]) } as const
    return signThrough(faults.strike('eim-signature', message), sign, privateKey)(octets)
  }

function eidOf(signed: Uint8Array | undefined): string | undefined {
  try {
    return signed && decode(EuiccPackageSigned, signed).eidValue
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}
