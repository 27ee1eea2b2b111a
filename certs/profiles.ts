/**
 * The certificates of the test PKI: profiles of SGP.26 v1.5 and v3, variant O; for test only. Deviations: the CI has a name of
 * its own, so that nobody takes it for the one of GSMA; server certificates live as long as the EUM, so that no test fails by
 * its date; TLS certificates also name 127.0.0.1; the authority key identifier of the eIM has the key identifier only;
 * the TLS certificate of the SM-DS has the subject of the SM-DS and is for servers only.
 */
import type { roles } from '../protocol/crypto/index.ts'

type KeyUsage = 'digitalSignature' | 'keyCertSign' | 'cRLSign'

/** Attribute by attribute, in this order. */
export type Subject = readonly (readonly ['C' | 'O' | 'OU' | 'CN', string])[]

export interface Profile {
  /** Below `folder`: the certificate in DER and the private key in PEM. `*` is NIST or BRP. */
  readonly files: { readonly folder: string; readonly certificate: string; readonly privateKey: string }
  readonly subject: Subject
  /** Takes the place of `CN` in the subject and becomes the dNSName. */
  readonly host?: 'smdpHost' | 'smdsHost' | 'eimHost'
  readonly serialNumberHex: string
  readonly notAfter: string | 'tls'
  readonly keyUsage: readonly KeyUsage[]
  readonly role?: keyof typeof roles
  readonly policyCritical?: boolean
  readonly cA?: { readonly pathLength?: number }
  /** Absent for eIM certificates, which SGP.26 gives no subject key identifier. */
  readonly subjectKeyIdentifier?: false
  readonly registeredID?: string
  readonly crl?: true
  /** A folder without its files is a PKI all the same. */
  readonly optional?: true
  readonly nameConstraints?: { readonly organization: string; readonly ein: string }
}

export const NOT_BEFORE = '2020-04-01'
export const CRL_URLS = ['http://ci.test.example.com/CRL-A.crl', 'http://ci.test.example.com/CRL-B.crl']

const LONG = '2054-03-24'
const EUM_ORGANIZATION = 'RSP Test EUM'

export const profiles = {
  ci: {
    files: { folder: 'CI', certificate: 'CERT_CI_SIG_*.der', privateKey: 'SK_CI_SIG_*.pem' },
    subject: [
      ['CN', 'esim-testbed Test CI'],
      ['OU', 'TESTCERT'],
      ['O', 'RSPTEST'],
      ['C', 'IT'],
    ],
    serialNumberHex: 'b874f3abfa6c44d3',
    notAfter: '2055-04-01',
    keyUsage: ['keyCertSign', 'cRLSign'],
    role: 'CI',
    cA: {},
    registeredID: '2.999.1',
    crl: true,
  },
  eum: {
    files: { folder: 'EUM', certificate: 'CERT_EUM_SIG_*.der', privateKey: 'SK_EUM_SIG_*.pem' },
    subject: [
      ['C', 'ES'],
      ['O', EUM_ORGANIZATION],
      ['CN', 'EUM Test'],
    ],
    serialNumberHex: '12345678',
    notAfter: LONG,
    keyUsage: ['keyCertSign'],
    role: 'EUM',
    cA: { pathLength: 0 },
    registeredID: '2.999.5',
    crl: true,
    nameConstraints: { organization: EUM_ORGANIZATION, ein: '89049032' },
  },
  dpAuth: {
    files: {
      folder: 'SM-DP+/SM_DPauth',
      certificate: 'CERT_S_SM_DPauth_VARO_SIG_*.der',
      privateKey: 'SK_S_SM_DPauth_SIG_*.pem',
    },
    subject: [
      ['O', 'ACME'],
      ['CN', 'TEST SM-DP+'],
    ],
    serialNumberHex: '0100',
    notAfter: LONG,
    keyUsage: ['digitalSignature'],
    role: 'DPauth',
    registeredID: '2.999.10',
    crl: true,
  },
  dpPb: {
    files: {
      folder: 'SM-DP+/SM_DPpb',
      certificate: 'CERT_S_SM_DPpb_VARO_SIG_*.der',
      privateKey: 'SK_S_SM_DPpb_SIG_*.pem',
    },
    subject: [
      ['O', 'ACME'],
      ['CN', 'TEST SM-DP+'],
    ],
    serialNumberHex: '0101',
    notAfter: LONG,
    keyUsage: ['digitalSignature'],
    role: 'DPpb',
    registeredID: '2.999.10',
    crl: true,
  },
  dpTls: {
    files: {
      folder: 'SM-DP+/SM_DPtls',
      certificate: 'CERT_S_SM_DP_VARO_TLS_*.der',
      privateKey: 'SK_S_SM_DP_TLS_*.pem',
    },
    subject: [
      ['O', 'ACME'],
      ['CN', 'TEST SM-DP+'],
    ],
    host: 'smdpHost',
    serialNumberHex: '09',
    notAfter: 'tls',
    keyUsage: ['digitalSignature'],
    role: 'DPtls',
    policyCritical: false,
    registeredID: '2.999.10',
    crl: true,
  },
  dsAuth: {
    files: {
      folder: 'SM-DS/SM_DSauth',
      certificate: 'CERT_S_SM_DSauth_VARO_SIG_*.der',
      privateKey: 'SK_S_SM_DSauth_SIG_*.pem',
    },
    subject: [
      ['O', 'ACME'],
      ['CN', 'TEST SM-DS'],
    ],
    serialNumberHex: '0200',
    notAfter: LONG,
    keyUsage: ['digitalSignature'],
    role: 'DSauth',
    registeredID: '2.999.15',
    crl: true,
    optional: true,
  },
  dsTls: {
    files: {
      folder: 'SM-DS/SM_DStls',
      certificate: 'CERT_S_SM_DS_VARO_TLS_*.der',
      privateKey: 'SK_S_SM_DS_TLS_*.pem',
    },
    subject: [
      ['O', 'ACME'],
      ['CN', 'TEST SM-DS'],
    ],
    host: 'smdsHost',
    serialNumberHex: '0201',
    notAfter: 'tls',
    keyUsage: ['digitalSignature'],
    role: 'DStls',
    policyCritical: false,
    registeredID: '2.999.15',
    crl: true,
    optional: true,
  },
  eimSigning: {
    files: { folder: 'EIM', certificate: 'CERT_S_EIMsign_ECDSA_*.der', privateKey: 'SK_S_EIMsign_ECDSA_*.pem' },
    subject: [
      ['C', 'DE'],
      ['CN', 'eim.example.com'],
    ],
    serialNumberHex: '0300',
    notAfter: LONG,
    keyUsage: ['digitalSignature'],
    subjectKeyIdentifier: false,
  },
  eimTls: {
    files: { folder: 'EIM_tls-dptls', certificate: 'CERT_S_EIM_TLS_*.der', privateKey: 'SK_S_EIM_TLS_*.pem' },
    subject: [
      ['C', 'DE'],
      ['CN', 'eim.example.com'],
    ],
    host: 'eimHost',
    serialNumberHex: '0301',
    notAfter: 'tls',
    keyUsage: ['digitalSignature'],
    subjectKeyIdentifier: false,
    registeredID: '2.999.20',
    crl: true,
  },
} as const satisfies Record<string, Profile>
export type ProfileName = keyof typeof profiles
