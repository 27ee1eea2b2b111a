/**
 * Profile protection: SCP03t as in SGP.22 v2.5, 2.6.4 (SGP.22 v3 calls it BSP). One TLV in, one TLV out; every TLV moves the MAC
 * chain and the block counter on, those with a MAC only, too.
 */
import { concatOctets } from '../ber/index.ts'
import { BLOCK_OCTETS, decrypt, encryptBlocks, encryptFromZero, ofKey, type Vectors } from './aes.ts'
import { cmac } from './cmac.ts'
import type { SessionKeys } from './ecka.ts'
import { plainOctets } from './octets.ts'

/** What goes on from one TLV to the next. It is never changed: whoever protects or reads gets the next one. */
export interface BspState {
  readonly sEnc: Uint8Array
  readonly sMac: Uint8Array
  readonly macChainingValue: Uint8Array
  /** Of the next TLV; the first has 1. */
  readonly blockCounter: number
}

/** The tags of BoundProfilePackage: 86 and 87 are encrypted, 88 has a MAC only. */
export type EncryptedTag = 0x86 | 0x87
export type MacOnlyTag = 0x88
/** As ProfileInstallationResult names it: SGP.22 v2.5, 2.5.6. */
export type BspError = 'scp03tStructureError' | 'scp03tSecurityError'

/** Octets of plaintext that fit into one TLV of 1020 octets, its header and MAC included. */
export const ENCRYPTED_PAYLOAD_OCTETS = 1007
export const MAC_ONLY_PAYLOAD_OCTETS = 1008

/** Deviation: 2.5.3 ends at 1020; senders that cut the plaintext at 1008 octets reach 1036 by the padding. */
const MAX_TLV_OCTETS = 1040
const MAC_OCTETS = 8

/** After InitialiseSecureChannel, and again after ReplaceSessionKeys (5.5.4): a new chain, and the counter at 1. */
export function startBsp(keys: SessionKeys): BspState {
  return { sEnc: keys.sEnc, sMac: keys.sMac, macChainingValue: keys.initialMacChainingValue, blockCounter: 1 }
}

/** 86 or 87. */
export function protect(state: BspState, tag: EncryptedTag, plaintext: Uint8Array): [BspState, Uint8Array] {
  const padded = (Math.floor(plaintext.length / BLOCK_OCTETS) + 1) * BLOCK_OCTETS
  const blocks = Buffer.alloc(BLOCK_OCTETS + padded)
  writeCounter(blocks, state.blockCounter)
  blocks.set(plaintext, BLOCK_OCTETS)
  blocks[BLOCK_OCTETS + plaintext.length] = 0x80
  // The counter block encrypted from zero is the initial vector that the ciphertext after it chains to.
  return withMac(state, tag, encryptFromZero(state.sEnc, blocks).subarray(BLOCK_OCTETS))
}

/** 88. */
export function protectMacOnly(state: BspState, tag: MacOnlyTag, plaintext: Uint8Array): [BspState, Uint8Array] {
  return withMac(state, tag, plaintext)
}

/** Any of the three; the MAC is checked before anything is decrypted. */
export function unprotect(state: BspState, tlv: Uint8Array): [BspState, Uint8Array] | { error: BspError } {
  const header = headerOctets(tlv)
  const encrypted = tlv[0] !== 0x88
  const end = tlv.length - MAC_OCTETS
  if (header === 0 || end < header) return { error: 'scp03tStructureError' }
  const body = tlv.subarray(header, end)
  if (encrypted && (body.length === 0 || body.length % BLOCK_OCTETS !== 0)) return { error: 'scp03tStructureError' }
  const mac = cmac(state.sMac, [state.macChainingValue, tlv], BLOCK_OCTETS + end)
  if (!sameMac(mac, tlv, end)) return { error: 'scp03tSecurityError' }
  const plaintext = encrypted ? unpadded(decrypt(state.sEnc, initialVector(state), body)) : body
  return plaintext === undefined ? { error: 'scp03tSecurityError' } : [moved(state, mac), plaintext]
}

function withMac(state: BspState, tag: number, body: Uint8Array): [BspState, Uint8Array] {
  const header = encodeHeader(tag, body.length + MAC_OCTETS)
  const mac = cmac(state.sMac, [state.macChainingValue, header, body])
  return [moved(state, mac), concatOctets(header, body, mac.subarray(0, MAC_OCTETS))]
}

function moved(state: BspState, macChainingValue: Uint8Array): BspState {
  return { sEnc: state.sEnc, sMac: state.sMac, macChainingValue, blockCounter: state.blockCounter + 1 }
}

/** They depend on nothing but key and counter, so they are made for several TLVs at once: a call of OpenSSL costs more than the blocks. */
const VECTORS = 32

function initialVector({ sEnc, blockCounter }: BspState): { vectors: Uint8Array; at: number } {
  const known = ofKey(sEnc).vectors
  const { first, octets } = known && isWithin(known, blockCounter) ? known : vectorsFrom(sEnc, blockCounter)
  return { vectors: octets, at: (blockCounter - first) * BLOCK_OCTETS }
}

const isWithin = ({ first }: Vectors, counter: number): boolean => counter >= first && counter < first + VECTORS

/** Most keys protect fewer TLVs than that. */
const firstCounters = countersFrom(1)

function countersFrom(first: number): Uint8Array {
  const blocks = Buffer.alloc(VECTORS * BLOCK_OCTETS)
  for (let i = 0; i < VECTORS; i++) blocks.writeUInt32BE(first + i, (i + 1) * BLOCK_OCTETS - 4)
  return blocks
}

function vectorsFrom(sEnc: Uint8Array, first: number): Vectors {
  const vectors = { first, octets: encryptBlocks(sEnc, first === 1 ? firstCounters : countersFrom(first)) }
  ofKey(sEnc).vectors = vectors
  return vectors
}

function writeCounter(block: Buffer, counter: number): void {
  block.writeUInt32BE(counter, BLOCK_OCTETS - 4)
}

function unpadded(octets: Uint8Array): Uint8Array | undefined {
  let end = octets.length - 1
  while (end > 0 && octets[end] === 0) end--
  return octets[end] === 0x80 ? plainOctets(octets, end) : undefined
}

function sameMac(mac: Uint8Array, tlv: Uint8Array, at: number): boolean {
  let difference = 0
  for (let i = 0; i < MAC_OCTETS; i++) difference |= (mac[i] ?? 0) ^ (tlv[at + i] ?? 0)
  return difference === 0
}

function encodeHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length)
  return length < 0x100 ? Uint8Array.of(tag, 0x81, length) : Uint8Array.of(tag, 0x82, length >> 8, length & 0xff)
}

/** Octets of tag and length, or 0 when they do not describe exactly this TLV. */
function headerOctets(tlv: Uint8Array): number {
  const [tag, first, second, third] = [tlv[0] ?? 0, tlv[1] ?? 0, tlv[2] ?? 0, tlv[3] ?? 0]
  if (tag < 0x86 || tag > 0x88 || tlv.length > MAX_TLV_OCTETS) return 0
  if (first < 0x80) return 2 + first === tlv.length ? 2 : 0
  if (first === 0x81) return 3 + second === tlv.length ? 3 : 0
  return first === 0x82 && 4 + ((second << 8) | third) === tlv.length ? 4 : 0
}
