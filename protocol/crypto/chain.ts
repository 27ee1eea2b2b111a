/**
 * Certificate chains: SGP.22 v2.5, 4.5.2.2. The first row that does not hold decides. The path is always that of variant O
 * (end entity or EUM below a CI, eUICC below an EUM), so its length needs no check. Issuers are found by key identifier, not
 * by name: the CI certificates of SGP.26 changed their name and kept their key.
 */
import { equalOctets } from '../ber/index.ts'
import type { Certificate, DirectoryAttributes } from './certificate.ts'
import { verifyDer } from './ecdsa.ts'
import { type Role, roleRow } from './roles.ts'
import { ECDSA_WITH_SHA256 } from './x509.ts'

/** Why a certificate is refused, in the order of the checks. */
export type ChainReason =
  | 'issuer' // none of the trusted issuers has the authority key identifier
  | 'signature'
  | 'basic-constraints'
  | 'key-usage'
  | 'extended-key-usage'
  | 'critical-extension'
  | 'not-yet-valid'
  | 'expired'
  | 'policy'
  | 'curve'
  | 'revoked' // a CRL of its issuer lists it
  | 'ein' // the EUM may not certify this EID or organisation
  | 'other-ci' // DPpb and DPauth have different issuers
  | 'oid' // DPpb and DPauth name different SM-DP+
  | 'host'

/** The first check that failed, and of which certificate. */
export interface ChainRefusal {
  readonly ok: false
  readonly reason: ChainReason
  /** The certificate at fault. */
  readonly certificate: Role
}

/** `at`: milliseconds since the Unix epoch. An eUICC has no clock and hands in none: then validity periods are not looked at. */
interface Trust {
  readonly trusted: readonly Certificate[]
  readonly at?: number
  /** What the CRLs at hand say. Absent: there are none. */
  readonly isRevoked?: IsRevoked
}

/** Whether a CRL of this issuer lists the certificate. */
export type IsRevoked = (certificate: Certificate, issuer: Certificate) => boolean

interface Facts {
  readonly certificate: Certificate
  readonly issuer: Certificate
  readonly role: Role
  readonly at?: number | undefined
  readonly isRevoked?: IsRevoked | undefined
}

interface Check<F> {
  readonly reason: ChainReason
  readonly holds: (facts: F) => boolean
}

const certificateChecks: readonly Check<Facts>[] = [
  { reason: 'signature', holds: ({ certificate, issuer }) => isSignedBy(certificate, issuer) },
  {
    reason: 'basic-constraints',
    holds: ({ certificate, role }) => (certificate.basicConstraints?.cA ?? false) === roleRow(role).cA,
  },
  { reason: 'key-usage', holds: ({ certificate, role }) => certificate.keyUsage.includes(roleRow(role).keyUsage) },
  {
    reason: 'extended-key-usage',
    holds({ certificate, role }) {
      const { extKeyUsage } = roleRow(role)
      return extKeyUsage === undefined || certificate.extKeyUsage.includes(extKeyUsage)
    },
  },
  { reason: 'critical-extension', holds: ({ certificate }) => certificate.criticalUnknown.length === 0 },
  { reason: 'not-yet-valid', holds: ({ certificate, at }) => at === undefined || at >= certificate.notBefore },
  { reason: 'expired', holds: ({ certificate, at }) => at === undefined || at <= certificate.notAfter },
  { reason: 'policy', holds: ({ certificate, role }) => certificate.policies.includes(roleRow(role).policy) },
  { reason: 'curve', holds: ({ certificate }) => certificate.publicKey !== undefined },
  { reason: 'revoked', holds: ({ certificate, issuer, isRevoked }) => !isRevoked?.(certificate, issuer) },
]

/** CERT.DPauth or CERT.DSauth: whichever of `roles` its policy names. */
export function verifyServerCertificate<R extends Role>(
  certificate: Certificate,
  { roles, ...trust }: Trust & { readonly roles: readonly [R, ...R[]] },
): { readonly ok: true; readonly role: R; readonly ci: Certificate } | ChainRefusal {
  const role = roles.find((candidate) => certificate.policies.includes(roleRow(candidate).policy)) ?? roles[0]
  const answer = verifyCertificate(certificate, role, trust)
  return answer.ok ? { ok: true, role, ci: answer.issuer } : answer
}

/** CERT.DPpb as the eUICC sees it in ES10b.PrepareDownload: also below the CI and of the SM-DP+ of CERT.DPauth. */
export function verifyProfileBindingCertificate(
  certificate: Certificate,
  { dpAuth, ...trust }: Trust & { readonly dpAuth: Certificate },
): { readonly ok: true; readonly ci: Certificate } | ChainRefusal {
  const answer = verifyServerCertificate(certificate, { roles: ['DPpb'], ...trust })
  if (!answer.ok) return answer
  const broken = bindingChecks.find((check) => !check.holds({ certificate, dpAuth }))
  return broken ? refuse(broken.reason, 'DPpb') : answer
}

