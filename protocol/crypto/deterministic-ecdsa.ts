/**
 * Deterministic ECDSA: RFC 6979, 3.2, with SHA-256 on curves of 256 bits (so hash, scalar and octets have one length). OpenSSL
 * multiplies the point, which is nearly all of the work; a signature costs about four of OpenSSL's own. The arithmetic here is
 * not constant in time: for the keys of a test PKI only.
 */
import { createECDH, createHash, createHmac } from 'node:crypto'
import { concatOctets, fromHex, toHex } from '../ber/index.ts'
import { curves, SCALAR_OCTETS } from './curves.ts'
import type { PrivateKey } from './keys.ts'

/** r, s. */
export function signDeterministically({ curve, scalar }: PrivateKey, octets: readonly Uint8Array[]): Uint8Array {
  const { order, opensslName } = curves[curve]
  const hash = createHash('sha256')
  for (const part of octets) hash.update(part)
  const digest = toInteger(hash.digest()) % order
  const secret = toInteger(scalar)
  for (const octetsOfK of candidates(concatOctets(scalar, toOctets(digest)))) {
    const k = toInteger(octetsOfK)
    if (k === 0n || k >= order) continue
    const r = toInteger(abscissa(opensslName, octetsOfK)) % order
    const s = (inverse(k, order) * (digest + r * secret)) % order
    if (r !== 0n && s !== 0n) return concatOctets(toOctets(r), toOctets(s))
  }
  throw new Error('RFC 6979 ran out of candidates')
}

/** HMAC_DRBG seeded with the secret and the digest: steps b to h. */
function* candidates(seed: Uint8Array): Generator<Uint8Array> {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) =>
    createHmac('sha256', key)
      .update(concatOctets(...parts))
      .digest()
  let v: Uint8Array = new Uint8Array(SCALAR_OCTETS).fill(1)
  let key: Uint8Array = new Uint8Array(SCALAR_OCTETS)
  for (const round of [0, 1]) {
    key = hmac(key, v, Uint8Array.of(round), seed)
    v = hmac(key, v)
  }
  for (;;) {
    v = hmac(key, v)
    yield v
    key = hmac(key, v, Uint8Array.of(0))
    v = hmac(key, v)
  }
}

/** x of k times the generator. */
function abscissa(opensslName: string, k: Uint8Array): Uint8Array {
  const ecdh = createECDH(opensslName)
  ecdh.setPrivateKey(k)
  return ecdh.getPublicKey().subarray(1, 1 + SCALAR_OCTETS)
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulus, value]
  let [x, y] = [0n, 1n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[x, y] = [y, x - quotient * y]
  }
  return x < 0n ? x + modulus : x
}

const toInteger = (octets: Uint8Array) => BigInt(`0x${toHex(octets)}`)
const toOctets = (value: bigint) => fromHex(value.toString(16).padStart(2 * SCALAR_OCTETS, '0'))
