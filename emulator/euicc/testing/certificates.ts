/** Certificates of SM-DP+ that are wrong in one way. */
import { generateKeyPairSync } from 'node:crypto'
import { certify, contentOf } from '../../../certs/issue.ts'
import { type Profile, profiles } from '../../../certs/profiles.ts'
import { type Identity, privateKeyFromSeed } from '../../../protocol/crypto/index.ts'
import { pki, seed } from './cards.ts'

const now = Date.UTC(2026, 0, 1)
const { ci } = pki.nist

async function issue(profile: Profile, publicKeyInfo?: Uint8Array): Promise<Identity> {
  const privateKey = privateKeyFromSeed('nist', seed, 'server of the tests')
  const content = contentOf({ profile, publicKey: privateKey.publicKey, issuer: ci.certificate, now })
  const order = publicKeyInfo ? { ...content, publicKeyInfo } : content
  return { certificate: await certify(order, ci), privateKey }
}

const withoutOid = ({ registeredID: _gone, ...profile }: Profile): Profile => profile

const p384 = new Uint8Array(
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'der', type: 'spki' }),
)

/** One bit of the signature of the certificate is wrong. */
export function spoiled({ certificate, privateKey }: Identity): Identity {
  const octets = certificate.slice()
  octets[octets.length - 1] = (octets.at(-1) ?? 0) ^ 1
  return { certificate: octets, privateKey }
}

export const authWithoutOid = await issue(withoutOid(profiles.dpAuth))
export const authOnP384 = await issue(profiles.dpAuth, p384)
export const dsAuth = await issue({ ...profiles.dpAuth, role: 'DSauth' })
export const pbOnP384 = await issue(profiles.dpPb, p384)
export const pbOfOtherServer = await issue({ ...profiles.dpPb, registeredID: '2.999.12' })
export const pbWithRoleOfAuth = await issue({ ...profiles.dpPb, role: 'DPauth' })
export const tlsOnP384 = await issue({ ...profiles.dpAuth, role: 'DPtls' }, p384)
