/** What must hold before the eIM believes what was sent in the name of an eUICC: SGP.32 v1.2, 2.11.2.1 and 5.14.6. */
import { verify, verifyDer } from '../../protocol/crypto/index.ts'
import type { EuiccIdentity, EuiccState, Exchange } from './state.ts'

/** Something that is signed, and what it says of itself. */
export interface Claim {
  readonly state: EuiccState
  readonly signed: readonly Uint8Array[]
  readonly signature: Uint8Array
  /** eimId in it and our own. */
  readonly addressee?: { readonly named: string; readonly own: string }
  readonly sequenceNumber?: number
  /** The signature need not hold. */
  readonly lenient: boolean
  /** The one under way that it answers. */
  readonly exchange: Exchange | undefined
}

/** Why something was not believed, as traces name it. */
export type Disbelief = 'unsigned' | 'not-asked' | 'iccid' | 'eid' | (typeof checks)[number]['id']

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

export const firstBroken = (claim: Claim): (typeof checks)[number]['id'] | undefined =>
  checks.find((check) => !check.holds(claim))?.id

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
