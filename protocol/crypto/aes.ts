/**
 * AES-128 in CBC mode without padding. Making an OpenSSL context costs twice as much as ciphering a segment of 1 kB, so each key
 * keeps one per direction. A context goes on chaining where the last call ended; the first block is corrected for that, which
 * leaves these functions pure to their callers.
 */
import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto'
import { plainOctets } from './octets.ts'

export const BLOCK_OCTETS = 16

interface Context {
  readonly cipher: Cipher | Decipher
  /** The ciphertext block that the context will chain to. */
  chained: Uint8Array
}

const encrypting = new WeakMap<Uint8Array, Context>()
const decrypting = new WeakMap<Uint8Array, Context>()
const zeros = new Uint8Array(BLOCK_OCTETS)

/** Initial vector zero. `octets`, whole blocks, are overwritten in their first block. A key must not be changed after its first use. */
export function encryptFromZero(key: Uint8Array, octets: Uint8Array): Uint8Array {
  const context = contextOf(encrypting, key, createCipheriv)
  xorInto(octets, context.chained)
  const output = plainOctets(context.cipher.update(octets))
  context.chained = output.subarray(output.length - BLOCK_OCTETS)
  return output
}

/** Of several blocks, each by itself. */
export function encryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return plainOctets(createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(blocks))
}

export function decrypt(key: Uint8Array, initialVector: Uint8Array, octets: Uint8Array): Uint8Array {
  const context = contextOf(decrypting, key, createDecipheriv)
  const output = plainOctets(context.cipher.update(octets))
  xorInto(output, context.chained)
  xorInto(output, initialVector)
  context.chained = new Uint8Array(octets.subarray(octets.length - BLOCK_OCTETS))
  return output
}

function contextOf(
  contexts: WeakMap<Uint8Array, Context>,
  key: Uint8Array,
  create: typeof createCipheriv | typeof createDecipheriv,
) {
  let context = contexts.get(key)
  if (context === undefined) {
    context = { cipher: create('aes-128-cbc', key, zeros).setAutoPadding(false), chained: zeros }
    contexts.set(key, context)
  }
  return context
}

/** Into the first block. */
function xorInto(octets: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < BLOCK_OCTETS; i++) octets[i] = (octets[i] ?? 0) ^ (mask[i] ?? 0)
}
