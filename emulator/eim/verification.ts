/** What must hold before the eIM believes what was sent in the name of an eUICC: SGP.32 v1.2, 2.11.2.1 and 5.14.6. */
import { verify, verifyDer } from '../../protocol/crypto/index.ts'
import { type Sgp32Version, sgp32VersionNames } from '../../protocol/sgp32/index.ts'
import type { EuiccIdentity, EuiccState, Exchange } from './state.ts'

/** Something that is signed, and what it says of itself. */
export interface Claim {
  readonly state: EuiccState
  readonly signed: readonly Uint8Array[]
  readonly signature: Uint8Array
  /** What another version of SGP.32 would have had signed. */
  readonly signedIn?: { readonly version: Sgp32Version; readonly octets: () => readonly Uint8Array[] }
  /** eimId in it and our own. */
  readonly addressee?: { readonly named: string; readonly own: string }
  readonly sequenceNumber?: number
  /** The signature need not hold. */
  readonly lenient: boolean
  /** The one under way that it answers. */
  readonly exchange: Exchange | undefined
}

/** Why something was not believed, as traces name it. */
export type Disbelief = 'unsigned' | 'unreadable' | 'not-asked' | 'iccid' | 'eid' | Broken
type Broken = (typeof checks)[number]['id'] | `euicc-signature: peer speaks ${string}`

/** The first row that does not hold decides. */
export const checks = [
  {
    id: 'euicc-signature',
    holds: (claim: Claim) => claim.lenient || isSigned(claim),
  },
  { id: 'eim-id', holds: ({ addressee }: Claim) => addressee?.named === addressee?.own },
  {
    id: 'sequence-number',
    holds: ({ sequenceNumber = Number.POSITIVE_INFINITY, state }: Claim) => sequenceNumber > state.sequenceNumber,
  },
  { id: 'package-under-way', holds: ({ exchange }: Claim) => exchange !== undefined },
] as const

const isSigned = ({ state, signed, signature }: Claim): boolean => isSignedByEuicc(state.identities, signed, signature)

/** Of something that was believed. */
export const isVerified = (claim: Claim): boolean => !claim.lenient || isSigned(claim)

export function firstBroken(claim: Claim): Broken | undefined {
  const broken = checks.find((check) => !check.holds(claim))?.id
  const { signedIn, signature, state } = claim
  const isOther =
    broken === 'euicc-signature' && signedIn && isSignedByEuicc(state.identities, signedIn.octets(), signature)
  return isOther ? `euicc-signature: peer speaks ${sgp32VersionNames[signedIn.version]}` : broken
}

const RAW_SIGNATURE_OCTETS = 64

/** Deviation: cards also sign in the DER form of X9.62, which is accepted. */
export const isSignedByEuicc = (
  identities: readonly EuiccIdentity[],
  octets: readonly Uint8Array[],
  signature: Uint8Array,
): boolean =>
  identities.some(({ publicKey }) =>
    signature.length === RAW_SIGNATURE_OCTETS
      ? verify(publicKey, octets, signature)
      : verifyDer(publicKey, Buffer.concat(octets), signature),
  )
