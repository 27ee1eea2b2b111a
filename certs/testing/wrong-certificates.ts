/** Certificates of servers that are wrong in one point, one row for each rule of the chain: SGP.22 v2.5, 4.5.2.2. */
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import type { ChainReason, Identity } from '../../protocol/crypto/index.ts'
import { certify } from '../issue.ts'
import type { CurvePki, Pki } from '../pki.ts'
import {
  type Change,
  contentFor,
  instead,
  plus,
  policyOf,
  unknownExtension,
  unsupportedCurve,
  validUntil,
  varied,
  withBrokenSignature,
  without,
} from './variations.ts'

export type ServerCertificate = 'dpAuth' | 'dpPb'

interface WrongCertificate {
  readonly rule: string
  /** The row of the chain that it breaks. Absent: the chain is right. */
  readonly reason?: ChainReason
  readonly of: readonly ServerCertificate[]
  make(pki: CurvePki, name: ServerCertificate, strangers: Pki): Promise<Identity>
}

const both = ['dpAuth', 'dpPb'] as const

/** With a change in its content, and signed by the CI as if nothing had happened. */
const changed =
  (change: Change): WrongCertificate['make'] =>
  async (pki, name) => ({ certificate: (await varied(pki, name, change)).octets, privateKey: pki[name].privateKey })

const otherOid = instead(new x509.SubjectAlternativeNameExtension([{ type: 'id', value: '2.999.12' }]))

export const wrongCertificates: readonly WrongCertificate[] = [
  {
    rule: 'signed by a key that is not the one of its CI',
    reason: 'signature',
    of: both,
    async make(pki, name, strangers) {
      const issuer = { certificate: pki.ci.certificate, privateKey: strangers.nist.ci.privateKey }
      return { certificate: await certify(contentFor(pki, name), issuer), privateKey: pki[name].privateKey }
    },
  },
  {
    rule: 'a bit of its signature turned over',
    reason: 'signature',
    of: both,
    async make(pki, name) {
      return { certificate: withBrokenSignature(await varied(pki, name)).octets, privateKey: pki[name].privateKey }
    },
  },
  { rule: 'below a CI that is not trusted', reason: 'issuer', of: both, make: async (_, name, { nist }) => nist[name] },
  { rule: 'without the key identifier of its CI', reason: 'issuer', of: both, make: changed(without('2.5.29.35')) },
  {
    rule: 'of a CA',
    reason: 'basic-constraints',
    of: both,
    make: changed(plus(new x509.BasicConstraintsExtension(true, 0, true))),
  },
  {
    rule: 'for another use of its key',
    reason: 'key-usage',
    of: both,
    make: changed(instead(new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyAgreement, true))),
  },
  {
    rule: 'with a critical extension that nobody knows',
    reason: 'critical-extension',
    of: both,
    make: changed(plus(unknownExtension(true))),
  },
  {
    rule: 'with the policy of a TLS certificate',
    reason: 'policy',
    of: both,
    make: changed(instead(policyOf('DPtls'))),
  },
  { rule: 'without a policy', reason: 'policy', of: both, make: changed(without('2.5.29.32')) },
  { rule: 'on a curve that is not supported', reason: 'curve', of: both, make: changed(unsupportedCurve) },
  { rule: 'with the OID of another SM-DP+', reason: 'oid', of: ['dpPb'], make: changed(otherOid) },
  { rule: 'without an OID', of: ['dpAuth'], make: changed(without('2.5.29.17')) },
  { rule: 'without an OID', reason: 'oid', of: ['dpPb'], make: changed(without('2.5.29.17')) },
]

/** Only who has a clock can refuse it: an eUICC has none. */
export const expiredCertificate = changed(validUntil(Date.UTC(2021, 0, 1)))
