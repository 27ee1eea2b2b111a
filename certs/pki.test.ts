import { X509Certificate } from 'node:crypto'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { fromBER, type Sequence } from 'asn1js'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../protocol/ber/index.ts'
import {
  deriveEuiccIdentity,
  type Identity,
  readCertificate,
  roles,
  signDeterministically,
  subjectKeyIdentifier,
} from '../protocol/crypto/index.ts'
import { certificateToPem, makePki } from './index.ts'
import { type ProfileName, profiles } from './profiles.ts'

const EID = '89049032123451234512345678901235'
const seed = new TextEncoder().encode('pki.test')
const now = Date.UTC(2026, 10, 22, 12)
const curves = ['nist', 'brainpool'] as const
const names = Object.keys(profiles) as ProfileName[]
const every = curves.flatMap((curve) => names.map((name) => ({ curve, name })))

let pki: Awaited<ReturnType<typeof makePki>>
beforeAll(async () => {
  pki = await makePki({ seed, now })
})

/** SGP.26 v1.5, variant O: extensions of each certificate; those with `!` are critical. */
const profileExtensions: Record<ProfileName | 'euicc', string> = {
  ci: '!basicConstraints !certificatePolicies !keyUsage crlDistributionPoints subjectAltName subjectKeyIdentifier',
  eum: '!basicConstraints !certificatePolicies !keyUsage !nameConstraints authorityKeyIdentifier crlDistributionPoints subjectAltName subjectKeyIdentifier',
  euicc: '!certificatePolicies !keyUsage authorityKeyIdentifier subjectKeyIdentifier',
  dpAuth:
    '!certificatePolicies !keyUsage authorityKeyIdentifier crlDistributionPoints subjectAltName subjectKeyIdentifier',
  dpPb: '!certificatePolicies !keyUsage authorityKeyIdentifier crlDistributionPoints subjectAltName subjectKeyIdentifier',
  dpTls:
    '!extKeyUsage !keyUsage authorityKeyIdentifier certificatePolicies crlDistributionPoints subjectAltName subjectKeyIdentifier',
  dsAuth:
    '!certificatePolicies !keyUsage authorityKeyIdentifier crlDistributionPoints subjectAltName subjectKeyIdentifier',
  dsTls:
    '!extKeyUsage !keyUsage authorityKeyIdentifier certificatePolicies crlDistributionPoints subjectAltName subjectKeyIdentifier',
  eimSigning: '!keyUsage authorityKeyIdentifier',
  eimTls: '!extKeyUsage !keyUsage authorityKeyIdentifier crlDistributionPoints subjectAltName',
}
const extensionNames: Record<string, string> = {
  '2.5.29.14': 'subjectKeyIdentifier',
  '2.5.29.15': 'keyUsage',
  '2.5.29.17': 'subjectAltName',
  '2.5.29.19': 'basicConstraints',
  '2.5.29.30': 'nameConstraints',
  '2.5.29.31': 'crlDistributionPoints',
  '2.5.29.32': 'certificatePolicies',
  '2.5.29.35': 'authorityKeyIdentifier',
  '2.5.29.37': 'extKeyUsage',
}

const subjects: Record<ProfileName, string> = {
  ci: 'CN=esim-testbed Test CI\nOU=TESTCERT\nO=RSPTEST\nC=IT',
  eum: 'C=ES\nO=RSP Test EUM\nCN=EUM Test',
  dpAuth: 'O=ACME\nCN=TEST SM-DP\\+',
  dpPb: 'O=ACME\nCN=TEST SM-DP\\+',
  dpTls: 'O=ACME\nCN=localhost',
  dsAuth: 'O=ACME\nCN=TEST SM-DS',
  dsTls: 'O=ACME\nCN=localhost',
  eimSigning: 'C=DE\nCN=eim.example.com',
  eimTls: 'C=DE\nCN=localhost',
}
const alternativeNames: Record<ProfileName, string | undefined> = {
  ci: 'Registered ID:2.999.1',
  eum: 'Registered ID:2.999.5',
  dpAuth: 'Registered ID:2.999.10',
  dpPb: 'Registered ID:2.999.10',
  dpTls: 'DNS:localhost, IP Address:127.0.0.1, Registered ID:2.999.10',
  dsAuth: 'Registered ID:2.999.15',
  dsTls: 'DNS:localhost, IP Address:127.0.0.1, Registered ID:2.999.15',
  eimSigning: undefined,
  eimTls: 'DNS:localhost, IP Address:127.0.0.1, Registered ID:2.999.20',
}

