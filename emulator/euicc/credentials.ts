/** Keys and certificates of cards that are made from a seed when they are first needed, so a fleet of cards at rest needs none. */
import { equalOctets, toHex } from '../../protocol/ber/index.ts'
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

/** Cards whose keys are remembered under each CI: twice as many. */
const GENERATION = 4096

export function derivedCredentials({
  eums,
  seed,
  signer = signDeterministically,
}: DerivedCredentialsOptions): Credentials {
  const issuers = eums.map((eum) => issuer(eum, { seed, signer }))
  return {
    ciPkIds: issuers.map(({ ciPkId }) => ciPkId),
    of(eid, ciPkId) {
      const found = issuers.find((row) => equalOctets(row.ciPkId, ciPkId))
      if (!found) throw new Error(`no EUM certificate under the CI ${toHex(ciPkId)}`)
      return found.of(eid)
    },
  }
}

function issuer(eum: Identity, made: { readonly seed: Uint8Array; readonly signer: Signer }) {
  let recent = new Map<string, Credential>()
  let earlier = new Map<string, Credential>()
  return {
    ciPkId: ciPkIdOf(eum),
    of(eid: string): Credential {
      const known = recent.get(eid)
      if (known) return known
      if (recent.size >= GENERATION) [recent, earlier] = [new Map(), recent]
      const credential = earlier.get(eid) ?? derive(eum, { eid, ...made })
      recent.set(eid, credential)
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
