/** Every endpoint, asked with values of its own schema and with what is left of them after something in them has been broken. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arbitraryOf, basePaths, operationsOf, type ServedOperation } from './testing/served-operations.ts'
import { startWorld, type World } from './testing/world.ts'

const runs = 15
const correlator = /^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$/

let world: World
let provider: Awaited<ReturnType<World['start']>>
let token: string
beforeAll(async () => {
  world = await startWorld()
  provider = await world.start()
  token = await world.token()
})
afterAll(() => world.close())

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Something else in one place of a value. */
const broken = (value: unknown, at: number, by: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return by
  const keys = Object.keys(value)
  const key = keys[at % Math.max(keys.length, 1)]
  if (key === undefined || at % 7 === 0) return Array.isArray(value) ? [...value, by] : { ...value, [`x${at}`]: by }
  const inner = (value as Record<string, unknown>)[key]
  const changed = at % 3 === 0 ? by : broken(inner, Math.floor(at / 3), by)
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }
}

const oddities: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    '',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    1e308,
    -0,
    null,
    [],
    {},
    '../..',
    '%00',
    "' or 1=1 --",
  ),
)

const bodyOf = (operation: ServedOperation): fc.Arbitrary<string> => {
  const { eid, iccids } = world.card([{}, {}])
  const valid = arbitraryOf(operation.body ?? {}, { eid, iccid: iccids[0] ?? '' })
  const mutated = fc.tuple(valid, fc.nat(1000), oddities).map(([value, at, by]) => broken(value, at, by))
  const text = fc
    .oneof({ weight: 2, arbitrary: valid }, { weight: 5, arbitrary: mutated })
    .map((value) => JSON.stringify(value))
  const torn = fc.tuple(text, fc.nat(2000)).map(([whole, length]) => whole.slice(0, length))
  return fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: torn }, { weight: 1, arbitrary: fc.string() })
}

const identifier = fc.oneof(
  fc.uuid(),
  fc.constantFrom('x', '%00', '%', '..', '%2e%2e', '0'.repeat(300), "'", '00000000-0000-0000-0000-00000000000g'),
  fc
    .string({ minLength: 1 })
    .map(encodeURIComponent)
    .filter((text) => text !== '.' && text !== '..'),
)
const headers = fc.record(
  {
    'x-correlator': fc.oneof(
      fc.uuid(),
      fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim()),
    ),
    'idempotency-key': fc.stringMatching(/^[ -~]{0,40}$/).map((text) => text.trim()),
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      'application/cbor',
    ),
  },
  { requiredKeys: [] },
)

const expectWellFormed = async (answer: Response): Promise<void> => {
  const text = await answer.text()
  expect(answer.status).toBeLessThan(500)
  expect(answer.headers.get('x-correlator')).toMatch(correlator)
  if (answer.status < 400) return
  const body = JSON.parse(text)
  expect(body).toEqual({
    status: answer.status,
    code: expect.stringMatching(/^[A-Z_.]+$/),
    message: expect.any(String),
  })
}

describe.each(basePaths)('whatever is asked under %s', (basePath) => {
  it('is answered, never with 5xx, and refused in the error shape of CAMARA', async () => {
    const seen = new Set<number>()
    for (const operation of await operationsOf(provider.url, basePath))
      await fc.assert(
        fc.asyncProperty(bodyOf(operation), identifier, headers, async (body, id, more) => {
          const path = operation.path.replace(/\{\w+\}/, () => id)
          const { method } = operation
          const answer = await fetch(`${provider.url}${path}`, {
            method,
            headers: { 'content-type': 'application/json', ...more, authorization: `Bearer ${token}` },
            ...(operation.body && { body }),
          })
          seen.add(answer.status)
          await expectWellFormed(answer)
        }),
        { numRuns: runs, seed: 20_260_101, endOnFailure: true },
      )
    // Some of it was what the schema allows, and some was not.
    expect([...seen].some((status) => status < 300)).toBe(true)
    expect(seen).toContain(400)
  })
})
