import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { DecodeError } from '../protocol/ber/index.ts'
import {
  type Certificate,
  type ChainReason,
  deriveEuiccIdentity,
  type Identity,
  readCertificate,
  verifyEuiccChain,
  verifyProfileBindingCertificate,
  verifyServerCertificate,
  verifyTlsCertificate,
} from '../protocol/crypto/index.ts'
import { makePki, type Pki } from './index.ts'
import { certify } from './issue.ts'
import {
  type Change,
  contentFor,
  instead,
  plus,
  policyOf,
  unknownExtension,
  unsupportedCurve,
  validFrom,
  validUntil,
  varied,
  withBrokenSignature,
  without,
} from './testing/variations.ts'

const seed = new TextEncoder().encode('chain.test')
const now = Date.UTC(2026, 10, 22)
const curves = ['nist', 'brainpool'] as const
const EID = '89049032123451234512345678901235'

let pki: Pki
let otherPki: Pki
beforeAll(async () => {
  pki = await makePki({ seed, now })
  otherPki = await makePki({ seed: new Uint8Array(1), now })
})

const ended = validUntil(now - 1000)
const notBegun = validFrom(now + 1000)
const registeredID = (value: string) => new x509.SubjectAlternativeNameExtension([{ type: 'id', value }])
const octets = (hex: string) => Buffer.from(hex, 'hex')

/** A fault for each row of the checks, in their order. The signature is broken after signing. */
const faults: readonly { reason: ChainReason; change: Change }[] = [
  { reason: 'basic-constraints', change: plus(new x509.BasicConstraintsExtension(true, 0, true)) },
  { reason: 'key-usage', change: without('2.5.29.15') },
  { reason: 'critical-extension', change: plus(unknownExtension(true)) },
  { reason: 'expired', change: ended },
  { reason: 'policy', change: instead(policyOf('DPpb')) },
  { reason: 'curve', change: unsupportedCurve },
]

describe.each(curves)('CERT.DPauth on %s', (curve) => {
  const verify = (certificate: Certificate, at?: number) =>
    verifyServerCertificate(certificate, {
      roles: ['DPauth', 'DSauth'],
      trusted: [readCertificate(otherPki[curve].ci.certificate), readCertificate(pki[curve].ci.certificate)],
      ...(at !== undefined && { at }),
    })
  const refused = (reason: ChainReason) => ({ ok: false, reason, certificate: 'DPauth' })

  it('is accepted below a trusted CI', () => {
    const ci = readCertificate(pki[curve].ci.certificate)
    expect(verify(readCertificate(pki[curve].dpAuth.certificate), now)).toEqual({ ok: true, role: 'DPauth', ci })
  })
  it('is accepted as CERT.DSauth when its policy says so', async () => {
    const dsAuth = await varied(pki[curve], 'dpAuth', instead(policyOf('DSauth')))
    expect(verify(dsAuth)).toMatchObject({ ok: true, role: 'DSauth' })
  })
  it('is refused below any other CI', async () => {
    const trusted = [readCertificate(otherPki[curve].ci.certificate)]
    const certificate = readCertificate(pki[curve].dpAuth.certificate)
    expect(verifyServerCertificate(certificate, { roles: ['DPauth'], trusted })).toEqual(refused('issuer'))
  })
  it('is refused without an authority key identifier', async () => {
    expect(verify(await varied(pki[curve], 'dpAuth', without('2.5.29.35')))).toEqual(refused('issuer'))
  })
  it('is refused when another key signed it in the name of the CI', async () => {
    const forged = await certify(contentFor(pki[curve], 'dpAuth'), {
      certificate: pki[curve].ci.certificate,
      privateKey: otherPki[curve].ci.privateKey,
    })
    expect(verify(readCertificate(forged))).toEqual(refused('signature'))
  })
  it('is refused with a wrong signature before anything else', async () => {
    const [first] = faults
    expect(first && verify(withBrokenSignature(await varied(pki[curve], 'dpAuth', first.change)))).toEqual(
      refused('signature'),
    )
  })
  it.each(faults)('is refused for its $reason', async ({ reason, change }) => {
    expect(verify(await varied(pki[curve], 'dpAuth', change), now)).toEqual(refused(reason))
  })
  it('is refused for the first of two faults', async () => {
    for (const [i, { reason, change }] of faults.entries()) {
      const next = faults[i + 1]
      if (next) expect(verify(await varied(pki[curve], 'dpAuth', change, next.change), now)).toEqual(refused(reason))
    }
  })
  it('is refused before its time, but only by those who have a clock', async () => {
    expect(verify(await varied(pki[curve], 'dpAuth', notBegun), now)).toEqual(refused('not-yet-valid'))
    expect(verify(await varied(pki[curve], 'dpAuth', notBegun))).toMatchObject({ ok: true })
    expect(verify(await varied(pki[curve], 'dpAuth', ended))).toMatchObject({ ok: true })
  })
  it('may have an unknown extension that is not critical, but no extension twice', async () => {
    expect(verify(await varied(pki[curve], 'dpAuth', plus(unknownExtension(false))))).toMatchObject({ ok: true })
    const twice = await varied(pki[curve], 'dpAuth', plus(policyOf('DPauth')))
    expect(verify(twice)).toEqual(refused('critical-extension'))
  })
  it('is not accepted with any one octet changed', () => {
    const { certificate } = pki[curve].dpAuth
    fc.assert(
      fc.property(fc.nat(certificate.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const octets = certificate.map((octet, i) => (i === index ? octet ^ mask : octet))
        try {
          return !verify(readCertificate(octets)).ok
        } catch (error) {
          return error instanceof DecodeError
        }
      }),
    )
  })
})

