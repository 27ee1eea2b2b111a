import { expect, test } from 'vitest'
import type { HttpAnswer, HttpClient } from '../../ports/index.ts'
import { createSend, defaultRetryPolicy, type RetryPolicy } from './retry.ts'

const message = { method: 'POST', headers: {}, body: Uint8Array.of(1, 2) }
const status = (code: number): HttpAnswer => ({ status: code, headers: {}, body: new Uint8Array() })

/** A server that is away for as long as the list says. */
function away(...events: readonly (HttpAnswer | 'down')[]) {
  const seen: unknown[] = []
  const http: HttpClient = async (url, sent) => {
    seen.push([url, sent])
    const event = events[seen.length - 1] ?? status(200)
    if (event === 'down') throw new Error('connection refused')
    return event
  }
  return { http, seen }
}

async function run(http: HttpClient, { octet = 0x80, policy = defaultRetryPolicy as RetryPolicy } = {}) {
  const waits: number[] = []
  const delay = async (ms: number) => void waits.push(ms)
  const random = { octets: (length: number) => new Uint8Array(length).fill(octet) }
  return { answer: await createSend({ http, delay, random, policy })('ESipa', 'https://eim/', message), waits }
}

test('a server that answers is asked once', async () => {
  const server = away(status(200))
  expect(await run(server.http)).toEqual({ answer: status(200), waits: [] })
  expect(server.seen).toHaveLength(1)
})

test('the same request is sent again with growing waits until the server is back', async () => {
  const server = away('down', status(503), 'down')
  const { answer, waits } = await run(server.http)
  expect(answer).toEqual(status(200))
  expect(waits.map((ms) => Math.round(ms / 100) / 10)).toEqual([1, 4, 9])
  expect(server.seen).toEqual(new Array(4).fill(['https://eim/', message]))
})

test.each([
  ['down', 'connection refused'],
  [status(429), 'HTTP 429'],
] as const)('a server that stays away (%o) is given up', async (event, detail) => {
  const server = away(...new Array(9).fill(event))
  expect((await run(server.http)).answer).toEqual({ kind: 'failure', hop: 'ESipa', reason: 'unreachable', detail })
  expect(server.seen).toHaveLength(4)
})

test.each([400, 404, 415, 500])('HTTP %i is an answer, not an absence', async (code) => {
  const server = away(status(code))
  expect((await run(server.http)).answer).toEqual(status(code))
  expect(server.seen).toHaveLength(1)
})

test('waits vary by the jitter only', async () => {
  const policy = { waitsMs: [1_000], jitter: 0.25 }
  expect((await run(away('down').http, { octet: 0x00, policy })).waits).toEqual([750])
  expect((await run(away('down').http, { octet: 0xff, policy })).waits).toEqual([1_250])
})
