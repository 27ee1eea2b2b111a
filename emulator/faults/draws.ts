/** Numbers from 0 up to 1, the same ones for the same seed and words: FNV-1a over the words, then the generator mulberry32. */
export function createDraws(seed: number, ...words: readonly (string | number)[]): () => number {
  let state = seed | 0
  for (const character of words.join(' ')) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
