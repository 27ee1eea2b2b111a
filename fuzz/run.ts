import { chanceOf } from './chance.ts'
import type { Corpus } from './corpus.ts'
import { type Target, targets } from './targets.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Inputs are numbered: this one, and so many after it. */
  readonly from?: number
  readonly count: number
  /** Told before each input. */
  readonly onInput?: (input: number) => void
}

/** Inputs by target. Rejects with the first that something else than its own error came of. */
export function fuzz(corpus: Corpus, { seed, from = 0, count, onInput }: FuzzOptions): ReadonlyMap<string, number> {
  const weighted = targets.flatMap((target) => Array.from({ length: target.weight }, (): Target => target))
  const inputs = new Map(targets.map(({ name }) => [name, 0]))
  for (let input = from; input < from + count; input++) {
    onInput?.(input)
    const chance = chanceOf(seed, input)
    const target = chance.pick(weighted)
    try {
      target.run(chance, corpus)
    } catch (error) {
      throw new Error(`input ${input} of seed ${seed}, ${target.name}: ${(error as Error).message}`, { cause: error })
    }
    inputs.set(target.name, (inputs.get(target.name) ?? 0) + 1)
  }
  return inputs
}
