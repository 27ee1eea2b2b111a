/** Certificates as their readers need them: RFC 5280 with the profiles of SGP.22 v2.5, 4.5.2. */
import { decode, type Schema, toHex } from '../ber/index.ts'
import { type PublicKey, publicKeyFromSpki } from './keys.ts'
import {
  type Extension,
  type ExtensionName,
  type ExtensionValue,
  extensions,
  type KeyUsage,
  type Name,
  timeToMs,
  X509Certificate,
} from './x509.ts'

export interface Certificate {
  readonly octets: Uint8Array
  /** What the signature is over. */
  readonly tbsOctets: Uint8Array
  readonly signatureAlgorithm: string
  /** DER of ECDSA-Sig-Value. */
  readonly signature: Uint8Array
  /** Hexadecimal, as on the wire: serial numbers exceed any number type. */
  readonly serialNumberHex: string
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Milliseconds since the Unix epoch; NaN when unreadable. */
  readonly notBefore: number
  readonly notAfter: number
  readonly subjectPublicKeyInfo: Uint8Array
  /** Absent for a curve that the eUICC does not support. */
  readonly publicKey?: PublicKey
  readonly subjectKeyIdentifier?: Uint8Array
  readonly authorityKeyIdentifier?: Uint8Array
  readonly keyUsage: readonly KeyUsage[]
  readonly extKeyUsage: readonly string[]
  readonly basicConstraints?: ExtensionValue<'basicConstraints'>
  readonly policies: readonly string[]
  readonly subjectAltName: { readonly registeredID?: string; readonly dNSNames: readonly string[] }
  /** Of an EUM: which eUICCs it may certify. */
  readonly permittedSubtrees: readonly DirectoryAttributes[]
  readonly permittedEins?: readonly string[]
  /** OIDs of the critical extensions that are not understood here, and of any extension that comes twice. */
  readonly criticalUnknown: readonly string[]
}

export interface DirectoryAttributes {
  readonly countryName?: string
  readonly organizationName?: string
  readonly organizationalUnitName?: string
  readonly commonName?: string
  readonly serialNumber?: string
}

export interface DistinguishedName extends DirectoryAttributes {
  readonly octets: Uint8Array
}

const attributeNames: Readonly<Record<string, keyof DirectoryAttributes>> = {
  '2.5.4.3': 'commonName',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'countryName',
  '2.5.4.10': 'organizationName',
  '2.5.4.11': 'organizationalUnitName',
}

const GENERATION = 2048
let recent = new Map<string, Certificate>()
let earlier = new Map<string, Certificate>()

/**
 * The same octets give the same object, so that what is known of a certificate (its imported key, its verified signature) is
 * found again with every session of its holder. Two generations bound the memory. Throws DecodeError.
 */
export function readCertificate(octets: Uint8Array): Certificate {
  const content = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1')
  const known = recent.get(content)
  if (known !== undefined) return known
  if (recent.size >= GENERATION) {
    earlier = recent
    recent = new Map()
  }
  const certificate = earlier.get(content) ?? parseCertificate(new Uint8Array(octets))
  recent.set(content, certificate)
  return certificate
}

function parseCertificate(octets: Uint8Array): Certificate {
  const { tbsCertificate, signatureAlgorithm, signatureValue } = decode(X509Certificate, octets)
  const tbs = tbsCertificate.value
  const publicKey = publicKeyFromSpki(tbs.subjectPublicKeyInfo)
  return {
    octets,
    tbsOctets: tbsCertificate.octets,
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signature: signatureValue.octets,
    serialNumberHex: toHex(tbs.serialNumber),
    issuer: { octets: tbs.issuer.octets, ...attributes(tbs.issuer.value) },
    subject: { octets: tbs.subject.octets, ...attributes(tbs.subject.value) },
    notBefore: timeToMs(tbs.validity.notBefore),
    notAfter: timeToMs(tbs.validity.notAfter),
    subjectPublicKeyInfo: tbs.subjectPublicKeyInfo,
    ...(publicKey && { publicKey }),
    ...readExtensions(tbs.extensions ?? []),
  }
}

function readExtensions(list: readonly Extension[]) {
  const byOid = new Map(list.map((extension) => [extension.extnID, extension.extnValue]))
  const read = <N extends ExtensionName>(name: N): ExtensionValue<N> | undefined => {
    const octets = byOid.get(extensions[name].oid)
    return octets && decode(extensions[name].schema as unknown as Schema<ExtensionValue<N>>, octets)
  }
  const subjectKeyIdentifier = read('subjectKeyIdentifier')
  const authorityKeyIdentifier = read('authorityKeyIdentifier')?.keyIdentifier
  const basicConstraints = read('basicConstraints')
  const permittedEins = read('permittedEins')
  return {
    ...(subjectKeyIdentifier && { subjectKeyIdentifier }),
    ...(authorityKeyIdentifier && { authorityKeyIdentifier }),
    ...(basicConstraints && { basicConstraints }),
    ...(permittedEins && { permittedEins }),
    keyUsage: read('keyUsage') ?? [],
    extKeyUsage: read('extKeyUsage') ?? [],
    policies: (read('certificatePolicies') ?? []).map(({ policyIdentifier }) => policyIdentifier),
    subjectAltName: alternativeNames(read('subjectAltName') ?? []),
    permittedSubtrees: (read('nameConstraints')?.permittedSubtrees ?? []).flatMap(({ base }) =>
      base.kind === 'directoryName' ? [attributes(base.value)] : [],
    ),
    criticalUnknown: notUnderstood(list),
  }
}

function alternativeNames(names: ExtensionValue<'subjectAltName'>) {
  const dNSNames = names.flatMap(({ kind, value }) => (kind === 'dNSName' ? [value] : []))
  const registeredID = names.flatMap(({ kind, value }) => (kind === 'registeredID' ? [value] : []))[0]
  return { dNSNames, ...(registeredID !== undefined && { registeredID }) }
}

const understood = new Set<string>(Object.values(extensions).map((row) => row.oid))

function notUnderstood(list: readonly Extension[]): string[] {
  return list
    .filter(
      ({ extnID, critical }, i) =>
        (critical && !understood.has(extnID)) || list.findIndex((other) => other.extnID === extnID) < i,
    )
    .map(({ extnID }) => extnID)
}

function attributes(name: Name): DirectoryAttributes {
  const found: { -readonly [K in keyof DirectoryAttributes]: string } = {}
  for (const { type, value } of name.flat()) {
    const key = attributeNames[type]
    if (key !== undefined) found[key] ??= value.value
  }
  return found
}
