/** Issues X.509 certificates with @peculiar/x509. It never touches a key: we sign for it, on brainpool as well. */
import type { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import * as asn1js from 'asn1js'
import {
  type PrivateKey,
  type PublicKey,
  publicKeyToSpki,
  readCertificate,
  roles,
  signDeterministically,
  subjectKeyIdentifier,
} from '../protocol/crypto/index.ts'
import { CRL_URLS, NOT_BEFORE, type Profile, type Subject } from './profiles.ts'

/** All of a certificate but its issuer. */
export interface Content {
  readonly serialNumberHex: string
  readonly subject: Subject
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKeyInfo: Uint8Array
  readonly extensions: readonly x509.Extension[]
}

export interface Issuer {
  readonly privateKey: PrivateKey
  /** Absent: the certificate is signed by its own subject. */
  readonly certificate?: Uint8Array
}

/** DER. The signature is deterministic, so that a PKI made from a seed is the same each time. */
export async function certify(content: Content, issuer: Issuer): Promise<Uint8Array> {
  const subject = nameOf(content.subject)
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: content.serialNumberHex,
      subject,
      issuer: issuer.certificate ? new x509.Name(readCertificate(issuer.certificate).subject.octets) : subject,
      notBefore: content.notBefore,
      notAfter: content.notAfter,
      publicKey: content.publicKeyInfo,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      signingKey: { type: 'private', algorithm: { name: 'ECDSA' }, extractable: false, usages: ['sign'] },
      extensions: [...content.extensions],
    },
    signingCrypto(issuer.privateKey),
  )
  return new Uint8Array(certificate.rawData)
}

export interface ProfileOrder {
  readonly profile: Profile
  readonly publicKey: PublicKey
  /** Absent for a CI. */
  readonly issuer?: Uint8Array
  /** dNSName of a TLS certificate. */
  readonly host?: string
  /** Milliseconds since the Unix epoch. TLS certificates are valid from the day before. */
  readonly now: number
}

/** What a certificate of this profile says. */
export function contentOf(order: ProfileOrder): Content {
  const { profile, publicKey, host } = order
  const midnight = Math.floor(order.now / DAY) * DAY
  const tls = profile.notAfter === 'tls'
  return {
    serialNumberHex: profile.serialNumberHex,
    subject: profile.subject.map(([key, value]) => [key, key === 'CN' && fitsCommonName(host) ? host : value] as const),
    notBefore: tls ? new Date(midnight - DAY) : new Date(NOT_BEFORE),
    notAfter: tls ? new Date(midnight + (TLS_DAYS - 1) * DAY) : new Date(profile.notAfter),
    publicKeyInfo: publicKeyToSpki(publicKey),
    extensions: [...keyIdentifiers(order), ...purposes(profile), ...names(profile, host)],
  }
}

const DAY = 86_400_000
const TLS_DAYS = 398

const fitsCommonName = (host: string | undefined): host is string => host !== undefined && host.length <= 64

function keyIdentifiers({ profile, publicKey, issuer }: ProfileOrder): x509.Extension[] {
  const authority = issuer && readCertificate(issuer).publicKey
  return [
    ...(authority ? [new x509.AuthorityKeyIdentifierExtension(keyIdentifierHex(authority))] : []),
    ...(profile.subjectKeyIdentifier === false
      ? []
      : [new x509.SubjectKeyIdentifierExtension(keyIdentifierHex(publicKey))]),
  ]
}

function purposes({ keyUsage, notAfter, role, policyCritical = true, cA }: Profile): x509.Extension[] {
  const flags = keyUsage.reduce((bits, usage) => bits | x509.KeyUsageFlags[usage], 0)
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage
  return [
    new x509.KeyUsagesExtension(flags, true),
    ...(notAfter === 'tls' ? [new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth], true)] : []),
    ...(role ? [new x509.CertificatePolicyExtension([roles[role].policy], policyCritical)] : []),
    ...(cA ? [new x509.BasicConstraintsExtension(true, cA.pathLength, true)] : []),
  ]
}

function names({ registeredID, nameConstraints, crl }: Profile, host: string | undefined): x509.Extension[] {
  const alternative: x509.JsonGeneralNames = [
    ...(host === undefined
      ? []
      : ([
          { type: 'dns', value: host },
          { type: 'ip', value: '127.0.0.1' },
        ] as const)),
    ...(registeredID === undefined ? [] : ([{ type: 'id', value: registeredID }] as const)),
  ]
  return [
    ...(alternative.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternative)] : []),
    ...(nameConstraints ? [nameConstraintsExtension(nameConstraints)] : []),
    ...(crl ? [new x509.CRLDistributionPointsExtension(CRL_URLS)] : []),
  ]
}

/** One permitted subtree: a directoryName of the organisation and, as serialNumber, the EIN. */
function nameConstraintsExtension({ organization, ein }: { organization: string; ein: string }): x509.Extension {
  const attribute = (type: string, value: asn1js.BaseBlock) =>
    new asn1js.Set({ value: [new asn1js.Sequence({ value: [new asn1js.ObjectIdentifier({ value: type }), value] })] })
  const context = (tagNumber: number, value: asn1js.BaseBlock) =>
    new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [value] })
  const name = new asn1js.Sequence({
    value: [
      attribute('2.5.4.10', new asn1js.Utf8String({ value: organization })),
      attribute('2.5.4.5', new asn1js.PrintableString({ value: ein })),
    ],
  })
  const subtree = new asn1js.Sequence({ value: [context(4, name)] })
  return new x509.Extension('2.5.29.30', true, new asn1js.Sequence({ value: [context(0, subtree)] }).toBER())
}

/** UTF8String, but for the country: PrintableString. */
function nameOf(subject: Subject): x509.Name {
  return new x509.Name(
    subject.map(([key, value]) => ({ [key]: [key === 'C' ? { printableString: value } : { utf8String: value }] })),
  )
}

const keyIdentifierHex = (publicKey: PublicKey) => Buffer.from(subjectKeyIdentifier(publicKey)).toString('hex')

/** The one call that a generator makes of Web Crypto, which has no brainpool and no deterministic signature. */
export function signingCrypto(privateKey: PrivateKey): webcrypto.Crypto {
  const sign = async (_algorithm: unknown, _key: unknown, data: ArrayBuffer) =>
    signDeterministically(privateKey, [new Uint8Array(data)])
  return { subtle: { sign } } as unknown as webcrypto.Crypto
}
