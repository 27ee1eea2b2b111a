/** Certificates that differ from their profile in one point, for tests of refusals. */
import 'reflect-metadata'
import { generateKeyPairSync } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { type Certificate, readCertificate, roles } from '../../protocol/crypto/index.ts'
import { type Content, certify, contentOf } from '../issue.ts'
import type { CurvePki } from '../pki.ts'
import { type Profile, type ProfileName, profiles } from '../profiles.ts'

export type Change = (content: Content) => Content

/** The certificate of this name with a changed content, signed by its CI as if nothing had happened. */
export async function varied(pki: CurvePki, name: ProfileName, ...changes: Change[]): Promise<Certificate> {
  const content = changes.reduce((result, change) => change(result), contentFor(pki, name))
  return readCertificate(await certify(content, pki.ci))
}

export function contentFor(pki: CurvePki, name: ProfileName): Content {
  const profile: Profile = profiles[name]
  const identity = pki[name]
  if (!identity) throw new Error(`the PKI has no ${name}`)
  return contentOf({
    profile,
    publicKey: identity.privateKey.publicKey,
    issuer: pki.ci.certificate,
    now: readCertificate(pki.dpTls.certificate).notBefore + 86_400_000,
    ...(profile.host && { host: 'localhost' }),
  })
}

export const without =
  (oid: string): Change =>
  (content) => ({ ...content, extensions: content.extensions.filter(({ type }) => type !== oid) })

export const plus =
  (extension: x509.Extension): Change =>
  (content) => ({ ...content, extensions: [...content.extensions, extension] })

export const instead =
  (extension: x509.Extension): Change =>
  (content) =>
    plus(extension)(without(extension.type)(content))

export const policyOf = (role: keyof typeof roles) => new x509.CertificatePolicyExtension([roles[role].policy], true)

export const unknownExtension = (critical: boolean) =>
  new x509.Extension('1.3.6.1.4.1.99999.1', critical, new Uint8Array([5, 0]))

export const unsupportedCurve: Change = (content) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
  return { ...content, publicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })) }
}

export const validUntil =
  (ms: number): Change =>
  (content) => ({ ...content, notAfter: new Date(ms) })

export const validFrom =
  (ms: number): Change =>
  (content) => ({ ...content, notBefore: new Date(ms) })

/** Changes the last octet of s, after signing. */
export function withBrokenSignature({ octets }: Certificate): Certificate {
  return readCertificate(octets.map((octet, i) => (i === octets.length - 1 ? octet ^ 1 : octet)))
}
