/**
 * TUAK: 3GPP TS 35.231, with TOPc given. MAC of 64 bits, CK and IK of 128.
 * Keys of 16 or 32 octets, TOPc of 32.
 */
import type { AkaFunctions } from './aka.ts'
import { keccakF1600, STATE_OCTETS } from './keccak.ts'

/** K of 16 or 32 octets and TOPc of 32. */
export interface TuakKey {
  readonly key: Uint8Array
  readonly topc: Uint8Array
  /** How often the permutation is applied. */
  readonly iterations: number
  /** Octets of RES; 8 by default. */
  readonly resLength?: 4 | 8
}

const ALGORITHM_NAME = new TextEncoder().encode('TUAK1.0')

/** First octets of the fields in the state; each is written from its end. */
const at = { topc: 0, instance: 32, name: 33, rand: 40, amf: 56, sqn: 58, key: 64, padding: 96, lastOfPadding: 135 }
/** Of what comes out. */
const out = { mac: 0, res: 0, ck: 32, ik: 64, ak: 96 }

/** Which function, and how long its output is: bits of INSTANCE. */
const instances = { f1: 0x08, f1Star: 0x88, f2345: 0x40, f5Star: 0xc0 }
const LONG_RES = 0x08
const LONG_KEY = 0x01

/** `rand`: 16 octets. Both MACs have 8 octets, CK and IK 16, both AK 6. */
export function tuak(secret: TuakKey, rand: Uint8Array): AkaFunctions {
  const { resLength = 8 } = secret
  const second = permuted(secret, { instance: instances.f2345 | (resLength === 8 ? LONG_RES : 0), rand })
  const mac = (instance: number) => (sqn: Uint8Array, amf: Uint8Array) =>
    pulled(permuted(secret, { instance, rand, sqn, amf }), out.mac, 8)
  return {
    res: pulled(second, out.res, resLength),
    ck: pulled(second, out.ck, 16),
    ik: pulled(second, out.ik, 16),
    ak: pulled(second, out.ak, 6),
    akStar: pulled(permuted(secret, { instance: instances.f5Star, rand }), out.ak, 6),
    mac: mac(instances.f1),
    macS: mac(instances.f1Star),
  }
}

interface Inputs {
  readonly instance: number
  readonly rand: Uint8Array
  readonly sqn?: Uint8Array
  readonly amf?: Uint8Array
}

const NOTHING = new Uint8Array()

function permuted({ key, topc, iterations }: TuakKey, inputs: Inputs): Uint8Array {
  const { instance, rand, sqn = NOTHING, amf = NOTHING } = inputs
  const state = new Uint8Array(STATE_OCTETS)
  const push = (octets: Uint8Array, first: number) => state.set(octets.toReversed(), first)
  push(topc, at.topc)
  push(Uint8Array.of(instance | (key.length === 32 ? LONG_KEY : 0)), at.instance)
  push(ALGORITHM_NAME, at.name)
  push(rand, at.rand)
  push(amf, at.amf)
  push(sqn, at.sqn)
  push(key, at.key)
  push(Uint8Array.of(0x1f), at.padding)
  push(Uint8Array.of(0x80), at.lastOfPadding)
  let result: Uint8Array = state
  for (let i = 0; i < iterations; i++) result = keccakF1600(result)
  return result
}

const pulled = (state: Uint8Array, first: number, length: number): Uint8Array =>
  state.slice(first, first + length).toReversed()
