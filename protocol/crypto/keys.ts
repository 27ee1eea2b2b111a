/**
 * Elliptic curve keys as plain octets that remember what OpenSSL made of them. Parsing a key costs more than a signature, so
 * the handles are made on first use and live as long as the key.
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type ECDH,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { concatOctets, fromHex, toHex } from '../ber/index.ts'
import { type Curve, curves, POINT_OCTETS, SCALAR_OCTETS } from './curves.ts'
import { plainOctets } from './octets.ts'

export interface PublicKey {
  readonly curve: Curve
  /** Uncompressed: 04, X, Y. 65 octets. */
  readonly point: Uint8Array
  /** Throws when the point is not on the curve. */
  readonly keyObject: KeyObject
}

export interface PrivateKey {
  readonly curve: Curve
  /** Big-endian, 32 octets. */
  readonly scalar: Uint8Array
  readonly publicKey: PublicKey
  readonly keyObject: KeyObject
  readonly ecdh: ECDH
}

class CachedPublicKey implements PublicKey {
  readonly curve: Curve
  readonly point: Uint8Array
  #keyObject: KeyObject | undefined

  constructor(curve: Curve, point: Uint8Array) {
    this.curve = curve
    this.point = point
  }

  get keyObject(): KeyObject {
    this.#keyObject ??= importPoint(this.curve, this.point)
    return this.#keyObject
  }
}

class CachedPrivateKey implements PrivateKey {
  readonly curve: Curve
  readonly scalar: Uint8Array
  #ecdh: ECDH | undefined
  #publicKey: PublicKey | undefined
  #keyObject: KeyObject | undefined

  constructor(curve: Curve, scalar: Uint8Array, ecdh?: ECDH) {
    this.curve = curve
    this.scalar = scalar
    this.#ecdh = ecdh
  }

  get ecdh(): ECDH {
    if (this.#ecdh === undefined) {
      this.#ecdh = createECDH(curves[this.curve].opensslName)
      this.#ecdh.setPrivateKey(this.scalar)
    }
    return this.#ecdh
  }

  get publicKey(): PublicKey {
    this.#publicKey ??= new CachedPublicKey(this.curve, plainOctets(this.ecdh.getPublicKey()))
    return this.#publicKey
  }

  get keyObject(): KeyObject {
    this.#keyObject ??= importScalar(this.curve, this.scalar, this.publicKey.point)
    return this.#keyObject
  }
}

/** `undefined` for octets that are no uncompressed point. Whether the point lies on the curve shows when the key is used. */
export function publicKeyFromPoint(curve: Curve, point: Uint8Array): PublicKey | undefined {
  return point.length === POINT_OCTETS && point[0] === 0x04 ? new CachedPublicKey(curve, point) : undefined
}

/** SubjectPublicKeyInfo: RFC 5480. `undefined` for a curve that the eUICC does not support. */
export function publicKeyFromSpki(spki: Uint8Array): PublicKey | undefined {
  for (const curve of ['nist', 'brainpool'] as const) {
    const { spkiPrefix } = curves[curve]
    if (startsWith(spki, spkiPrefix)) return publicKeyFromPoint(curve, spki.subarray(spkiPrefix.length))
  }
  return undefined
}

/** SubjectPublicKeyInfo in DER, with the curve as a named one: RFC 5480, 2. */
export function publicKeyToSpki({ curve, point }: PublicKey): Uint8Array {
  return concatOctets(curves[curve].spkiPrefix, point)
}

/** SHA-1 of the point: RFC 5280, 4.2.1.2, method 1. 20 octets. */
export function subjectKeyIdentifier({ point }: PublicKey): Uint8Array {
  return plainOctets(createHash('sha1').update(point).digest())
}

/** Keys whose scalar was handed out and may come back. */
const generated = new WeakMap<Uint8Array, PrivateKey>()

/** `scalar`: 32 octets, big-endian; throws for any other length. Its public key is worked out when it is first asked for. */
export function privateKeyFromScalar(curve: Curve, scalar: Uint8Array): PrivateKey {
  if (scalar.length !== SCALAR_OCTETS) throw new Error(`a private key has 32 octets, not ${scalar.length}`)
  const known = generated.get(scalar)
  return known?.curve === curve ? known : new CachedPrivateKey(curve, scalar)
}

