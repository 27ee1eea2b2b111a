import { expect, test } from 'vitest'
import { bodySchemas } from '../double/provider-schemas.ts'
import { numbersOf } from '../runner/shards.ts'
import { fuzzed } from './fuzz.ts'

const eid = '89049032000000000000000000000001'
const esim = { iccid: '8988303000000000001' }
const sink = 'https://example.com/sink'
const bodies = [
  [{ esim, sink }, bodySchemas.enableEsim],
  [{ esim: { ...esim, eid }, sink, activationCode: 'LPA:1$a$b' }, bodySchemas.downloadEsim],
] as const

test('each fuzzed body is refused by the schema, and the body that it was made from is not', () => {
  for (const [body, isValid] of bodies) {
    expect(isValid(body)).toBe(true)
    const wrong = fuzzed(body, 500, numbersOf(1))
    expect(wrong.filter((one) => isValid(JSON.parse(JSON.stringify(one.body)))).map(({ label }) => label)).toEqual([])
    expect(new Set(wrong.map(({ rule }) => rule)).size).toBe(4)
  }
})

test('the same numbers give the same bodies', () => {
  const [[body]] = bodies
  expect(fuzzed(body, 20, numbersOf(5))).toEqual(fuzzed(body, 20, numbersOf(5)))
  expect(fuzzed(body, 20, numbersOf(5))).not.toEqual(fuzzed(body, 20, numbersOf(6)))
})
