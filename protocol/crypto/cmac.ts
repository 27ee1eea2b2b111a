/** AES-CMAC: RFC 4493. */
import { BLOCK_OCTETS, encryptFromZero } from './aes.ts'

interface Subkeys {
  readonly whole: Uint8Array
  readonly padded: Uint8Array
}

const subkeysOf = new WeakMap<Uint8Array, Subkeys>()

/** 16 octets over the concatenation of `parts`. */
export function cmac(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const blocks = Buffer.allocUnsafe(Math.max(1, Math.ceil(length / BLOCK_OCTETS)) * BLOCK_OCTETS)
  let offset = 0
  for (const part of parts) {
    blocks.set(part, offset)
    offset += part.length
  }
  const { whole, padded } = subkeys(key)
  if (length < blocks.length) blocks.fill(0, length)[length] = 0x80
  maskLastBlock(blocks, length === blocks.length ? whole : padded)
  return encryptFromZero(key, blocks).subarray(-BLOCK_OCTETS)
}

function maskLastBlock(blocks: Uint8Array, mask: Uint8Array): void {
  const start = blocks.length - BLOCK_OCTETS
  for (let i = 0; i < BLOCK_OCTETS; i++) blocks[start + i] = (blocks[start + i] ?? 0) ^ (mask[i] ?? 0)
}

function subkeys(key: Uint8Array): Subkeys {
  let found = subkeysOf.get(key)
  if (found === undefined) {
    const whole = doubled(encryptFromZero(key, new Uint8Array(BLOCK_OCTETS)))
    found = { whole, padded: doubled(whole) }
    subkeysOf.set(key, found)
  }
  return found
}

/** Multiplication by x in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const output = new Uint8Array(BLOCK_OCTETS)
  for (let i = 0; i < BLOCK_OCTETS; i++) output[i] = ((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7)
  output[BLOCK_OCTETS - 1] = (output[BLOCK_OCTETS - 1] ?? 0) ^ ((block[0] ?? 0) & 0x80 ? 0x87 : 0)
  return output
}
