import { concatOctets } from '../protocol/ber/index.ts'
import type { Chance } from './chance.ts'

type Mutation = (octets: Uint8Array, chance: Chance, others: readonly Uint8Array[]) => Uint8Array

/** Octets that headers of TLVs and of APDUs are sensitive to. */
const telling = [0x00, 0x01, 0x1f, 0x30, 0x5a, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0xa0, 0xbf, 0xe2, 0xfe, 0xff]

const DEEPEST = 3000

const place = (octets: Uint8Array, { below }: Chance): number => below(octets.length + 1)

const changed = (octets: Uint8Array, at: number, change: (octet: number) => number): Uint8Array => {
  const copy = octets.slice()
  if (at < copy.length) copy[at] = change(copy[at] ?? 0)
  return copy
}

const mutations: readonly Mutation[] = [
  // One bit.
  (octets, chance) => changed(octets, place(octets, chance), (octet) => octet ^ (1 << chance.below(8))),
  // One octet, chosen with care or without.
  (octets, chance) => changed(octets, place(octets, chance), () => chance.pick(telling)),
  (octets, chance) => changed(octets, place(octets, chance), () => chance.below(256)),
  // A little more or less, as in a length.
  (octets, chance) => changed(octets, place(octets, chance), (octet) => octet + chance.below(5) - 2),
  // An end too early, octets too many.
  (octets, chance) => octets.subarray(0, place(octets, chance)),
  (octets, chance) => concatOctets(octets, chance.octets(chance.below(8))),
  // Something in between, something left out, something twice.
  (octets, chance) => {
    const at = place(octets, chance)
    return concatOctets(octets.subarray(0, at), chance.octets(1 + chance.below(4)), octets.subarray(at))
  },
  (octets, chance) => {
    const at = place(octets, chance)
    return concatOctets(octets.subarray(0, at), octets.subarray(at + 1 + chance.below(8)))
  },
  (octets, chance) => {
    const at = place(octets, chance)
    const end = Math.min(octets.length, at + 1 + chance.below(64))
    return concatOctets(octets.subarray(0, end), octets.subarray(at))
  },
  // The beginning of one, the end of another.
  (octets, chance, others) => {
    const other = chance.pick(others)
    return concatOctets(octets.subarray(0, place(octets, chance)), other.subarray(place(other, chance)))
  },
  // Far too deep.
  (octets, chance) => {
    const depth = chance.below(100) === 0 ? DEEPEST : chance.below(40)
    let nested = octets.subarray(0, 60)
    for (let i = 0; i < depth && nested.length < 0xffff - 4; i++)
      nested = concatOctets(Uint8Array.of(0xa0, 0x82, nested.length >> 8, nested.length & 0xff), nested)
    return nested
  },
]

/** One to four mutations. */
export function mutate(octets: Uint8Array, chance: Chance, others: readonly Uint8Array[]): Uint8Array {
  let mutated = octets
  for (let rounds = 1 + chance.below(4); rounds > 0; rounds--) mutated = chance.pick(mutations)(mutated, chance, others)
  return mutated
}
