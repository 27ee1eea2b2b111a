import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'

/**
 * The cryptography that a procedure cannot do without, as plain calls of node:crypto: P-256, SHA-256, AES-128, keys that are parsed already,
 * messages as long as in the procedure.
 */
export interface BareCryptography {
  readonly signatures?: number
  readonly verifications?: number
  /** Elliptic curve Diffie-Hellman with a key pair that is there, and the key derivation behind it. */
  readonly agreements?: number
  /** One-time key pairs made. */
  readonly keyPairs?: number
  /** Private keys, and public keys, that are seen for the first time. */
  readonly newPrivateKeys?: number
  readonly newPublicKeys?: number
  /** Lengths of the segments that are enciphered and get a MAC, and of those that are checked and deciphered. */
  readonly protect?: readonly number[]
  readonly unprotect?: readonly number[]
  /** Of those that have a MAC only, in each of the two. */
  readonly macOnly?: readonly number[]
}

const MESSAGE_OCTETS = 300
const BLOCK_OCTETS = 16

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const message = randomBytes(MESSAGE_OCTETS)
const privateJwk = privateKey.export({ format: 'jwk' })
const publicJwk = publicKey.export({ format: 'jwk' })
const ownKey = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
const peerKey = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
const signature = sign('sha256', message, ownKey)
const own = createECDH('prime256v1')
own.generateKeys()
const peer = createECDH('prime256v1').generateKeys()
const key = randomBytes(BLOCK_OCTETS)
const zeros = new Uint8Array(BLOCK_OCTETS)

export function bare(needed: BareCryptography): () => void {
  const { signatures = 0, verifications = 0, agreements = 0, keyPairs = 0 } = needed
  const { newPrivateKeys = 0, newPublicKeys = 0 } = needed
  const { protect = [], unprotect = [], macOnly = [] } = needed
  return () => {
    for (let i = 0; i < signatures; i++) sign('sha256', message, ownKey)
    for (let i = 0; i < verifications; i++) verify('sha256', message, peerKey, signature)
    for (let i = 0; i < keyPairs; i++) createECDH('prime256v1').generateKeys()
    for (let i = 0; i < newPrivateKeys; i++) createPrivateKey({ key: privateJwk, format: 'jwk' })
    for (let i = 0; i < newPublicKeys; i++) createPublicKey({ key: publicJwk, format: 'jwk' })
    for (let i = 0; i < agreements; i++) derive(own.computeSecret(peer))
    if (protect.length > 0) segments({ enciphered: protect, macOnly }, createCipheriv)
    if (unprotect.length > 0) segments({ enciphered: unprotect, macOnly }, createDecipheriv)
  }
}

/** X9.63 for three keys: two hashes. */
function derive(secret: Buffer): void {
  for (let counter = 1; counter <= 2; counter++)
    createHash('sha256').update(secret).update(message.subarray(0, 40)).digest()
}

interface Segments {
  readonly enciphered: readonly number[]
  readonly macOnly: readonly number[]
}

/**
 * A CMAC is the enciphering of the same octets once more, after one block for its subkeys. Each direction has one context for all segments: there
 * is no cheaper way. Who deciphers needs an initial vector for each segment, which is a counter enciphered: all in one call.
 */
function segments({ enciphered, macOnly }: Segments, create: typeof createCipheriv | typeof createDecipheriv): void {
  const cipher = create('aes-128-cbc', key, zeros).setAutoPadding(false)
  const mac = createCipheriv('aes-128-cbc', key, zeros).setAutoPadding(false)
  mac.update(zeros)
  if (create === createDecipheriv)
    createCipheriv('aes-128-ecb', key, null).update(blocks(enciphered.length * BLOCK_OCTETS))
  for (const length of enciphered) {
    const octets = blocks(length)
    cipher.update(octets)
    mac.update(octets)
  }
  for (const length of macOnly) mac.update(blocks(length))
}

const blocks = (length: number): Buffer => Buffer.alloc(Math.ceil(length / BLOCK_OCTETS) * BLOCK_OCTETS)
