import { expect, test } from 'vitest'
import { routes } from '../dialects/esim-management-0.1.ts'
import { bodySchemas } from '../double/provider-schemas.ts'
import { numbersOf } from '../runner/shards.ts'
import { fuzzed, mistakesIn } from './mistakes.ts'

const about = {
  eid: '89049032000000000000000000000001',
  iccid: '8988303000000000001',
  sink: 'https://example.com/sink',
  activationCode: 'LPA:1$a$b',
  operationId: '',
}
const names = ['downloadEsim', 'enableEsim', 'deleteEsim', 'getEsimStatus'] as const
const requests = names.map((name) => ({ body: routes[name].body(about), members: routes[name].members, name }))
const sent = (body: unknown) => JSON.parse(JSON.stringify(body))

test.each(requests)(
  'each mistake in the body of $name is refused by its schema, and the body itself is not',
  (request) => {
    const isValid = bodySchemas[request.name]
    expect(isValid(request.body)).toBe(true)
    const mistakes = [...mistakesIn(request.body, request.members), ...fuzzed(request, 500, numbersOf(1))]
    expect(mistakes.filter(({ body }) => isValid(sent(body))).map(({ label }) => label)).toEqual([])
    expect(new Set(mistakes.map(({ rule }) => rule)).size).toBe(4)
  },
)

test('the same numbers give the same bodies', () => {
  const [request] = requests
  if (request === undefined) throw new Error('no request')
  expect(fuzzed(request, 20, numbersOf(5))).toEqual(fuzzed(request, 20, numbersOf(5)))
  expect(fuzzed(request, 20, numbersOf(5))).not.toEqual(fuzzed(request, 20, numbersOf(6)))
})
