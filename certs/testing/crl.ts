/** CRLs for tests, issued with @peculiar/x509. */
import type { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import * as asn1js from 'asn1js'
import { type Identity, readCertificate } from '../../protocol/crypto/index.ts'
import { signingCrypto } from '../issue.ts'

export interface CrlContent {
  /** Certificates in DER, or serial numbers in hexadecimal. */
  readonly revoked?: readonly (Uint8Array | string)[]
  readonly crlNumber?: number
  readonly baseCrlNumber?: number
  readonly part?: { readonly number: number; readonly total: number }
  readonly more?: readonly x509.Extension[]
}

const integer = (value: number) => new asn1js.Integer({ value }).toBER()

/** CertificateList in DER. */
export async function issueCrl(ci: Identity, { revoked = [], crlNumber, ...content }: CrlContent): Promise<Uint8Array> {
  const { subjectKeyIdentifier, subject } = readCertificate(ci.certificate)
  if (!subjectKeyIdentifier) throw new Error('a CI without a subject key identifier')
  const number = (oid: string, value: number | undefined, critical = false) =>
    value === undefined ? [] : [new x509.Extension(oid, critical, integer(value))]
  const date = new Date(Date.UTC(2026, 0, 1))
  const crl = await x509.X509CrlGenerator.create(
    {
      issuer: new x509.Name(subject.octets),
      thisUpdate: date,
      entries: revoked.map((octets) => ({
        serialNumber: typeof octets === 'string' ? octets : readCertificate(octets).serialNumberHex,
        revocationDate: date,
      })),
      extensions: [
        new x509.AuthorityKeyIdentifierExtension(Buffer.from(subjectKeyIdentifier).toString('hex')),
        ...number('2.5.29.20', crlNumber),
        ...number('2.5.29.27', content.baseCrlNumber, true),
        ...number('2.23.146.1.2.0.2', content.part?.total, true),
        ...number('2.23.146.1.2.0.3', content.part?.number, true),
        ...(content.more ?? []),
      ],
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      signingKey: SIGNING_KEY,
    },
    signingCrypto(ci.privateKey),
  )
  return new Uint8Array(crl.rawData)
}

const SIGNING_KEY: webcrypto.CryptoKey = {
  type: 'private',
  algorithm: { name: 'ECDSA' },
  extractable: false,
  usages: ['sign'],
}
