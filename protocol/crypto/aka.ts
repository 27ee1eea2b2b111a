/**
 * Authentication and key agreement: Milenage, 3GPP TS 35.206, and the test algorithm of 3GPP TS 34.108, 8.1.2. Keys, OPc and RAND of 16 octets;
 * SQN of 6, AMF of 2.
 */
import { concatOctets } from '../ber/index.ts'
import { BLOCK_OCTETS, encryptFromZero } from './aes.ts'

/** What the functions f1 to f5 give for one RAND. */
export interface AkaFunctions {
  readonly res: Uint8Array
  readonly ck: Uint8Array
  readonly ik: Uint8Array
  /** Of f5, and of f5*, which hides the SQN of the card. */
  readonly ak: Uint8Array
  readonly akStar: Uint8Array
  /** Of f1. */
  mac(sqn: Uint8Array, amf: Uint8Array): Uint8Array
  /** Of f1*. */
  macS(sqn: Uint8Array, amf: Uint8Array): Uint8Array
}

interface MilenageConstants {
  /** r1 to r5, in bits. */
  readonly rotations: Uint8Array
  /** c1 to c5, 16 octets each. */
  readonly constants: Uint8Array
}

/** c1 to c5 and r1 to r5 of TS 35.206, 4.1. */
export const standardConstants: MilenageConstants = {
  rotations: Uint8Array.of(64, 0, 32, 64, 96),
  constants: concatOctets(...[0, 1, 2, 4, 8].map((last) => Uint8Array.of(...new Uint8Array(15), last))),
}

/** K and OPc, 16 octets each: TS 35.206, 4.1. */
export interface MilenageKey {
  readonly key: Uint8Array
  readonly opc: Uint8Array
  readonly constants?: MilenageConstants
}

/** `rand`: 16 octets. RES and both MACs have 8 octets, CK and IK 16, both AK 6. */
export function milenage({ key, opc, constants = standardConstants }: MilenageKey, rand: Uint8Array): AkaFunctions {
  const encrypt = (octets: Uint8Array) => encryptFromZero(key, octets)
  const hidden = encrypt(xor(rand, opc))
  const rotated = (n: number, octets: Uint8Array) => rotate(octets, constants.rotations[n - 1] ?? 0)
  const constant = (n: number) => constants.constants.subarray((n - 1) * BLOCK_OCTETS, n * BLOCK_OCTETS)
  const out = (n: number) => xor(encrypt(xor(rotated(n, xor(hidden, opc)), constant(n))), opc)
  const first = (sqn: Uint8Array, amf: Uint8Array) => {
    const input = concatOctets(sqn, amf, sqn, amf)
    return xor(encrypt(xor(xor(hidden, rotated(1, xor(input, opc))), constant(1))), opc)
  }
  const second = out(2)
  return {
    res: second.subarray(8),
    ck: out(3),
    ik: out(4),
    ak: second.subarray(0, 6),
    akStar: out(5).subarray(0, 6),
    mac: (sqn, amf) => first(sqn, amf).subarray(0, 8),
    macS: (sqn, amf) => first(sqn, amf).subarray(8),
  }
}

/** For test networks only: everything is K and RAND, shifted. */
export function usimTestAlgorithm(key: Uint8Array, rand: Uint8Array): AkaFunctions {
  const mixed = xor(key, rand)
  const mac = (sqn: Uint8Array, amf: Uint8Array) => xor(mixed.subarray(0, 8), concatOctets(sqn, amf))
  const ak = mixed.subarray(3, 9)
  return { res: mixed, ck: rotate(mixed, 8), ik: rotate(mixed, 16), ak, akStar: ak, mac, macS: mac }
}

/** As long as `a`; what `b` lacks counts as zeros. */
export const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((octet, i) => octet ^ (b[i] ?? 0))

/** To the left, by bits. */
function rotate(octets: Uint8Array, bits: number): Uint8Array {
  const [whole, rest] = [bits >> 3, bits & 7]
  const at = (i: number) => octets[i % octets.length] ?? 0
  return octets.map((_, i) => ((at(i + whole) << rest) | (at(i + whole + 1) >> (8 - rest))) & 0xff)
}
