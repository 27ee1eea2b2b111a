import { makePki, type Pki } from '../../certs/index.ts'
import { readCertificate, type Signer } from '../../protocol/crypto/index.ts'
import { type CardSettings, createEuicc, derivedCredentials, type EuiccState } from '../euicc/index.ts'

/** Makes cards. The same seed gives the same keys and certificates of every card, so that a recording needs to name only seed and EID. */
export interface Factory {
  readonly pki: Pki
  card(eid: string, settings?: CardSettings): EuiccState
  /** Of that card, under the CI that it prefers. */
  certificates(eid: string): Certificates
}

export interface Certificates {
  readonly euiccCertificate: Uint8Array
  readonly eumCertificate: Uint8Array
}

export interface FactoryOptions {
  readonly seed: string
  /** Milliseconds since the Unix epoch: from when certificates of TLS are valid. */
  readonly now: number
  /** Name of the servers in their certificates. */
  readonly name?: string
  /** Certificates that are not ours. Cards are certified by its EUMs; their own keys still come from the seed. */
  readonly pki?: Pki
  /** Of cards' certificates, where nobody has to make the same again. */
  readonly signer?: Signer
}

export async function createFactory(options: FactoryOptions): Promise<Factory> {
  const { seed, now, name = 'localhost', signer } = options
  const secret = new TextEncoder().encode(seed)
  const pki = options.pki ?? (await makePki({ seed: secret, now, smdpHost: name, eimHost: name }))
  const credentials = derivedCredentials({
    eums: [pki.nist.eum, pki.brainpool.eum],
    seed: secret,
    ...(signer && { signer }),
  })
  const trustedCis = [pki.nist, pki.brainpool].map(({ ci }) => readCertificate(ci.certificate))
  const [preferred] = credentials.ciPkIds
  if (!preferred) throw new Error('A card needs a CI')
  return {
    pki,
    card: (eid, settings) => createEuicc({ ...settings, eid, credentials, trustedCis }),
    certificates: (eid) => credentials.of(eid, preferred),
  }
}
