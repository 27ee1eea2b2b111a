import { expect, test } from 'vitest'
import { fromHex } from '../../protocol/ber/index.ts'
import type { TraceEntry } from '../ports/index.ts'
import { createTrace, toNdjson } from './index.ts'

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) }
const entry = (operation: string, more: Partial<TraceEntry> = {}): TraceEntry => ({
  interface: 'ES10',
  from: 'IPA',
  to: 'eUICC',
  operation,
  ...more,
})
const operations = (page: { messages: readonly { operation: string }[] }) => page.messages.map((m) => m.operation)

test('a message is shown with a rising index, the time and its octets in hex', () => {
  const trace = createTrace({ clock })
  trace.record(entry('GetEID', { eid: '89', octets: fromHex('bf3e00'), correlation: { transactionId: '01' } }))
  trace.record(entry('GetEID', { json: { a: 1 }, status: '9000' }))
  expect(trace.read().messages).toEqual([
    {
      index: 1,
      at: '2026-01-02T03:04:05.678Z',
      eid: '89',
      interface: 'ES10',
      from: 'IPA',
      to: 'eUICC',
      operation: 'GetEID',
      octets: 'bf3e00',
      correlation: { transactionId: '01' },
    },
    {
      index: 2,
      at: '2026-01-02T03:04:05.678Z',
      interface: 'ES10',
      from: 'IPA',
      to: 'eUICC',
      operation: 'GetEID',
      status: '9000',
      json: { a: 1 },
    },
  ])
})

test('a body is shown as JSON, or as octets where it is none', () => {
  const trace = createTrace({ clock })
  for (const text of ['{"a":1}', 'no', '']) trace.record(entry('GET /', { body: new TextEncoder().encode(text) }))
  const shown = trace.read().messages.map(({ json, octets }) => [json, octets])
  expect(shown).toEqual([
    [{ a: 1 }, undefined],
    [undefined, '6e6f'],
    [undefined, undefined],
  ])
})

test('messages beyond the capacity fall out, oldest first', () => {
  const trace = createTrace({ clock, capacity: 3 })
  for (const name of 'abcde') trace.record(entry(name))
  expect(operations(trace.read())).toEqual(['c', 'd', 'e'])
  expect(trace.read().messages.map((m) => m.index)).toEqual([3, 4, 5])
  expect(trace.read().next).toBe(5)
})

test('a reader pages through and never sees a message twice', () => {
  const trace = createTrace({ clock })
  for (const name of 'abcde') trace.record(entry(name))
  const first = trace.read({ limit: 2 })
  expect(operations(first)).toEqual(['a', 'b'])
  const second = trace.read({ after: first.next, limit: 10 })
  expect(operations(second)).toEqual(['c', 'd', 'e'])
  expect(trace.read({ after: second.next })).toEqual({ messages: [], next: 5 })
})

test('a reader of one eUICC gets its messages only and goes on behind those of others', () => {
  const trace = createTrace({ clock })
  for (const eid of ['1', '2', '1', '2']) trace.record(entry('x', { eid }))
  const page = trace.read({ eid: '1' })
  expect(page.messages.map((m) => m.index)).toEqual([1, 3])
  expect(page.next).toBe(4)
})

test('a reader from the future waits there', () => {
  expect(createTrace({ clock }).read({ after: 9 })).toEqual({ messages: [], next: 9 })
})

test('a subscriber sees each message from then on until it leaves', () => {
  const trace = createTrace({ clock })
  const seen: string[] = []
  trace.record(entry('before'))
  const leave = trace.subscribe((message) => seen.push(`${message.index} ${message.operation}`))
  trace.record(entry('during'))
  leave()
  trace.record(entry('after'))
  expect(seen).toEqual(['2 during'])
})

test.each([
  ['a header', { headers: { Authorization: 'Bearer abc' } }, { headers: { Authorization: '[redacted]' } }],
  ['a sink credential', { sinkCredential: { accessToken: 'abc' } }, { sinkCredential: '[redacted]' }],
  ['a token answer', { access_token: 'abc', expires_in: 60 }, { access_token: '[redacted]', expires_in: 60 }],
  ['a client secret', [{ client_secret: 'abc' }], [{ client_secret: '[redacted]' }]],
  [
    'a private key of a key set',
    { keys: [{ kty: 'EC', x: 'a', d: 'b' }] },
    { keys: [{ kty: 'EC', x: 'a', d: '[redacted]' }] },
  ],
  ['a PEM private key', { pem: '-----BEGIN EC PRIVATE KEY-----\nabc' }, { pem: '[redacted]' }],
  ['a form', 'grant_type=client_credentials&client_secret=abc', '[redacted]'],
])('%s is hidden and the octets that carry it too', (_name, json, shown) => {
  const trace = createTrace({ clock })
  trace.record(entry('POST /token', { json, octets: fromHex('00') }))
  const [message] = trace.read().messages
  expect(message?.json).toEqual(shown)
  expect(message).not.toHaveProperty('octets')
})

test('JSON without secrets is shown as it is', () => {
  const trace = createTrace({ clock })
  const json = { d: 1, token: null, list: [true, 'text', { associationToken: 3 }] }
  trace.record(entry('x', { json, octets: fromHex('00') }))
  expect(trace.read().messages[0]).toMatchObject({ json, octets: '00' })
})

test('an export has one JSON object a line', () => {
  const trace = createTrace({ clock })
  trace.record(entry('a'))
  trace.record(entry('b', { json: 'two\nlines' }))
  const lines = toNdjson(trace.read().messages).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines.slice(0, 2).map((line) => JSON.parse(line).operation)).toEqual(['a', 'b'])
})

test('what is forgotten is not read again, and indices go on', () => {
  const trace = createTrace({ clock, capacity: 3 })
  for (const name of ['a', 'b']) trace.record(entry(name))
  trace.clear()
  expect(trace.read()).toEqual({ messages: [], next: 2 })
  for (const name of ['c', 'd', 'e', 'f']) trace.record(entry(name))
  expect(operations(trace.read())).toEqual(['d', 'e', 'f'])
  expect(trace.last()).toBe(6)
})
