import { type Certificate, type Identity, readCertificate } from '../../protocol/crypto/index.ts'

/** What an SM-DP+ has below one CI. */
export interface SmdpIdentity {
  /** DER. */
  readonly ci: { readonly certificate: Uint8Array }
  readonly dpAuth: Identity
  readonly dpPb: Identity
}

/** The same as the functions use it. */
export interface ServerIdentity {
  readonly ci: Certificate
  readonly dpAuth: Identity
  readonly dpPb: Identity
  /** Of the SM-DP+: the registeredID of CERT.DPauth. */
  readonly oid: string
}

/** Throws RangeError for certificates that cannot be those of an SM-DP+. */
export function serverIdentity({ ci: { certificate }, dpAuth, dpPb }: SmdpIdentity): ServerIdentity {
  const ci = readCertificate(certificate)
  const { registeredID } = readCertificate(dpAuth.certificate).subjectAltName
  if (ci.subjectKeyIdentifier === undefined) throw new RangeError('the CI certificate has no subject key identifier')
  if (registeredID === undefined) throw new RangeError('CERT.DPauth names no registeredID')
  return { ci, dpAuth, dpPb, oid: registeredID }
}
