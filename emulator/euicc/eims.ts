/** eIM configuration data in the card: SGP.32 v1.2, 2.11.1.1.1, 3.5. */
import { concatOctets, encode, equalOctets, integer } from '../../protocol/ber/index.ts'
import { limits } from '../../protocol/codes/index.ts'
import { type PublicKey, publicKeyFromSpki, readCertificate } from '../../protocol/crypto/index.ts'
import { Signature } from '../../protocol/sgp22/index.ts'
import type { EimConfigurationData } from '../../protocol/sgp32/index.ts'
import { type Check, proven } from './check.ts'
import type { Entropy } from './entropy.ts'
import type { EuiccProduct } from './product.ts'
import { type AssociatedEim, changedMemory, type EuiccState, type Memory } from './state.ts'
import { hasVariant } from './variants.ts'

/** Asks for a token. */
const GENERATE = -1

export interface EimFacts {
  readonly memory: Memory
  readonly product: EuiccProduct
  readonly configuration: EimConfigurationData
}

type EimError =
  | 'commandError'
  | 'associatedEimAlreadyExists'
  | 'insufficientMemory'
  | 'invalidAssociationToken'
  | 'ciPKUnknown'
  | 'counterValueOutOfRange'

interface EimCheck extends Check<EimFacts> {
  readonly otherwise: EimError
}

/** addEim: SGP.32 v1.2, 3.5.1.1. Unverified: the places of the last two rows. */
export const addEimChecks: readonly EimCheck[] = [
  { id: 'eim-data-complete', holds: ({ configuration }) => isComplete(configuration), otherwise: 'commandError' },
  {
    id: 'eim-new',
    holds: ({ memory, configuration }) => memory.eims.every((eim) => eim.configuration.eimId !== configuration.eimId),
    otherwise: 'associatedEimAlreadyExists',
  },
  {
    id: 'room-for-eim',
    holds: ({ memory, product }) => memory.eims.length < product.limits.eims,
    otherwise: 'insufficientMemory',
  },
  {
    id: 'token-absent-or-requested',
    holds: ({ configuration: { associationToken: token } }) => token === undefined || token === GENERATE,
    otherwise: 'invalidAssociationToken',
  },
  { id: 'ci-for-signing', holds: isCiKnown, otherwise: 'ciPKUnknown' },
  {
    id: 'counter-in-range',
    holds: ({ configuration }) => isCounter(configuration.counterValue ?? 0),
    otherwise: 'counterValueOutOfRange',
  },
]

export const isCounter = (value: number): boolean => value >= 0 && value <= limits.counterValue

export function isCiKnown({ product, configuration: { euiccCiPKId } }: EimFacts): boolean {
  return euiccCiPKId === undefined || product.credentials.ciPkIds.some((id) => equalOctets(id, euiccCiPKId))
}

function isComplete({ counterValue, eimPublicKeyData }: EimConfigurationData): boolean {
  return counterValue !== undefined && eimPublicKeyData !== undefined && readKey(eimPublicKeyData) !== undefined
}

/** Associates an eIM, with the defaults of 2.11.1.1.1. A token is generated when it is asked for. */
export function addEim({ memory, product, configuration }: EimFacts): { memory: Memory; token?: number } {
  const { counterValue = 0, associationToken, ...given } = configuration
  const token = associationToken === GENERATE ? memory.lastAssociationToken + 1 : undefined
  const ciPkId = product.credentials.ciPkIds[0]
  const complete: EimConfigurationData = {
    eimIdType: 'eimIdTypeProprietary',
    eimSupportedProtocol: ['eimProprietary'],
    ...(ciPkId && { euiccCiPKId: ciPkId }),
    ...given,
    ...(token !== undefined && { associationToken: token }),
  }
  return {
    memory: changedMemory(memory, {
      eims: [...memory.eims, { configuration: complete, counterValue }],
      ...(token !== undefined && { lastAssociationToken: token }),
    }),
    ...(token !== undefined && { token }),
  }
}

type PublicKeyData = NonNullable<EimConfigurationData['eimPublicKeyData']>

/** Neither issuer nor validity of a certificate is looked at: the configuration itself is the trust. Unverified. */
export function readKey({ kind, value }: PublicKeyData): PublicKey | undefined {
  if (kind === 'eimPublicKey') return publicKeyFromSpki(value)
  try {
    return readCertificate(value).publicKey
  } catch {
    return undefined
  }
}

const keys = new WeakMap<PublicKeyData, PublicKey>()

/** Reading a key costs as much as a signature: it is done once for each configuration. */
export function publicKeyOf({ configuration: { eimPublicKeyData } }: AssociatedEim): PublicKey | undefined {
  if (!eimPublicKeyData) return undefined
  const known = keys.get(eimPublicKeyData)
  if (known) return known
  const key = readKey(eimPublicKeyData)
  if (key) keys.set(eimPublicKeyData, key)
  return key
}

const AssociationToken = integer(0x84)

/** What a signature between card and eIM covers: the signed part, then the association token, 0 when there is none. SGP.32 v1.2, 2.11. */
export function withToken(signed: Uint8Array, eim: AssociatedEim): Uint8Array {
  return concatOctets(signed, encode(AssociationToken, eim.configuration.associationToken ?? 0))
}

/** A result and what it is signed with besides. */
interface ResultForEim {
  readonly eim: AssociatedEim
  readonly data: Uint8Array
  /** Of the package that is answered. */
  readonly eimSignature: Uint8Array | undefined
}

/** With the key that is certified under the CI of the eIM's configuration. */
export function signForEim(
  { eid, product }: EuiccState,
  { eim, data, eimSignature }: ResultForEim,
  entropy: Entropy,
): Uint8Array {
  const { credentials } = product
  const ciPkId = proven(eim.configuration.euiccCiPKId ?? credentials.ciPkIds[0], 'ci-for-signing')
  const { privateKey } = credentials.of(eid, ciPkId)
  return entropy.sign(privateKey, [signedOf(product, { eim, data, eimSignature })])
}

/** SGP.32 v1.0.1 has the signature of the package where v1.2 has the token. */
function signedOf(product: EuiccProduct, { eim, data, eimSignature }: ResultForEim): Uint8Array {
  if (product.specification === '1.0.1')
    return concatOctets(data, encode(Signature, proven(eimSignature, 'eim-signature')))
  const isBare = eim.configuration.associationToken === undefined && hasVariant({ product }, 'signedWithoutToken')
  return isBare ? data : withToken(data, eim)
}