function extensionList(certificate: x509.X509Certificate): string {
  return certificate.extensions
    .map(({ type, critical }) => `${critical ? '!' : ''}${extensionNames[type] ?? type}`)
    .sort()
    .join(' ')
}

/** All fields that both readers know. */
function expectSameReading(octets: Uint8Array): void {
  const ours = readCertificate(octets)
  const theirs = new x509.X509Certificate(octets)
  const value = <T extends x509.Extension>(type: string) => theirs.getExtension<T>(type)
  expect(ours.serialNumberHex.replace(/^00/, '')).toBe(theirs.serialNumber)
  expect(toHex(ours.subject.octets)).toBe(Buffer.from(theirs.subjectName.toArrayBuffer()).toString('hex'))
  expect(toHex(ours.issuer.octets)).toBe(Buffer.from(theirs.issuerName.toArrayBuffer()).toString('hex'))
  expect(ours.subject.commonName).toBe(theirs.subjectName.getField('CN')[0])
  expect(ours.subject.organizationName).toBe(theirs.subjectName.getField('O')[0])
  expect(ours.subject.countryName).toBe(theirs.subjectName.getField('C')[0])
  expect(ours.subject.serialNumber).toBe(theirs.subjectName.getField('2.5.4.5')[0])
  expect(ours.notBefore).toBe(theirs.notBefore.getTime())
  expect(ours.notAfter).toBe(theirs.notAfter.getTime())
  expect(toHex(ours.subjectPublicKeyInfo)).toBe(Buffer.from(theirs.publicKey.rawData).toString('hex'))
  expect(hexOf(ours.subjectKeyIdentifier)).toBe(value<x509.SubjectKeyIdentifierExtension>('2.5.29.14')?.keyId)
  expect(hexOf(ours.authorityKeyIdentifier)).toBe(value<x509.AuthorityKeyIdentifierExtension>('2.5.29.35')?.keyId)
  const usages = ours.keyUsage.reduce((bits, usage) => bits | x509.KeyUsageFlags[usage], 0)
  expect(usages).toBe(value<x509.KeyUsagesExtension>('2.5.29.15')?.usages)
  expect(ours.extKeyUsage).toEqual(value<x509.ExtendedKeyUsageExtension>('2.5.29.37')?.usages ?? [])
  expect(ours.policies).toEqual(value<x509.CertificatePolicyExtension>('2.5.29.32')?.policies ?? [])
  const constraints = value<x509.BasicConstraintsExtension>('2.5.29.19')
  expect(ours.basicConstraints?.cA).toBe(constraints?.ca)
  expect(ours.basicConstraints?.pathLenConstraint).toBe(constraints?.pathLength)
  const alternatives = value<x509.SubjectAlternativeNameExtension>('2.5.29.17')?.names.items ?? []
  const ofType = (type: string) => alternatives.filter((name) => name.type === type).map((name) => name.value)
  expect(ours.subjectAltName.dNSNames).toEqual(ofType('dns'))
  expect(ours.subjectAltName.registeredID).toBe(ofType('id')[0])
}

const hexOf = (octets: Uint8Array | undefined) => octets && toHex(octets)

