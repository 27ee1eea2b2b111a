import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Reading, readEnd, readOn, startReading } from './response.ts'

const octets = (text: string) => Buffer.from(text, 'latin1')

/** What has become of a response that came in these parts. */
function read(parts: readonly string[], { method = 'POST', isEnded = false } = {}) {
  const reading: Reading = startReading(method)
  let answer = parts.map((part) => readOn(reading, octets(part))).find((one) => one !== undefined)
  if (isEnded) answer ??= readEnd(reading)
  return answer && { ...answer, body: Buffer.from(answer.body).toString('latin1'), left: reading.left.length }
}

const whole: readonly [what: string, response: string, seen: object][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', { status: 200, body: 'abc', isLast: false }],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '', left: 0 }],
  ['no reason', 'HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n', { status: 200, body: '' }],
  [
    'chunks with extensions, and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nx-sum: 1\r\n\r\n',
    { body: 'abc0123456789', left: 0 },
  ],
  [
    'an interim response before it',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 1\r\n\r\nx',
    { status: 201, body: 'x' },
  ],
  ['a connection that ends', 'HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 0\r\n\r\n', { isLast: true }],
  ['an old version', 'HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', { isLast: true }],
  ['more than it said', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nxHTTP', { body: 'x', left: 4 }],
  [
    'fields that come twice',
    'HTTP/1.1 200 OK\r\nA: 1\r\na:2 \r\nContent-Type: x/y\r\ncontent-type: z/z\r\ncontent-length: 0\r\ncontent-length: 0\r\n\r\n',
    { headers: { a: '1, 2', 'content-type': 'x/y', 'content-length': '0' } },
  ],
]

describe('a response', () => {
  test.each(whole)('with %s is read', (_what, response, seen) => {
    expect(read([response])).toMatchObject(seen)
  })

  test.each(whole)('with %s comes out the same however it is cut', (_what, response) => {
    fc.assert(
      fc.property(fc.array(fc.nat(response.length), { maxLength: 6 }), (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), response.length]
        const parts = ends.map((end, i) => response.slice(ends[i - 1] ?? 0, end)).filter((part) => part !== '')
        const { left: _, ...answer } = read(parts) ?? {}
        expect(answer).toEqual({ ...read([response]), left: undefined })
      }),
      { numRuns: 40 },
    )
  })

  test('without a length ends with its connection, and no other does', () => {
    const response = 'HTTP/1.1 200 OK\r\n\r\nab'
    expect(read([response, 'c'])).toBeUndefined()
    expect(read([response, 'c'], { isEnded: true })).toMatchObject({ body: 'abc' })
    expect(read(['HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab'], { isEnded: true })).toBeUndefined()
    expect(read(['HTTP/1.1 200 OK\r\n'], { isEnded: true })).toBeUndefined()
  })

  test('to HEAD has no body, whatever length it tells', () => {
    expect(read(['HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n'], { method: 'HEAD' })).toMatchObject({ body: '' })
  })

  test.each([
    ['no HTTP', 'HELO\r\n\r\n', 'no status'],
    ['another version', 'HTTP/2 200\r\n\r\n', 'no status'],
    ['another protocol', 'HTTP/1.1 101 Switching\r\n\r\n', 'no status'],
    ['a field without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n', 'without a name'],
    ['a field that goes on', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n', 'without a name'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 'two lengths'],
    ['no number', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n', 'a length that is none'],
    ['both', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 'a length and chunks'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'without a size'],
    ['a chunk too long', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n', 'longer than its size'],
    ['an endless head', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(70_000)}`, 'a head without an end'],
  ])('is refused: %s', (_what, response, why) => {
    expect(() => read([response])).toThrow(why)
  })
})
