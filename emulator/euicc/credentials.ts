/** Keys and certificates of cards that are made from a seed when they are first needed, so a fleet of cards at rest needs none. */
import { toHex } from '../../protocol/ber/index.ts'
import {
  deriveEuiccIdentity,
  type Identity,
  readCertificate,
  type Signer,
  signDeterministically,
} from '../../protocol/crypto/index.ts'
import type { Credential, Credentials } from './product.ts'

export interface DerivedCredentialsOptions {
  /** CERT.EUM.ECDSA and its key under each CI, preferred first. */
  readonly eums: readonly Identity[]
  readonly seed: Uint8Array
  /** Of the certificates. By default one that gives the same certificate for the same card every time. */
  readonly signer?: Signer
}

/** Cards whose keys are remembered: twice as many. */
const GENERATION = 4096

export function derivedCredentials({
  eums,
  seed,
  signer = signDeterministically,
}: DerivedCredentialsOptions): Credentials {
  const issuers = new Map(eums.map((eum) => [toHex(ciPkIdOf(eum)), eum]))
  let recent = new Map<string, Credential>()
  let earlier = new Map<string, Credential>()
  return {
    ciPkIds: eums.map(ciPkIdOf),
    of(eid, ciPkId) {
      const ci = toHex(ciPkId)
      const key = `${eid} ${ci}`
      const known = recent.get(key)
      if (known) return known
      const eum = issuers.get(ci)
      if (!eum) throw new Error(`no EUM certificate under the CI ${ci}`)
      if (recent.size >= GENERATION) [recent, earlier] = [new Map(), recent]
      const credential = earlier.get(key) ?? derive(eum, { eid, seed, signer })
      recent.set(key, credential)
      return credential
    },
  }
}

function ciPkIdOf({ certificate }: Identity): Uint8Array {
  const { authorityKeyIdentifier } = readCertificate(certificate)
  if (!authorityKeyIdentifier) throw new Error('the certificate of the EUM has no authority key identifier')
  return authorityKeyIdentifier
}

function derive(eum: Identity, card: { eid: string; seed: Uint8Array; signer: Signer }): Credential {
  const { certificate, privateKey } = deriveEuiccIdentity({ eum, ...card })
  return { privateKey, euiccCertificate: certificate, eumCertificate: eum.certificate }
}