describe.each(every)('certificate $name on $curve', ({ curve, name }) => {
  it('says what its profile asks for, as OpenSSL reads it', () => {
    const { certificate, privateKey } = pki[curve][name]
    const issuer = new X509Certificate(pki[curve].ci.certificate)
    const read = new X509Certificate(certificate)
    expect(read.subject).toBe(subjects[name])
    expect(read.issuer).toBe(subjects.ci)
    expect(read.serialNumber.toLowerCase()).toBe(profiles[name].serialNumberHex)
    expect(read.subjectAltName).toBe(alternativeNames[name])
    expect(read.ca).toBe(name === 'ci' || name === 'eum')
    expect(read.checkPrivateKey(privateKey.keyObject)).toBe(true)
    expect(read.checkIssued(issuer)).toBe(true)
    expect(read.verify(issuer.publicKey)).toBe(true)
  })
  it('has the extensions of its profile, critical where it says so', () => {
    expect(extensionList(new x509.X509Certificate(pki[curve][name].certificate))).toBe(profileExtensions[name])
  })
  it('is read alike by our reader and by @peculiar/x509', () => {
    expectSameReading(pki[curve][name].certificate)
    expect(readCertificate(pki[curve][name].certificate).criticalUnknown).toEqual([])
  })
  it('names its role', () => {
    const profile = profiles[name]
    const expected = 'role' in profile ? [roles[profile.role].policy] : []
    expect(readCertificate(pki[curve][name].certificate).policies).toEqual(expected)
  })
})

describe.each(curves)('the PKI on %s', (curve) => {
  it('constrains the EUM to its organisation and EIN in the octets of SGP.26', () => {
    const { certificate } = pki[curve].eum
    const constraints =
      '3032a030302ea42c302a31153013060355040a0c0c5253502054657374' + '2045554d3111300f060355040513083839303439303332'
    expect(toHex(certificate)).toContain(`0603551d1e0101ff0434${constraints}`)
    expect(readCertificate(certificate).permittedSubtrees).toEqual([
      { organizationName: 'RSP Test EUM', serialNumber: '89049032' },
    ])
  })
  it('is the same for the same seed and day, and another for another seed', async () => {
    const again = await makePki({ seed, now: now + 3_600_000 })
    const other = await makePki({ seed: new Uint8Array(1), now })
    for (const name of names) {
      expect(toHex(again[curve][name].certificate)).toBe(toHex(pki[curve][name].certificate))
      expect(toHex(other[curve][name].certificate)).not.toBe(toHex(pki[curve][name].certificate))
    }
  })
  it('has TLS certificates of 398 days that are valid on the day they are made', () => {
    for (const { certificate } of [pki[curve].dpTls, pki[curve].eimTls]) {
      const { notBefore, notAfter } = readCertificate(certificate)
      expect(notAfter - notBefore).toBe(398 * 86_400_000)
      expect(notBefore).toBeLessThan(now)
      expect(notAfter).toBeGreaterThan(now)
    }
  })
  it('names the hosts that were asked for, and only short ones as common name', async () => {
    const long = `${'a'.repeat(60)}.example.com`
    const named = await makePki({ seed, now, smdpHost: 'smdp.test', eimHost: long })
    expect(readCertificate(named[curve].dpTls.certificate).subjectAltName.dNSNames).toEqual(['smdp.test'])
    expect(readCertificate(named[curve].dpTls.certificate).subject.commonName).toBe('smdp.test')
    expect(readCertificate(named[curve].eimTls.certificate).subjectAltName.dNSNames).toEqual([long])
    expect(readCertificate(named[curve].eimTls.certificate).subject.commonName).toBe('eim.example.com')
  })
})

