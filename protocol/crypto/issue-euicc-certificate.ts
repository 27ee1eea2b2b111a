/**
 * CERT.EUICC.ECDSA: profile of SGP.26 v1.5, variant O. Made when a device is first asked for it, so it costs one signature and
 * little more: what all devices of an EUM have in common is encoded once.
 */
import { createHash } from 'node:crypto'
import {
  asciiString,
  bitString,
  encode,
  explicit,
  integer,
  integerOctets,
  octetString,
  oid,
  sequence,
  slice,
  type ValueOf,
} from '../ber/index.ts'
import { type Certificate, readCertificate } from './certificate.ts'
import { type Signer, sign, signatureToDer } from './ecdsa.ts'
import { type PrivateKey, type PublicKey, privateKeyFromSeed, publicKeyToSpki, subjectKeyIdentifier } from './keys.ts'
import { roleRow } from './roles.ts'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  ECDSA_WITH_SHA256,
  Extension,
  type ExtensionName,
  extensions,
  msToTime,
  positiveInteger,
  Validity,
} from './x509.ts'

export interface Identity {
  /** DER. */
  readonly certificate: Uint8Array
  readonly privateKey: PrivateKey
}

export interface DeviceSecrets {
  readonly eum: Identity
  readonly eid: string
  readonly seed: Uint8Array
  readonly signer?: Signer
}

/** The key and certificate that the device with this EID has had from the factory: always the same for one seed. */
export function deriveEuiccIdentity({ eum, eid, seed, signer = sign }: DeviceSecrets): Identity {
  const privateKey = privateKeyFromSeed(eum.privateKey.curve, seed, `EUICC ${eid}`)
  const serialNumber = Uint8Array.of(0x02, ...createHash('sha256').update(eid).digest().subarray(0, 8))
  const { publicKey } = privateKey
  return { certificate: issueEuiccCertificate({ eum, eid, publicKey, serialNumber, signer }), privateKey }
}

export interface EuiccCertificateRequest {
  readonly eum: Identity
  readonly eid: string
  readonly publicKey: PublicKey
  /** Unsigned, big-endian; not zero. */
  readonly serialNumber: Uint8Array
  readonly signer?: Signer
}

export function issueEuiccCertificate({ eum, signer = sign, ...request }: EuiccCertificateRequest): Uint8Array {
  const { subject, extensions: common, issuer } = commonParts(readCertificate(eum.certificate))
  const tbsCertificate = encode(EuiccTbsCertificate, {
    version,
    serialNumber: positiveInteger(request.serialNumber),
    signature: signatureAlgorithm,
    issuer,
    validity,
    subject: { ...subject, serialNumber: { type: serialNumberType, value: request.eid } },
    subjectPublicKeyInfo: publicKeyToSpki(request.publicKey),
    extensions: { ...common, ski: { extnID: skiId, extnValue: subjectKeyIdentifier(request.publicKey) } },
  })
  const octets = signatureToDer(signer(eum.privateKey, [tbsCertificate]))
  return encode(EuiccCertificate, { tbsCertificate, signatureAlgorithm, signatureValue: { unusedBits: 0, octets } })
}

/** The same type as in x509.ts, with a slice wherever nothing changes from device to device. */
const EuiccTbsCertificate = sequence(0x30, {
  version: slice(),
  serialNumber: integerOctets(),
  signature: slice(),
  issuer: slice(),
  validity: slice(),
  subject: sequence(0x30, {
    countryName: slice(),
    organizationName: slice(),
    serialNumber: explicit(0x31, sequence(0x30, { type: slice(), value: asciiString(0x13, 'PrintableString') })),
    commonName: slice(),
  }),
  subjectPublicKeyInfo: slice(),
  extensions: explicit(
    0xa3,
    sequence(0x30, {
      aki: slice(),
      ski: sequence(0x30, { extnID: slice(), extnValue: explicit(0x04, octetString()) }),
      keyUsage: slice(),
      certificatePolicies: slice(),
    }),
  ),
})
const EuiccCertificate = sequence(0x30, {
  tbsCertificate: slice(),
  signatureAlgorithm: slice(),
  signatureValue: bitString(),
})

const version = encode(explicit(0xa0, integer()), 2)
const signatureAlgorithm = encode(AlgorithmIdentifier, { algorithm: ECDSA_WITH_SHA256 })
const validity = encode(Validity, {
  notBefore: msToTime(Date.UTC(2020, 3, 1)),
  notAfter: msToTime(Date.UTC(7496, 0, 24)),
})
const serialNumberType = encode(oid(), '2.5.4.5')
const skiId = encode(oid(), extensions.subjectKeyIdentifier.oid)
const commonName = relativeName('2.5.4.3', { kind: 'utf8String', value: 'Test eUICC' })

const role = roleRow('EUICC')
const keyUsage = critical('keyUsage', encode(extensions.keyUsage.schema, [role.keyUsage]))
const certificatePolicies = critical(
  'certificatePolicies',
  encode(extensions.certificatePolicies.schema, [{ policyIdentifier: role.policy }]),
)

const commonPartsOf = new WeakMap<Certificate, ReturnType<typeof makeCommonParts>>()

function commonParts(eum: Certificate) {
  const parts = commonPartsOf.get(eum) ?? makeCommonParts(eum)
  commonPartsOf.set(eum, parts)
  return parts
}

/** Country and organisation are those of the EUM: its name constraints ask for it. */
function makeCommonParts({ subject, subjectKeyIdentifier: keyIdentifier }: Certificate) {
  const { countryName = '', organizationName = '' } = subject
  if (keyIdentifier === undefined) throw new Error('the certificate of the EUM has no subject key identifier')
  const extnValue = encode(extensions.authorityKeyIdentifier.schema, { keyIdentifier })
  return {
    issuer: subject.octets,
    subject: {
      countryName: relativeName('2.5.4.6', { kind: 'printableString', value: countryName }),
      organizationName: relativeName('2.5.4.10', { kind: 'utf8String', value: organizationName }),
      commonName,
    },
    extensions: {
      aki: encode(Extension, { extnID: extensions.authorityKeyIdentifier.oid, critical: false, extnValue }),
      keyUsage,
      certificatePolicies,
    },
  }
}

function relativeName(type: string, value: ValueOf<typeof AttributeTypeAndValue>['value']): Uint8Array {
  return encode(explicit(0x31, AttributeTypeAndValue), { type, value })
}

function critical(name: ExtensionName, extnValue: Uint8Array): Uint8Array {
  return encode(Extension, { extnID: extensions[name].oid, critical: true, extnValue })
}
