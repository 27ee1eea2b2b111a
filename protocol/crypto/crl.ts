/** CRLs as an eUICC reads them: RFC 5280, 5; SGP.22 v2.5, 4.6 and the extensions of its module. Unverified: which extensions SGP.22 demands. */
import {
  bitString,
  captured,
  DecodeError,
  decode,
  explicit,
  integer,
  integerOctets,
  named,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  toHex,
} from '../ber/index.ts'
import type { Certificate } from './certificate.ts'
import { verifyDer } from './ecdsa.ts'
import { AlgorithmIdentifier, ECDSA_WITH_SHA256, Extension, extensions, Name, Time } from './x509.ts'

const RevokedCertificate = sequence(0x30, {
  userCertificate: integerOctets(),
  revocationDate: Time,
  crlEntryExtensions: optional(sequenceOf(0x30, Extension)),
})

const TBSCertList = named(
  'TBSCertList',
  sequence(0x30, {
    version: integer(),
    signature: AlgorithmIdentifier,
    issuer: Name,
    thisUpdate: Time,
    nextUpdate: optional(Time),
    revokedCertificates: optional(sequenceOf(0x30, RevokedCertificate)),
    crlExtensions: explicit(0xa0, sequenceOf(0x30, Extension)),
  }),
)

const CertificateList = named(
  'CertificateList',
  sequence(0x30, {
    tbsCertList: captured(TBSCertList),
    signatureAlgorithm: AlgorithmIdentifier,
    signatureValue: bitString(),
  }),
)

export interface Crl {
  readonly tbsOctets: Uint8Array
  readonly signatureAlgorithm: string
  /** DER of ECDSA-Sig-Value. */
  readonly signature: Uint8Array
  readonly authorityKeyIdentifier: Uint8Array
  readonly crlNumber: number
  /** Of a delta CRL: the number of the CRL that it completes. */
  readonly baseCrlNumber?: number
  /** Of a partial CRL: which of how many, from 1 on. */
  readonly part?: { readonly number: number; readonly total: number }
  /** Serial numbers, in hexadecimal as on the wire. */
  readonly revokedHex: readonly string[]
}

const V2 = 1

/** `undefined` for octets that are no CRL and for a CRL that says what an eUICC does not understand. */
export function readCrl(octets: Uint8Array): Crl | undefined {
  try {
    return parseCrl(octets)
  } catch (error) {
    if (error instanceof DecodeError) return undefined
    throw error
  }
}

function parseCrl(octets: Uint8Array): Crl | undefined {
  const { tbsCertList, signatureAlgorithm, signatureValue } = decode(CertificateList, octets)
  const { version, revokedCertificates = [], crlExtensions } = tbsCertList.value
  const said = readCrlExtensions(crlExtensions)
  if (version !== V2 || !said) return undefined
  return {
    tbsOctets: tbsCertList.octets,
    signatureAlgorithm: signatureAlgorithm.algorithm,
    signature: signatureValue.octets,
    ...said,
    revokedHex: revokedCertificates.map(({ userCertificate }) => toHex(userCertificate)),
  }
}

/** Of the CI whose key identifier the CRL names. */
export const isCrlSignedBy = ({ signatureAlgorithm, tbsOctets, signature }: Crl, issuer: Certificate): boolean =>
  issuer.publicKey !== undefined &&
  signatureAlgorithm === ECDSA_WITH_SHA256 &&
  verifyDer(issuer.publicKey, tbsOctets, signature)

/** issuingDistributionPoint is critical wherever it stands and says nothing to a card. */
const crlExtensionOids = {
  authorityKeyIdentifier: extensions.authorityKeyIdentifier.oid,
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  totalPartialCrlNumber: '2.23.146.1.2.0.2',
  partialCrlNumber: '2.23.146.1.2.0.3',
} as const

const understood = new Set<string>(Object.values(crlExtensionOids))

function readCrlExtensions(list: readonly Extension[]) {
  const read = <T>(name: keyof typeof crlExtensionOids, schema: Schema<T>): T | undefined => {
    const octets = list.find(({ extnID }) => extnID === crlExtensionOids[name])?.extnValue
    return octets && decode(schema, octets)
  }
  const authorityKeyIdentifier = read('authorityKeyIdentifier', extensions.authorityKeyIdentifier.schema)?.keyIdentifier
  const crlNumber = read('cRLNumber', integer())
  const baseCrlNumber = read('deltaCRLIndicator', integer())
  const total = read('totalPartialCrlNumber', integer())
  const number = read('partialCrlNumber', integer())
  const isUnderstood = list.every(({ critical, extnID }) => !critical || understood.has(extnID))
  if (!authorityKeyIdentifier || crlNumber === undefined || !isUnderstood) return undefined
  const common = { authorityKeyIdentifier, crlNumber, ...(baseCrlNumber !== undefined && { baseCrlNumber }) }
  if (total === undefined && number === undefined) return common
  if (total === undefined || number === undefined || number < 1 || number > total || total > MOST_PARTS)
    return undefined
  return { ...common, part: { number, total } }
}

/** Far more than any CRL has. */
const MOST_PARTS = 255
