/** Certificates that an SM-DP+ must refuse. */
import { certify, contentOf } from '../../../certs/issue.ts'
import { profiles } from '../../../certs/profiles.ts'
import { bitString, concatOctets, decode, encode, equalOctets, sequence, slice } from '../../../protocol/ber/index.ts'
import { type PrivateKey, sign, signatureToDer } from '../../../protocol/crypto/index.ts'
import { NOW, pki } from './world.ts'

const Signed = sequence(0x30, { tbsCertificate: slice(), algorithm: slice(), signature: bitString() })

/** The same certificate with other octets of the same number in one place, and signed again. */
function altered(
  certificate: Uint8Array,
  { issuerKey, from, to }: { issuerKey: PrivateKey; from: string; to: string },
) {
  const { tbsCertificate, algorithm } = decode(Signed, certificate)
  const tbs = replaced(tbsCertificate, new TextEncoder().encode(from), new TextEncoder().encode(to))
  const octets = signatureToDer(sign(issuerKey, [tbs]))
  return encode(Signed, { tbsCertificate: tbs, algorithm, signature: { unusedBits: 0, octets } })
}

function replaced(octets: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  for (let i = 0; i + from.length <= octets.length; i++)
    if (equalOctets(octets.subarray(i, i + from.length), from))
      return concatOctets(octets.subarray(0, i), to, octets.subarray(i + from.length))
  throw new Error('the octets are not there')
}

/** Both ended in 2021. */
export const expiredEum = altered(pki.nist.eum.certificate, {
  issuerKey: pki.nist.ci.privateKey,
  from: '20540324',
  to: '20210324',
})

export const expiredEuicc = (certificate: Uint8Array): Uint8Array =>
  altered(certificate, { issuerKey: pki.nist.eum.privateKey, from: '74960124', to: '20210124' })

export const selfSignedEum: Uint8Array = await certify(
  contentOf({ profile: profiles.eum, publicKey: pki.nist.eum.privateKey.publicKey, now: NOW }),
  { privateKey: pki.nist.eum.privateKey },
)

/** With a bit of the signature turned over. */
export function forged(certificate: Uint8Array): Uint8Array {
  const copy = certificate.slice()
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1
  return copy
}
