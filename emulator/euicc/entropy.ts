/** All chance that a card uses, handed in: so the card itself is a function, and a run can be replayed octet for octet. */
import { randomBytes } from 'node:crypto'
import {
  type Curve,
  generatePrivateKey,
  type PrivateKey,
  privateKeyFromScalar,
  privateKeyFromSeed,
  sign,
  signDeterministically,
  verify,
  x963Kdf,
} from '../../protocol/crypto/index.ts'

export interface Entropy {
  random(length: number): Uint8Array
  /** ECDSA draws a nonce, so it is chance, too. 64 octets over the concatenation of `octets`. */
  sign(privateKey: PrivateKey, octets: readonly Uint8Array[]): Uint8Array
  generateKeyPair(curve: Curve): PrivateKey
}

/** The chance of the operating system. */
export const systemEntropy: Entropy = { random: randomBytes, sign, generateKeyPair: generatePrivateKey }

/** The same seed gives the same run. Signatures are those of RFC 6979: about twenty times slower. */
export function seededEntropy(seed: Uint8Array): Entropy {
  let draws = 0
  const label = (kind: string) => new TextEncoder().encode(`${kind} ${draws++}`)
  return {
    random: (length) => x963Kdf(seed, label('random'), length),
    sign: signDeterministically,
    generateKeyPair: (curve) => privateKeyFromSeed(curve, seed, `key pair ${draws++}`),
  }
}

/** One draw, in the order in which the card made them. */
export type EntropyDraw =
  | { readonly kind: 'random'; readonly octets: Uint8Array }
  | { readonly kind: 'signature'; readonly octets: Uint8Array }
  | { readonly kind: 'key-pair'; readonly curve: Curve; readonly scalar: Uint8Array }

/** Passes every draw on to `record`. */
export function recordingEntropy(source: Entropy, record: (draw: EntropyDraw) => void): Entropy {
  return {
    random(length) {
      const octets = source.random(length)
      record({ kind: 'random', octets })
      return octets
    },
    sign(privateKey, input) {
      const octets = source.sign(privateKey, input)
      record({ kind: 'signature', octets })
      return octets
    },
    generateKeyPair(curve) {
      const privateKey = source.generateKeyPair(curve)
      record({ kind: 'key-pair', curve, scalar: privateKey.scalar })
      return privateKey
    },
  }
}

/** Throws when the run that asks is not the one that was recorded: another kind of draw, or a signature that does not fit. */
export function replayingEntropy(draws: Iterable<EntropyDraw>): Entropy {
  const rest = draws[Symbol.iterator]()
  function next<K extends EntropyDraw['kind']>(kind: K): Extract<EntropyDraw, { kind: K }> {
    const { value } = rest.next()
    if (value?.kind !== kind) throw new Error(`The card asks for ${kind}, the recording has ${value?.kind ?? 'ended'}.`)
    return value as Extract<EntropyDraw, { kind: K }>
  }
  return {
    random(length) {
      const { octets } = next('random')
      if (octets.length !== length)
        throw new Error(`The card asks for ${length} octets, the recording has ${octets.length}.`)
      return octets
    },
    sign(privateKey, input) {
      const { octets } = next('signature')
      if (!verify(privateKey.publicKey, input, octets)) throw new Error('The recorded signature is over other octets.')
      return octets
    },
    generateKeyPair(curve) {
      const draw = next('key-pair')
      if (draw.curve !== curve) throw new Error(`The card asks for a key on ${curve}, the recording has ${draw.curve}.`)
      return privateKeyFromScalar(curve, draw.scalar)
    },
  }
}