describe.each(curves)('an eUICC certificate on %s', (curve) => {
  let euicc: Identity
  beforeAll(() => {
    euicc = deriveEuiccIdentity({ eum: pki[curve].eum, eid: EID, seed, signer: signDeterministically })
  })

  it('says what SGP.26 asks for, as OpenSSL reads it', () => {
    const read = new X509Certificate(euicc.certificate)
    const eum = new X509Certificate(pki[curve].eum.certificate)
    expect(read.subject).toBe(`C=ES\nO=RSP Test EUM\nserialNumber=${EID}\nCN=Test eUICC`)
    expect(read.validFrom).toBe('Apr  1 00:00:00 2020 GMT')
    expect(read.validTo).toBe('Jan 24 00:00:00 7496 GMT')
    expect(read.checkIssued(eum)).toBe(true)
    expect(read.verify(eum.publicKey)).toBe(true)
    expect(read.checkPrivateKey(euicc.privateKey.keyObject)).toBe(true)
  })
  it('has the extensions of its profile, critical where it says so', () => {
    const read = new x509.X509Certificate(euicc.certificate)
    expect(extensionList(read)).toBe(profileExtensions.euicc)
    expectSameReading(euicc.certificate)
    expect(readCertificate(euicc.certificate).policies).toEqual(['2.23.146.1.2.1.1'])
    expect(readCertificate(euicc.certificate).subjectKeyIdentifier).toEqual(
      subjectKeyIdentifier(euicc.privateKey.publicKey),
    )
  })
  it('is strict DER: asn1js writes the same octets as it has read', () => {
    const { result, offset } = fromBER(euicc.certificate)
    expect(offset).toBe(euicc.certificate.length)
    expect(toHex(new Uint8Array(result.toBER()))).toBe(toHex(euicc.certificate))
    const [tbs] = (result as Sequence).valueBlock.value
    expect(toHex(new Uint8Array(tbs?.toBER() ?? []))).toBe(toHex(readCertificate(euicc.certificate).tbsOctets))
  })
  it('is the same for the same seed, EID and signer', () => {
    const again = deriveEuiccIdentity({ eum: pki[curve].eum, eid: EID, seed, signer: signDeterministically })
    const other = deriveEuiccIdentity({ eum: pki[curve].eum, eid: EID.replace(/35$/, '34'), seed })
    expect(toHex(again.certificate)).toBe(toHex(euicc.certificate))
    expect(toHex(other.privateKey.scalar)).not.toBe(toHex(euicc.privateKey.scalar))
    expect(readCertificate(other.certificate).serialNumberHex).not.toBe(
      readCertificate(euicc.certificate).serialNumberHex,
    )
  })
})

describe('a certificate that was read', () => {
  it('is the same object for the same octets, until thousands of others have come', () => {
    const { certificate } = pki.nist.dpAuth
    const first = readCertificate(certificate)
    expect(readCertificate(certificate.slice())).toBe(first)
    for (let i = 0; i < 5000; i++) {
      const other = pki.nist.dpPb.certificate.slice()
      other[other.length - 1] = i & 0xff
      other[other.length - 2] = i >> 8
      readCertificate(other)
    }
    expect(readCertificate(certificate)).toStrictEqual(first)
  })
  it.each([
    ['octets', (octets: Uint8Array) => octets.slice()],
    ['Buffer', (octets: Uint8Array) => Buffer.from(octets)],
  ])('does not change with the %s it was read from', (_, copy) => {
    const buffer = copy(pki.nist.dpTls.certificate)
    const read = readCertificate(buffer)
    buffer.fill(0)
    expect(toHex(read.octets)).toBe(toHex(pki.nist.dpTls.certificate))
    expect(read.policies).toEqual(['2.23.146.1.2.1.3'])
  })
  it('throws a DecodeError when it is none', () => {
    expect(() => readCertificate(fromHex('3003020101'))).toThrow(/^Certificate.tbsCertificate/)
    expect(() => readCertificate(pki.nist.ci.certificate.subarray(0, 100))).toThrow('Certificate')
  })
  it('is written as PEM that OpenSSL reads', () => {
    expect(new X509Certificate(certificateToPem(pki.nist.ci.certificate)).raw).toEqual(
      Buffer.from(pki.nist.ci.certificate),
    )
  })
})
