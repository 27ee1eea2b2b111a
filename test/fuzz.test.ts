import { expect, test } from 'vitest'
import { gatherCorpus } from '../fuzz/corpus.ts'
import { fuzz } from '../fuzz/run.ts'

/** A slice of `npm run fuzz`, which does a million. */
const COUNT = 20_000

test('mutated inputs of decoder and card end in a value, a DecodeError or a status word', async () => {
  const inputs = fuzz(await gatherCorpus(), { seed: 32, count: COUNT })
  expect([...inputs.values()].reduce((a, b) => a + b)).toBe(COUNT)
  expect(Math.min(...inputs.values())).toBeGreaterThan(0)
})

test('the same seed gives the same inputs of the decoder', async () => {
  const corpus = { ...(await gatherCorpus()) }
  expect(fuzz(corpus, { seed: 5, count: 500 })).toEqual(fuzz(corpus, { seed: 5, count: 500 }))
})
