/** Keccak-f[1600]: FIPS 202, 3.2 and 3.3. Lanes of 64 bits, little-endian. node:crypto has it only inside SHA-3. */

export const STATE_OCTETS = 200

const MASK = 0xffffffffffffffffn
const ROUNDS = 24

/** To the left; of the lane at x + 5y. */
const rotations = [
  0n,
  1n,
  62n,
  28n,
  27n,
  36n,
  44n,
  6n,
  55n,
  20n,
  3n,
  10n,
  43n,
  25n,
  39n,
  41n,
  45n,
  15n,
  21n,
  8n,
  18n,
  2n,
  61n,
  56n,
  14n,
]

const roundConstants: readonly bigint[] = makeRoundConstants()

/** By the register of FIPS 202, algorithm 5: one bit for each power of two. */
function makeRoundConstants(): readonly bigint[] {
  let register = 1
  const nextBit = (): bigint => {
    const bit = register & 1
    register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1
    return BigInt(bit)
  }
  return Array.from({ length: ROUNDS }, () =>
    [0, 1, 3, 7, 15, 31, 63].reduce((constant, position) => constant | (nextBit() << BigInt(position)), 0n),
  )
}

const rotated = (lane: bigint, bits: bigint): bigint => ((lane << bits) | (lane >> (64n - bits))) & MASK

export function keccakF1600(octets: Uint8Array): Uint8Array {
  const view = new DataView(octets.buffer, octets.byteOffset, STATE_OCTETS)
  let lanes: readonly bigint[] = Array.from({ length: 25 }, (_, i) => view.getBigUint64(8 * i, true))
  for (const constant of roundConstants) lanes = round(lanes, constant)
  const result = new DataView(new ArrayBuffer(STATE_OCTETS))
  for (const [i, lane] of lanes.entries()) result.setBigUint64(8 * i, lane, true)
  return new Uint8Array(result.buffer)
}

/** Theta, rho, pi, chi, iota. */
function round(lanes: readonly bigint[], constant: bigint): readonly bigint[] {
  const lane = (list: readonly bigint[], x: number, y: number): bigint => list[(x % 5) + 5 * (y % 5)] ?? 0n
  const columns = [0, 1, 2, 3, 4].map((x) => [0, 1, 2, 3, 4].reduce((sum, y) => sum ^ lane(lanes, x, y), 0n))
  const column = (x: number): bigint => columns[x % 5] ?? 0n
  const mixed = lanes.map((value, i) => value ^ column((i % 5) + 4) ^ rotated(column((i % 5) + 1), 1n))
  const turned = mixed.map((value, i) => rotated(value, rotations[i] ?? 0n))
  const moved = lanes.map((_, i) => {
    const [x, y] = [i % 5, Math.floor(i / 5)]
    return lane(turned, x + 3 * y, x)
  })
  return moved.map((value, i) => {
    const [x, y] = [i % 5, Math.floor(i / 5)]
    const next = value ^ (~lane(moved, x + 1, y) & MASK & lane(moved, x + 2, y))
    return i === 0 ? next ^ constant : next
  })
}
