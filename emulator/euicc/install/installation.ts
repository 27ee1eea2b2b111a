/** A profile on its way onto the card. It is part of the session, so whatever ends that leaves nothing of it behind. */
import type { BspState } from '../../../protocol/crypto/index.ts'
import type { PEStatus, ProfileElement } from '../../../protocol/saip/index.ts'
import type { ConfigureISDPRequest } from '../../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import type { PlacedFiles } from '../card/files.ts'
import { type BppStream, newBppStream } from './bpp-stream.ts'

export interface Installation {
  readonly stream: BppStream
  /** Absent before InitialiseSecureChannel. */
  readonly bsp?: BspState | undefined
  /** Of the command that is spread over several TLVs; how many of them came. */
  readonly plaintext: Uint8Array
  readonly tlvs: number
  readonly dpProprietaryData?: ConfigureISDPRequest['dpProprietaryData'] | undefined
  readonly metadata?: StoreMetadataRequest | undefined
  readonly elements: ProfileElements
}

/** The profile package so far. */
export interface ProfileElements {
  /** The beginning of the next element, in the pieces in which it came. */
  readonly waiting: readonly Uint8Array[]
  /** Octets without which it cannot be whole; 0: not known. */
  readonly missing: number
  readonly done: readonly ProfileElement[]
  /** Of elements that were passed over. */
  readonly statuses: readonly PEStatus[]
  readonly files: PlacedFiles
  readonly octets: number
}

export const newInstallation: Installation = changedInstallation(
  {
    stream: newBppStream,
    plaintext: new Uint8Array(),
    tlvs: 0,
    elements: { waiting: [], missing: 0, done: [], statuses: [], files: [], octets: 0 },
  },
  {},
)

/** One literal for all. */
export function changedInstallation(installation: Installation, changes: Partial<Installation>): Installation {
  const { stream, bsp, plaintext, tlvs, dpProprietaryData, metadata, elements } = installation
  return Object.assign({ stream, bsp, plaintext, tlvs, dpProprietaryData, metadata, elements }, changes)
}

// What every segment changes: Object.assign takes twice as long as a literal.
export function movedOn(before: Installation, stream: BppStream): Installation {
  const { bsp, plaintext, tlvs, dpProprietaryData, metadata, elements } = before
  return { stream, bsp, plaintext, tlvs, dpProprietaryData, metadata, elements }
}

export function withElements(before: Installation, bsp: BspState, elements: ProfileElements): Installation {
  const { stream, plaintext, tlvs, dpProprietaryData, metadata } = before
  return { stream, bsp, plaintext, tlvs, dpProprietaryData, metadata, elements }
}
