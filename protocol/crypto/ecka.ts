/** ECKA-EG: BSI TR-03111, 4.3; X9.63 key derivation with SHA-256: 4.3.3; session keys: SGP.22 v2.5, annex G. */
import { hash } from 'node:crypto'
import { concatOctets } from '../ber/index.ts'
import type { PrivateKey } from './keys.ts'
import { plainOctets } from './octets.ts'

export interface SessionKeys {
  readonly initialMacChainingValue: Uint8Array
  readonly sEnc: Uint8Array
  readonly sMac: Uint8Array
}

const KEY_TYPE_AES = 0x88
const KEY_OCTETS = 16
const HASH_OCTETS = 32

/** The x coordinate, 32 octets. `undefined` when `peerPoint` is not a point of the curve. */
export function agree(privateKey: PrivateKey, peerPoint: Uint8Array): Uint8Array | undefined {
  try {
    return plainOctets(privateKey.ecdh.computeSecret(peerPoint))
  } catch {
    return undefined
  }
}

/** `hostId`: of the control reference template, 1 to 16 octets. `eid`: its 16 octets. */
export function deriveSessionKeys(input: {
  sharedSecret: Uint8Array
  hostId: Uint8Array
  eid: Uint8Array
}): SessionKeys {
  const { hostId, eid } = input
  const sharedInfo = concatOctets(
    Uint8Array.of(KEY_TYPE_AES, KEY_OCTETS, hostId.length),
    hostId,
    Uint8Array.of(eid.length),
    eid,
  )
  const keys = x963Kdf(input.sharedSecret, sharedInfo, 3 * KEY_OCTETS)
  return {
    initialMacChainingValue: keys.subarray(0, KEY_OCTETS),
    sEnc: keys.subarray(KEY_OCTETS, 2 * KEY_OCTETS),
    sMac: keys.subarray(2 * KEY_OCTETS),
  }
}

/** As many octets as `length` says: ANSI X9.63; BSI TR-03111, 4.3.3, with a counter of four octets that begins at 1. */
export function x963Kdf(sharedSecret: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(Math.ceil(length / HASH_OCTETS) * HASH_OCTETS)
  const input = concatOctets(sharedSecret, new Uint8Array(4), sharedInfo)
  const counter = sharedSecret.length
  for (let offset = 0; offset < length; offset += HASH_OCTETS) {
    const round = offset / HASH_OCTETS + 1
    for (let i = 0; i < 4; i++) input[counter + i] = round >>> (24 - 8 * i)
    output.set(hash('sha256', input, 'buffer'), offset)
  }
  return output.subarray(0, length)
}
