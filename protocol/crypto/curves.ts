/** The curves of SGP.22 that OpenSSL knows (it lacks FRP256v1): names, DER prefixes, group order. */
import { fromHex } from '../ber/index.ts'

/** Named as the variants of SGP.26 are. */
export type Curve = 'nist' | 'brainpool'

interface CurveRow {
  /** As node:crypto knows it. */
  readonly opensslName: string
  /** DER of namedCurve, tag and length included. */
  readonly oid: Uint8Array
  /** SubjectPublicKeyInfo up to the uncompressed point. */
  readonly spkiPrefix: Uint8Array
  readonly order: bigint
}

export const curves: Readonly<Record<Curve, CurveRow>> = {
  nist: {
    opensslName: 'prime256v1',
    oid: fromHex('06082a8648ce3d030107'),
    spkiPrefix: fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200'),
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  brainpool: {
    opensslName: 'brainpoolP256r1',
    oid: fromHex('06092b2403030208010107'),
    spkiPrefix: fromHex('305a301406072a8648ce3d020106092b2403030208010107034200'),
    order: 0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n,
  },
}

export const POINT_OCTETS = 65
export const SCALAR_OCTETS = 32
