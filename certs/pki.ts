/** The test PKI, made in memory from a seed; for test only. SGP.26 v1.5, variant O. */
import { type Curve, type Identity, type PrivateKey, privateKeyFromSeed } from '../protocol/crypto/index.ts'
import { type Profile, type ProfileName, profiles } from './profiles.ts'

/** One certificate and key for each role. */
export type CurvePki = Readonly<Record<Exclude<ProfileName, OptionalName>, Identity>> &
  Readonly<Partial<Record<OptionalName, Identity>>>

/** A folder of somebody else may lack them; a PKI that is made here has them. */
type OptionalName = 'dsAuth' | 'dsTls'
export type MadeCurvePki = Readonly<Record<ProfileName, Identity>>

export type Pki = Readonly<Record<Curve, CurvePki>>

export interface PkiOptions {
  /** The same seed gives the same keys and, but for the dates of TLS, the same certificates. */
  readonly seed: Uint8Array
  /** Milliseconds since the Unix epoch. TLS certificates are valid from the day before, for 398 days. */
  readonly now: number
  /** dNSName of the SM-DP+, of the SM-DS and of the eIM; `localhost` by default. */
  readonly smdpHost?: string
  readonly smdsHost?: string
  readonly eimHost?: string
}

export async function makePki(options: PkiOptions): Promise<Readonly<Record<Curve, MadeCurvePki>>> {
  return { nist: await makeCurvePki('nist', options), brainpool: await makeCurvePki('brainpool', options) }
}

async function makeCurvePki(curve: Curve, options: PkiOptions): Promise<MadeCurvePki> {
  const ciKey = privateKeyFromSeed(curve, options.seed, 'ci')
  const ci = await makeIdentity(profiles.ci, ciKey, options)
  const below = async (name: ProfileName) =>
    makeIdentity(profiles[name], privateKeyFromSeed(curve, options.seed, name), { ...options, ci })
  return {
    ci,
    eum: await below('eum'),
    dpAuth: await below('dpAuth'),
    dpPb: await below('dpPb'),
    dpTls: await below('dpTls'),
    dsAuth: await below('dsAuth'),
    dsTls: await below('dsTls'),
    eimSigning: await below('eimSigning'),
    eimTls: await below('eimTls'),
  }
}

async function makeIdentity(
  profile: Profile,
  privateKey: PrivateKey,
  {
    ci,
    now,
    smdpHost = 'localhost',
    smdsHost = 'localhost',
    eimHost = 'localhost',
  }: PkiOptions & { readonly ci?: Identity },
): Promise<Identity> {
  // Half a second to load, which only those pay who make certificates.
  const { certify, contentOf } = await import('./issue.ts')
  const host = profile.host && { smdpHost, smdsHost, eimHost }[profile.host]
  const order = {
    profile,
    publicKey: privateKey.publicKey,
    now,
    ...(ci && { issuer: ci.certificate }),
    ...(host && { host }),
  }
  return { certificate: await certify(contentOf(order), ci ?? { privateKey }), privateKey }
}