/** PKCS#8 or SEC 1 in PEM. Throws for any other curve. */
export function privateKeyFromPem(pem: string): PrivateKey {
  const keyObject = createPrivateKey(pem)
  const name = keyObject.asymmetricKeyDetails?.namedCurve
  const curve = (['nist', 'brainpool'] as const).find((candidate) => curves[candidate].opensslName === name)
  if (curve === undefined)
    throw new Error(`no private key on P-256 or brainpoolP256r1: ${name ?? keyObject.asymmetricKeyType}`)
  const scalarAt = 7 // RFC 5915: SEQUENCE header, version, OCTET STRING header
  const sec1 = plainOctets(keyObject.export({ type: 'sec1', format: 'der' }))
  return privateKeyFromScalar(curve, sec1.subarray(scalarAt, scalarAt + SCALAR_OCTETS))
}

/** The same seed and label give the same key for ever: HKDF-SHA-256, then FIPS 186-5, A.2.1 (extra random bits). */
export function privateKeyFromSeed(curve: Curve, seed: Uint8Array, label: string): PrivateKey {
  const wide = toHex(new Uint8Array(hkdfSync('sha256', seed, '', `${curve} ${label}`, SCALAR_OCTETS + 16)))
  const scalar = (BigInt(`0x${wide}`) % (curves[curve].order - 1n)) + 1n
  return new CachedPrivateKey(curve, fromHex(scalar.toString(16).padStart(2 * SCALAR_OCTETS, '0')))
}

/** From the random numbers of OpenSSL: the only key here that no seed repeats. */
export function generatePrivateKey(curve: Curve): PrivateKey {
  const ecdh = createECDH(curves[curve].opensslName)
  ecdh.generateKeys()
  const number = ecdh.getPrivateKey()
  const scalar = new Uint8Array(SCALAR_OCTETS)
  scalar.set(number, SCALAR_OCTETS - number.length)
  const key = new CachedPrivateKey(curve, scalar, ecdh)
  generated.set(scalar, key)
  return key
}

/** Of points on P-256. Each of many cards reads the key of the same eIM. */
const imported = new Map<string, KeyObject>()
const IMPORTED_AT_MOST = 1024

/** JWK is the fastest way in (half the time of SPKI), but Node has no name for brainpool there. */
function importPoint(curve: Curve, point: Uint8Array): KeyObject {
  if (curve === 'nist') {
    const { x, y } = coordinates(point)
    const known = imported.get(x + y)
    if (known) return known
    const keyObject = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    if (imported.size >= IMPORTED_AT_MOST) imported.clear()
    imported.set(x + y, keyObject)
    return keyObject
  }
  const key = Buffer.concat([curves[curve].spkiPrefix, point])
  return createPublicKey({ key, format: 'der', type: 'spki' })
}

function importScalar(curve: Curve, scalar: Uint8Array, point: Uint8Array): KeyObject {
  if (curve === 'nist') {
    const key = { kty: 'EC', crv: 'P-256', ...coordinates(point), d: base64url(scalar) }
    return createPrivateKey({ key, format: 'jwk' })
  }
  return createPrivateKey({ key: sec1(curve, scalar, point), format: 'der', type: 'sec1' })
}

/** ECPrivateKey: RFC 5915. */
function sec1(curve: Curve, scalar: Uint8Array, point: Uint8Array): Buffer {
  const { oid } = curves[curve]
  const version = [0x02, 0x01, 0x01]
  const body = [
    ...version,
    ...[0x04, SCALAR_OCTETS, ...scalar],
    ...[0xa0, oid.length, ...oid],
    ...[0xa1, POINT_OCTETS + 3, 0x03, POINT_OCTETS + 1, 0x00, ...point],
  ]
  return Buffer.from([0x30, body.length, ...body])
}

function coordinates(point: Uint8Array): { x: string; y: string } {
  return { x: base64url(point.subarray(1, 33)), y: base64url(point.subarray(33)) }
}

function base64url(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64url')
}

function startsWith(octets: Uint8Array, prefix: Uint8Array): boolean {
  return octets.length >= prefix.length && prefix.every((octet, i) => octets[i] === octet)
}