const bindingChecks: readonly Check<{ certificate: Certificate; dpAuth: Certificate }>[] = [
  {
    reason: 'other-ci',
    holds: ({ certificate: { authorityKeyIdentifier: own }, dpAuth: { authorityKeyIdentifier: other } }) =>
      own !== undefined && other !== undefined && equalOctets(own, other),
  },
  {
    reason: 'oid',
    holds: ({ certificate: { subjectAltName: own }, dpAuth: { subjectAltName: other } }) =>
      own.registeredID !== undefined && own.registeredID === other.registeredID,
  },
]

/** CERT.EUICC below CERT.EUM as servers see them. The EID is that of the subject. */
export function verifyEuiccChain({
  euicc,
  eum,
  trusted,
  ...time
}: Trust & { euicc: Certificate; eum: Certificate }):
  | { readonly ok: true; readonly ci: Certificate; readonly eid: string }
  | ChainRefusal {
  const above = verifyCertificate(eum, 'EUM', { trusted, ...time })
  if (!above.ok) return above
  const answer = verifyCertificate(euicc, 'EUICC', { trusted: [eum], ...time })
  if (!answer.ok) return answer
  const eid = euicc.subject.serialNumber ?? ''
  return isPermitted(euicc.subject, eum) ? { ok: true, ci: above.issuer, eid } : refuse('ein', 'EUICC')
}

/** CERT.DPtls or CERT.DStls below a CI, as the IPA sees it. `host` without a port. */
export function verifyTlsCertificate(
  certificate: Certificate,
  { host, role, ...trust }: Trust & { readonly host: string; readonly role: 'DPtls' | 'DStls' },
): { readonly ok: true; readonly ci: Certificate } | ChainRefusal {
  const answer = verifyCertificate(certificate, role, trust)
  if (!answer.ok) return answer
  const named = certificate.subjectAltName.dNSNames.some((name) => name.toLowerCase() === host.toLowerCase())
  return named ? { ok: true, ci: answer.issuer } : refuse('host', role)
}

/** The certificate whose key has the authority key identifier of this one, or of this CRL. */
export function issuerOf(
  { authorityKeyIdentifier: wanted }: Pick<Certificate, 'authorityKeyIdentifier'>,
  candidates: readonly Certificate[],
): Certificate | undefined {
  if (wanted === undefined) return undefined
  return candidates.find((candidate) => {
    const own = candidate.subjectKeyIdentifier
    return own !== undefined && equalOctets(own, wanted)
  })
}

function verifyCertificate(
  certificate: Certificate,
  role: Role,
  { trusted, at, isRevoked }: Trust,
): { readonly ok: true; readonly issuer: Certificate } | ChainRefusal {
  const issuer = issuerOf(certificate, trusted)
  if (issuer === undefined) return refuse('issuer', role)
  const broken = certificateChecks.find((check) => !check.holds({ certificate, issuer, role, at, isRevoked }))
  return broken ? refuse(broken.reason, role) : { ok: true, issuer }
}

const refuse = (reason: ChainReason, certificate: Role): ChainRefusal => ({ ok: false, reason, certificate })

/** Known answers live as long as both certificates do. */
const signedBy = new WeakMap<Certificate, WeakMap<Certificate, boolean>>()

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  let answers = signedBy.get(certificate)
  if (answers === undefined) {
    answers = new WeakMap()
    signedBy.set(certificate, answers)
  }
  let answer = answers.get(issuer)
  if (answer === undefined) {
    const { signatureAlgorithm, tbsOctets, signature } = certificate
    const { publicKey } = issuer
    answer =
      publicKey !== undefined && signatureAlgorithm === ECDSA_WITH_SHA256 && verifyDer(publicKey, tbsOctets, signature)
    answers.set(issuer, answer)
  }
  return answer
}

/**
 * EUM constraints: not the subtree match of RFC 5280. The organisation must be equal and the EID must begin with one of the
 * EINs, which stand in nameConstraints (SGP.22 v2) or in permittedEins (v3). An EUM without any EIN may certify nothing.
 */
function isPermitted(subject: DirectoryAttributes, { permittedSubtrees, permittedEins }: Certificate): boolean {
  const eid = subject.serialNumber ?? ''
  const ofOrganization = permittedSubtrees.filter((base) => base.organizationName === subject.organizationName)
  const eins = permittedEins ?? ofOrganization.map((base) => base.serialNumber)
  return ofOrganization.length > 0 && eins.some((ein) => ein !== undefined && eid.startsWith(ein))
}
