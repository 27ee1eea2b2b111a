import type { Signer } from '../../protocol/crypto/index.ts'

/** What functions use of the outside: chance, and the signing of the day. */
export interface Tools {
  octets(length: number): Uint8Array
  readonly sign: Signer
}
