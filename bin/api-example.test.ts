import { expect, test } from 'vitest'
import { exampleOf } from './api-example.ts'

test('an example has what is required, with examples, defaults and first choices', () => {
  const schema = {
    type: 'object',
    required: ['esim', 'sink', 'mode', 'count', 'list', 'none'],
    properties: {
      esim: {
        type: 'object',
        required: ['eid'],
        properties: { eid: { type: 'string', example: '8904' }, not: { type: 'string' } },
      },
      sink: { type: 'string', format: 'uri' },
      mode: { enum: ['a', 'b'] },
      count: { type: 'integer', default: 3 },
      list: { type: 'array', minItems: 1, items: { type: 'boolean' } },
      none: { type: 'array', items: { type: 'string' } },
      optional: { type: 'string' },
    },
  }
  expect(exampleOf(schema)).toEqual({
    esim: { eid: '8904' },
    sink: 'http://127.0.0.1:9099/events',
    mode: 'a',
    count: 3,
    list: [false],
    none: [],
  })
})

test('of alternatives the first one is taken', () => {
  expect(exampleOf({ oneOf: [{ type: 'string', example: 'x' }, { type: 'integer' }] })).toBe('x')
  const oneOf = [{ required: ['iccid'] }, { required: ['activationCode'] }]
  expect(exampleOf({ type: 'object', required: [], properties: { iccid: { example: '89' } }, oneOf })).toEqual({
    iccid: '89',
  })
})
