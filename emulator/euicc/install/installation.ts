/** A profile on its way onto the card. It is part of the session, so whatever ends that leaves nothing of it behind. */
import type { BspState } from '../../../protocol/crypto/index.ts'
import type { PEStatus, ProfileElement } from '../../../protocol/saip/index.ts'
import type { ConfigureISDPRequest } from '../../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../../protocol/sgp32/index.ts'
import type { FileSystem } from '../card/files.ts'
import { type BppStream, newBppStream } from './bpp-stream.ts'

export interface Installation {
  readonly stream: BppStream
  /** Absent before InitialiseSecureChannel. */
  readonly bsp?: BspState
  /** Of the command that is spread over several TLVs; how many of them came. */
  readonly plaintext: Uint8Array
  readonly tlvs: number
  readonly dpProprietaryData?: ConfigureISDPRequest['dpProprietaryData']
  readonly metadata?: StoreMetadataRequest
  readonly elements: ProfileElements
}

/** The profile package so far. */
export interface ProfileElements {
  /** The beginning of the next element. */
  readonly waiting: Uint8Array
  readonly done: readonly ProfileElement[]
  /** Of elements that were passed over. */
  readonly statuses: readonly PEStatus[]
  readonly files: FileSystem
  readonly octets: number
}

export const newInstallation: Installation = {
  stream: newBppStream,
  plaintext: new Uint8Array(),
  tlvs: 0,
  elements: { waiting: new Uint8Array(), done: [], statuses: [], files: {}, octets: 0 },
}
