import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strict, text, validator } from '../schema.ts'
import { readJson } from './body.ts'

const read = (body: string | Uint8Array) =>
  readJson({
    ...{ method: 'POST', path: '/', headers: { 'content-type': 'application/json; charset=utf-8' } },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  })

describe('a body', () => {
  it('of any JSON is read as it was meant', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        const body = JSON.stringify(value, undefined, space)
        expect(read(body)).toEqual({ kind: 'json', value: JSON.parse(body) })
      }),
    )
  })

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"b":{"a":1,"c":[{}],"a":1}}]',
    '{"x":"{\\"a\\":1","a":{},"b":[],"a":0}',
  ])('with a name twice in one object is refused: %s', (body) => {
    expect(read(body)).toMatchObject({ code: 'INVALID_ARGUMENT', message: 'The name a is twice in one object.' })
  })

  it.each(['{"a":{"b":1},"c":{"b":1}}', '[{"a":1},{"a":1}]', '{"a":"a","b":"\\"a\\":"}'])(
    'with a name in several objects is read: %s',
    (body) => {
      expect(read(body).kind).toBe('json')
    },
  )

  it.each(['', '{', 'nonsense', '{"a":1}x', '\ufeff{}'])('that is no JSON is refused: %j', (body) => {
    expect(read(body)).toMatchObject({ kind: 'refusal', code: 'INVALID_ARGUMENT' })
  })

  it('that is not UTF-8 is refused', () => {
    expect(read(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it.each(['__proto__', 'constructor', 'toString'])('cannot bring in %s beside what the schema lists', (name) => {
    const json = read(`{"iccid":"1","${name}":{"admin":true}}`)
    const checked = validator(strict({ iccid: text() }))(json.kind === 'json' ? json.value : undefined)
    expect(checked).toEqual({ kind: 'invalid', why: `Unknown property ${name}.` })
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  })
})
