/** An eIM for tests: its configuration data and packages that it signs. */
import { capture, concatOctets, encode, integer } from '../../../protocol/ber/index.ts'
import { privateKeyFromSeed, publicKeyToSpki, readCertificate, sign, verify } from '../../../protocol/crypto/index.ts'
import {
  AddInitialEimRequest,
  AddInitialEimResponse,
  type Eco,
  type EimConfigurationData,
  EuiccPackageRequest,
  EuiccPackageResult,
  EuiccPackageSigned,
  type Psmo,
} from '../../../protocol/sgp32/index.ts'
import type { Policy } from '../policy.ts'
import { type Memory, type Profile, withMemory } from '../state.ts'
import { credentials, EID, newCard, seed } from './cards.ts'
import { metadataOf } from './profiles.ts'
import { ciPkIdOf } from './smdp.ts'
import { Terminal } from './terminal.ts'

export const EIM_ID = 'eim.example.com'
export const eimKey = privateKeyFromSeed('nist', seed, 'eim')

export const configurationOf = (changes: Partial<EimConfigurationData> = {}): EimConfigurationData => ({
  eimId: EIM_ID,
  counterValue: 10,
  eimPublicKeyData: { kind: 'eimPublicKey', value: publicKeyToSpki(eimKey.publicKey) },
  ...changes,
})

export const addInitialEim = (card: Terminal, ...list: readonly EimConfigurationData[]): AddInitialEimResponse =>
  card.call(AddInitialEimRequest, { eimConfigurationDataList: list }, AddInitialEimResponse)

const Token = integer(0x84)

interface PackageOptions extends Partial<Omit<EuiccPackageSigned, 'euiccPackage'>> {
  readonly key?: typeof eimKey
  readonly token?: number
}

export function packageOf(
  euiccPackage: EuiccPackageSigned['euiccPackage'],
  options: PackageOptions = {},
): EuiccPackageRequest {
  const { key = eimKey, token = 0, ...signed } = options
  const value = { eimId: EIM_ID, eidValue: EID, counterValue: 11, ...signed, euiccPackage }
  const euiccPackageSigned = capture(EuiccPackageSigned, value)
  return { euiccPackageSigned, eimSignature: sign(key, [euiccPackageSigned.octets, encode(Token, token)]) }
}

export const psmos = (...value: readonly Psmo[]) => ({ kind: 'psmoList', value }) as const
export const ecos = (...value: readonly Eco[]) => ({ kind: 'ecoList', value }) as const

export const load = (card: Terminal, request: EuiccPackageRequest): EuiccPackageResult =>
  card.call(EuiccPackageRequest, request, EuiccPackageResult)

/** The results of a package that was executed; its signature is checked. */
export function resultsOf(result: EuiccPackageResult, token = 0) {
  if (result.kind !== 'euiccPackageResultSigned') throw new Error(JSON.stringify(result))
  const { euiccPackageResultDataSigned: data, euiccSignEPR } = result.value
  if (!isSignedByCard(data.octets, euiccSignEPR, token)) throw new Error('euiccSignEPR is wrong')
  return data.value.euiccResult
}

export function isSignedByCard(octets: Uint8Array, signature: Uint8Array, token = 0): boolean {
  const { publicKey } = readCertificate(credentials.of(EID, ciPkIdOf('nist')).euiccCertificate)
  return publicKey !== undefined && verify(publicKey, [octets, encode(Token, token)], signature)
}

/** A profile as an installation leaves it. */
export const installedProfile = (
  iccid: string,
  changes: Partial<Profile['metadata']> = {},
  number = 0x10,
): Profile => ({
  iccid,
  isdpAid: concatOctets(new Uint8Array(12), Uint8Array.of(0x89, 0x00, number, 0x00)),
  metadata: metadataOf(iccid, changes),
  ciPkId: ciPkIdOf('nist'),
  files: [],
  size: 1000,
})

/** The same card with another policy. */
export function withPolicy(card: Terminal, policy: Partial<Policy>): Terminal {
  const { product } = card.state
  card.state = { ...card.state, product: { ...product, policy: { ...product.policy, ...policy } } }
  return card
}

/** A card with an eIM and profiles of which the first may be enabled. */
export function associatedCard(memory: Partial<Memory> = {}): Terminal {
  const card = new Terminal(newCard()).selectIsdr()
  addInitialEim(card, configurationOf())
  card.events.length = 0
  card.state = withMemory(card.state, memory)
  return card
}
