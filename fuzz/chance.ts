/** Chance that a number names: the same number gives the same choices. Mulberry32. */
export interface Chance {
  /** 0 and above, below `limit`. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  octets(length: number): Uint8Array
}

export function chanceOf(seed: number, input: number): Chance {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(input + 1, 0xc2b2ae35)) | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[below(list.length)] as T
    },
    octets: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}
