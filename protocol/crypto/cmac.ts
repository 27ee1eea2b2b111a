/** AES-CMAC: RFC 4493. */
import { BLOCK_OCTETS, encryptFromZero, lastBlockFromZero, ofKey, type Subkeys } from './aes.ts'

/** Messages are laid out where the last one was: memory for each costs more than its MAC. OpenSSL has read one before the next comes. */
const SHARED_OCTETS = 2048
const shared = new Uint8Array(SHARED_OCTETS)
const sharedViews: Uint8Array[] = []

/** 16 octets over the concatenation of `parts`, or over the first `length` of it. Not to be changed. */
export function cmac(key: Uint8Array, parts: readonly Uint8Array[], length = lengthOf(parts)): Uint8Array {
  const count = Math.max(1, Math.ceil(length / BLOCK_OCTETS))
  const needed = Math.max(count * BLOCK_OCTETS, lengthOf(parts))
  const room = needed <= SHARED_OCTETS ? shared : new Uint8Array(needed)
  let offset = 0
  for (const part of parts) {
    room.set(part, offset)
    offset += part.length
  }
  const blocks = firstBlocks(room, count)
  const { whole, padded } = subkeys(key)
  for (let i = length; i < blocks.length; i++) blocks[i] = i === length ? 0x80 : 0
  maskLastBlock(blocks, length === blocks.length ? whole : padded)
  return lastBlockFromZero(key, blocks)
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0
  for (const part of parts) length += part.length
  return length
}

function firstBlocks(room: Uint8Array, count: number): Uint8Array {
  if (room !== shared) return room.subarray(0, count * BLOCK_OCTETS)
  const known = sharedViews[count]
  if (known) return known
  const view = shared.subarray(0, count * BLOCK_OCTETS)
  sharedViews[count] = view
  return view
}

function maskLastBlock(blocks: Uint8Array, mask: Uint8Array): void {
  const start = blocks.length - BLOCK_OCTETS
  for (let i = 0; i < BLOCK_OCTETS; i++) blocks[start + i] = (blocks[start + i] ?? 0) ^ (mask[i] ?? 0)
}

function subkeys(key: Uint8Array): Subkeys {
  const made = ofKey(key)
  if (made.subkeys) return made.subkeys
  const whole = doubled(encryptFromZero(key, new Uint8Array(BLOCK_OCTETS)))
  made.subkeys = { whole, padded: doubled(whole) }
  return made.subkeys
}

/** Multiplication by x in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const output = new Uint8Array(BLOCK_OCTETS)
  for (let i = 0; i < BLOCK_OCTETS; i++) output[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7)
  output[BLOCK_OCTETS - 1] = (output[BLOCK_OCTETS - 1] ?? 0) ^ ((block[0] ?? 0) & 0x80 ? 0x87 : 0)
  return output
}