describe.each(curves)('CERT.DPpb on %s', (curve) => {
  const verify = (certificate: Certificate, dpAuth = readCertificate(pki[curve].dpAuth.certificate)) =>
    verifyProfileBindingCertificate(certificate, {
      dpAuth,
      trusted: [readCertificate(otherPki[curve].ci.certificate), readCertificate(pki[curve].ci.certificate)],
    })
  const refused = (reason: ChainReason) => ({ ok: false, reason, certificate: 'DPpb' })

  it('is accepted beside its CERT.DPauth', () => {
    expect(verify(readCertificate(pki[curve].dpPb.certificate))).toMatchObject({ ok: true })
  })
  it('is refused when CERT.DPauth is offered in its place', () => {
    expect(verify(readCertificate(pki[curve].dpAuth.certificate))).toEqual(refused('policy'))
  })
  it('is refused below another CI than CERT.DPauth', () => {
    expect(verify(readCertificate(otherPki[curve].dpPb.certificate))).toEqual(refused('other-ci'))
  })
  it.each([
    ['another OID than CERT.DPauth', instead(registeredID('2.999.12'))],
    ['no OID', without('2.5.29.17')],
  ])('is refused with %s', async (_, change) => {
    expect(verify(await varied(pki[curve], 'dpPb', change))).toEqual(refused('oid'))
  })
  it('is refused when neither certificate has an OID', async () => {
    const noOid = without('2.5.29.17')
    expect(verify(await varied(pki[curve], 'dpPb', noOid), await varied(pki[curve], 'dpAuth', noOid))).toEqual(
      refused('oid'),
    )
  })
})

