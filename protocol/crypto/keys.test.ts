import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { brainpoolP256r1 } from '@noble/curves/misc.js'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../ber/index.ts'
import { brainpoolPoints, nistPoints } from './crypto.vectors.ts'
import {
  agree,
  generatePrivateKey,
  privateKeyFromPem,
  privateKeyFromScalar,
  privateKeyFromSeed,
  publicKeyFromPoint,
  publicKeyFromSpki,
  publicKeyToSpki,
  sign,
  signatureToDer,
  signDeterministically,
  verify,
  verifyDer,
} from './index.ts'

const text = (value: string) => new TextEncoder().encode(value)

describe.each([
  { curve: 'nist', namedCurve: 'prime256v1', ...nistPoints },
  { curve: 'brainpool', namedCurve: 'brainpoolP256r1', ...brainpoolPoints },
] as const)('keys on $curve', ({ curve, namedCurve, scalar, point, peerPoint, sharedSecret }) => {
  it('have the public point of their scalar', () => {
    expect(toHex(privateKeyFromScalar(curve, fromHex(scalar)).publicKey.point)).toBe(point)
  })
  it('agree on the shared secret of the published vector', () => {
    expect(toHex(agree(privateKeyFromScalar(curve, fromHex(scalar)), fromHex(peerPoint)) ?? text(''))).toBe(
      sharedSecret,
    )
  })
  it('refuse to agree with a point that is not on the curve', () => {
    const off = fromHex(peerPoint)
    off[64] = (off[64] ?? 0) ^ 1
    expect(agree(generatePrivateKey(curve), off)).toBeUndefined()
    expect(agree(generatePrivateKey(curve), off.subarray(0, 20))).toBeUndefined()
  })
  it('are read from the SubjectPublicKeyInfo that OpenSSL writes, and written the same', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve })
    const spki = publicKey.export({ type: 'spki', format: 'der' })
    const read = publicKeyFromSpki(spki)
    expect(read?.curve).toBe(curve)
    expect(read && toHex(publicKeyToSpki(read))).toBe(toHex(spki))
    expect(read?.keyObject.equals(publicKey)).toBe(true)
  })
  it.each(['pkcs8', 'sec1'] as const)('are read from PEM as %s', (type) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve })
    const read = privateKeyFromPem(privateKey.export({ type, format: 'pem' }).toString())
    expect(read.curve).toBe(curve)
    expect(read.keyObject.equals(privateKey)).toBe(true)
  })
  it('derived from a seed are the same for the same label only', () => {
    const seed = text('seed')
    const key = privateKeyFromSeed(curve, seed, 'eUICC')
    expect(key.scalar).toEqual(privateKeyFromSeed(curve, seed, 'eUICC').scalar)
    expect(key.scalar).not.toEqual(privateKeyFromSeed(curve, seed, 'EUM').scalar)
    expect(key.scalar).not.toEqual(privateKeyFromSeed(curve, text('other'), 'eUICC').scalar)
    expect(key.scalar).toHaveLength(32)
  })
  it('sign what OpenSSL and the other form of signature verify', () => {
    const key = generatePrivateKey(curve)
    const parts = [text('30'), text('5F37')]
    for (const signer of [sign, signDeterministically]) {
      const signature = signer(key, parts)
      expect(signature).toHaveLength(64)
      expect(verify(key.publicKey, parts, signature)).toBe(true)
      expect(verify(key.publicKey, [text('305F37')], signature)).toBe(true)
      expect(verify(key.publicKey, [text('305F38')], signature)).toBe(false)
      expect(verify(generatePrivateKey(curve).publicKey, parts, signature)).toBe(false)
    }
    expect(verifyDer(key.publicKey, text('tbs'), signatureToDer(sign(key, [text('tbs')])))).toBe(true)
    expect(verifyDer(key.publicKey, text('tbt'), signatureToDer(sign(key, [text('tbs')])))).toBe(false)
  })
  it('sign the same octets alike when the signer is deterministic', () => {
    const key = privateKeyFromScalar(curve, fromHex(scalar))
    expect(signDeterministically(key, [text('a')])).toEqual(signDeterministically(key, [text('a')]))
    expect(signDeterministically(key, [text('a')])).not.toEqual(signDeterministically(key, [text('b')]))
  })
  it('verify nothing by a malformed signature or a point off the curve', () => {
    const key = generatePrivateKey(curve)
    const signature = sign(key, [text('a')])
    for (const malformed of [
      new Uint8Array(0),
      new Uint8Array(64),
      signature.subarray(1),
      new Uint8Array(64).fill(255),
    ])
      expect(verify(key.publicKey, [text('a')], malformed)).toBe(false)
    const off = publicKeyFromPoint(curve, new Uint8Array(65).fill(4))
    expect(off && verify(off, [text('a')], signature)).toBe(false)
  })
})

describe.each([
  ['nist', p256],
  ['brainpool', brainpoolP256r1],
] as const)('deterministic signatures on %s', (curve, noble) => {
  it('are those of @noble/curves', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.uint8Array({ maxLength: 80 }), (seed, message) => {
        const key = privateKeyFromSeed(curve, seed, 'noble')
        const theirs = noble.sign(message, key.scalar, { lowS: false })
        expect(toHex(signDeterministically(key, [message]))).toBe(toHex(theirs))
      }),
    )
  })
})

describe('RFC 6979, A.2.5', () => {
  const key = privateKeyFromScalar('nist', fromHex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'))
  it.each([
    [
      'sample',
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    ],
    [
      'test',
      'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    ],
  ])('"%s" gets its published signature', (message, signature) => {
    expect(toHex(signDeterministically(key, [text(message)]))).toBe(signature)
  })
})

describe('keys that are none', () => {
  it('are refused by the shape of the point', () => {
    expect(publicKeyFromPoint('nist', new Uint8Array(64))).toBeUndefined()
    expect(publicKeyFromPoint('nist', new Uint8Array(65).fill(2))).toBeUndefined()
  })
  it('are refused when the curve is another', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
    expect(publicKeyFromSpki(other.publicKey.export({ type: 'spki', format: 'der' }))).toBeUndefined()
    const pem = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    expect(() => privateKeyFromPem(pem)).toThrow('secp384r1')
    expect(() => privateKeyFromScalar('nist', new Uint8Array(31))).toThrow('32 octets')
    expect(createPrivateKey(pem).asymmetricKeyType).toBe('ec')
  })
})
