/**
 * AES-128 in CBC mode without padding. Making an OpenSSL context costs twice as much as ciphering a segment of 1 kB, so each key
 * keeps one per direction. A context goes on chaining where the last call ended; the first block is corrected for that, which
 * leaves these functions pure to their callers.
 */
import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto'
import { plainOctets } from './octets.ts'

export const BLOCK_OCTETS = 16

interface Context<Direction> {
  readonly cipher: Direction
  /** The ciphertext block that the context will chain to. */
  chained: Uint8Array
}

/** What is made for a key when it is first needed. */
interface OfKey {
  encrypting: Context<Cipher> | undefined
  decrypting: Context<Decipher> | undefined
  /** Of the MAC. */
  subkeys: Subkeys | undefined
  vectors: Vectors | undefined
}

export interface Subkeys {
  readonly whole: Uint8Array
  readonly padded: Uint8Array
}

/** Initial vectors of consecutive counters. */
export interface Vectors {
  /** Counter of the first. */
  readonly first: number
  readonly octets: Uint8Array
}

const keys = new WeakMap<Uint8Array, OfKey>()

export function ofKey(key: Uint8Array): OfKey {
  const known = keys.get(key)
  if (known) return known
  const made = { encrypting: undefined, decrypting: undefined, subkeys: undefined, vectors: undefined }
  keys.set(key, made)
  return made
}

const zeros = new Uint8Array(BLOCK_OCTETS)

/** Initial vector zero. `octets`, whole blocks, are overwritten in their first block. A key must not be changed after its first use. */
export const encryptFromZero = (key: Uint8Array, octets: Uint8Array): Uint8Array =>
  plainOctets(encrypted(encryptingWith(key), octets))

/** The same, but of the result only its last block: not to be changed. */
export function lastBlockFromZero(key: Uint8Array, octets: Uint8Array): Uint8Array {
  const context = encryptingWith(key)
  encrypted(context, octets)
  return context.chained
}

function encrypted(context: Context<Cipher>, octets: Uint8Array): Uint8Array {
  xorInto(octets, context.chained, 0)
  const output = context.cipher.update(octets)
  context.chained = lastBlockOf(output)
  return output
}

/** Of several blocks, each by itself. */
export function encryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return plainOctets(createCipheriv('aes-128-ecb', key, null).update(blocks))
}

/** The initial vector begins at `at` of `vectors`. The result is a Buffer. */
export function decrypt(
  key: Uint8Array,
  { vectors, at }: { readonly vectors: Uint8Array; readonly at: number },
  octets: Uint8Array,
): Uint8Array {
  const context = decryptingWith(key)
  const output = context.cipher.update(octets)
  xorInto(output, context.chained, 0)
  xorInto(output, vectors, at)
  context.chained = lastBlockOf(octets)
  return output
}

/** Without `final` padding is nothing to who enciphers. */
function encryptingWith(key: Uint8Array): Context<Cipher> {
  const made = ofKey(key)
  made.encrypting ??= { cipher: createCipheriv('aes-128-cbc', key, zeros), chained: zeros }
  return made.encrypting
}

function decryptingWith(key: Uint8Array): Context<Decipher> {
  const made = ofKey(key)
  made.decrypting ??= { cipher: createDecipheriv('aes-128-cbc', key, zeros).setAutoPadding(false), chained: zeros }
  return made.decrypting
}

function lastBlockOf(octets: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_OCTETS)
  const start = octets.length - BLOCK_OCTETS
  for (let i = 0; i < BLOCK_OCTETS; i++) block[i] = octets[start + i] ?? 0
  return block
}

/** Into the first block; `mask` from `at` on. */
function xorInto(octets: Uint8Array, mask: Uint8Array, at: number): void {
  for (let i = 0; i < BLOCK_OCTETS; i++) octets[i] = (octets[i] ?? 0) ^ (mask[at + i] ?? 0)
}