describe.each(curves)('the chain of an eUICC on %s', (curve) => {
  const verify = (euicc: Uint8Array, eum: Uint8Array, at = now) =>
    verifyEuiccChain({
      euicc: readCertificate(euicc),
      eum: readCertificate(eum),
      trusted: [readCertificate(pki[curve].ci.certificate)],
      at,
    })
  const refused = (reason: ChainReason, certificate: 'EUM' | 'EUICC') => ({ ok: false, reason, certificate })
  const deviceOf = (eum: Identity, eid = EID) => deriveEuiccIdentity({ eum, eid, seed })
  const eumWith = async (...changes: Change[]): Promise<Identity> => ({
    certificate: (await varied(pki[curve], 'eum', ...changes)).octets,
    privateKey: pki[curve].eum.privateKey,
  })
  const verifyBelow = (eum: Identity, eid = EID) => verify(deviceOf(eum, eid).certificate, eum.certificate)

  it('is accepted, with its EID', () => {
    expect(verifyBelow(pki[curve].eum)).toEqual({
      ok: true,
      eid: EID,
      ci: readCertificate(pki[curve].ci.certificate),
    })
  })
  it('is refused when the EUM is below another CI', () => {
    expect(verifyBelow(otherPki[curve].eum)).toEqual(refused('issuer', 'EUM'))
  })
  it('is refused when another EUM certified the eUICC', () => {
    const { certificate } = deviceOf(otherPki[curve].eum)
    expect(verify(certificate, pki[curve].eum.certificate)).toEqual(refused('issuer', 'EUICC'))
  })
  it('is refused when the eUICC certified itself', async () => {
    const { privateKey } = deviceOf(pki[curve].eum)
    const content = { ...contentFor(pki[curve], 'dpAuth'), subject: [['O', 'RSP Test EUM']] as const }
    const selfSigned = await certify(without('2.5.29.35')(content), { privateKey })
    expect(verify(selfSigned, pki[curve].eum.certificate)).toEqual(refused('issuer', 'EUICC'))
  })
  it.each<[ChainReason, Change]>([
    ['basic-constraints', without('2.5.29.19')],
    ['key-usage', instead(new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true))],
    ['critical-extension', plus(unknownExtension(true))],
    ['expired', ended],
    ['not-yet-valid', notBegun],
    ['policy', instead(policyOf('EUICC'))],
  ])('is refused for the %s of the EUM', async (reason, change) => {
    expect(verifyBelow(await eumWith(change))).toEqual(refused(reason, 'EUM'))
  })
  it('is refused with a broken signature of either', () => {
    const { certificate } = deviceOf(pki[curve].eum)
    const broken = (octets: Uint8Array) => withBrokenSignature(readCertificate(octets)).octets
    expect(verify(certificate, broken(pki[curve].eum.certificate))).toEqual(refused('signature', 'EUM'))
    expect(verify(broken(certificate), pki[curve].eum.certificate)).toEqual(refused('signature', 'EUICC'))
  })
  it('is refused when the eUICC is beyond its time, which a server looks at', () => {
    const { certificate } = deviceOf(pki[curve].eum)
    expect(verify(certificate, pki[curve].eum.certificate, Date.UTC(2060, 0, 1))).toEqual(refused('expired', 'EUM'))
    expect(verify(certificate, pki[curve].eum.certificate, Date.UTC(2019, 0, 1))).toEqual(
      refused('not-yet-valid', 'EUM'),
    )
  })
  it('is refused for an EID outside the EIN of the EUM', () => {
    expect(verifyBelow(pki[curve].eum, '89049033123451234512345678901204')).toEqual(refused('ein', 'EUICC'))
  })
  it('is refused for an eUICC of another organisation', async () => {
    const renamed = await eumWith((content) => ({
      ...content,
      subject: [
        ['C', 'ES'],
        ['O', 'Another EUM'],
      ] as const,
    }))
    expect(verifyBelow(renamed)).toEqual(refused('ein', 'EUICC'))
  })
  it('is refused when the EUM names no EIN at all', async () => {
    expect(verifyBelow(await eumWith(without('2.5.29.30')))).toEqual(refused('ein', 'EUICC'))
  })
  it('is judged by permittedEins where the EUM has them, as in SGP.22 v3', async () => {
    const organization = '31153013060355040a0c0c5253502054657374' + '2045554d'
    const organizationOnly = instead(
      new x509.Extension('2.5.29.30', true, octets(`301fa01d301ba4193017${organization}`)),
    )
    const eins = (ein: string) =>
      new x509.Extension('2.23.146.1.2.2.0', true, octets(`300a1308${Buffer.from(ein).toString('hex')}`))
    expect(verifyBelow(await eumWith(organizationOnly, plus(eins('89049032'))))).toMatchObject({ ok: true })
    expect(verifyBelow(await eumWith(organizationOnly, plus(eins('89049033'))))).toEqual(refused('ein', 'EUICC'))
  })
})

describe.each(curves)('CERT.DPtls on %s', (curve) => {
  const verify = (certificate: Certificate, host = 'localhost') =>
    verifyTlsCertificate(certificate, {
      role: 'DPtls',
      host,
      trusted: [readCertificate(pki[curve].ci.certificate)],
      at: now,
    })
  const refused = (reason: ChainReason) => ({ ok: false, reason, certificate: 'DPtls' })

  it('is accepted for its host in any case of letters', () => {
    expect(verify(readCertificate(pki[curve].dpTls.certificate), 'LocalHost')).toMatchObject({ ok: true })
  })
  it('is refused for another host', () => {
    expect(verify(readCertificate(pki[curve].dpTls.certificate), 'smdp.example.com')).toEqual(refused('host'))
  })
  it.each<[string, ChainReason, Change]>([
    ['clientAuth only', 'extended-key-usage', instead(new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.2'], true))],
    ['no extended key usage', 'extended-key-usage', without('2.5.29.37')],
    ['keyAgreement', 'key-usage', instead(new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyAgreement, true))],
    ['the policy of CERT.DPauth', 'policy', instead(policyOf('DPauth'))],
    ['a curve of 384 bits', 'curve', unsupportedCurve],
    ['a day that has passed', 'expired', ended],
  ])('is refused with %s', async (_, reason, change) => {
    expect(verify(await varied(pki[curve], 'dpTls', change))).toEqual(refused(reason))
  })
})
