import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../runner/clock-system.ts'
import { createHttpClient } from '../runner/http.ts'
import { type SinkServer, startSink } from './http.ts'

let sinks: SinkServer
beforeAll(async () => {
  sinks = await startSink({ clock: systemClock })
})
afterAll(() => sinks.close())

const send = createHttpClient({ clock: systemClock, timeoutMs: 60_000 })
const patient = createHttpClient({ clock: systemClock, timeoutMs: 60_000, again: true })
const impatient = createHttpClient({ clock: systemClock, timeoutMs: 200 })
const post = (url: string, body: string, by = send) =>
  by({ method: 'POST', url, headers: { 'content-type': 'application/cloudevents+json' }, body })

test('each inbox gets what is sent to its address, octet for octet', async () => {
  const [one, other] = [sinks.open('one'), sinks.open('other')]
  await post(one.url, '{"id":"a"}')
  await post(other.url, 'no json')
  expect(one.deliveries.map(({ json }) => json)).toEqual([{ id: 'a' }])
  expect(other.deliveries.map(({ body }) => body)).toEqual(['no json'])
  expect(one.deliveries[0]?.headers['content-type']).toBe('application/cloudevents+json')
})

test('the script decides the answers, then 204', async () => {
  const inbox = sinks.open('scripted')
  inbox.script([{ status: 500 }, { status: 410 }])
  const statuses: number[] = []
  for (let attempt = 0; attempt < 3; attempt++) statuses.push((await post(inbox.url, '{}')).response.status)
  expect(statuses).toEqual([500, 410, 204])
})

test('it can hang up, and it can be silent', async () => {
  const inbox = sinks.open('unkind')
  inbox.script(['reset', 'silence'])
  await expect(post(inbox.url, '{}')).rejects.toMatchObject({ kind: 'no-answer' })
  expect(inbox.deliveries).toHaveLength(1)
  await expect(post(inbox.url, '{}', impatient)).rejects.toThrow('silent for 200 ms')
})

test('408 and 503 are no answers yet, for whoever asks again', async () => {
  const inbox = sinks.open('busy')
  inbox.script([{ status: 408 }, { status: 503 }])
  expect((await post(inbox.url, '{}', patient)).response.status).toBe(204)
  expect(inbox.deliveries).toHaveLength(3)
})

test('listeners hear of a delivery before it is answered', async () => {
  const inbox = sinks.open('heard')
  const heard: number[] = []
  inbox.onDelivery(({ index }) => heard.push(index))
  await post(inbox.url, '{}')
  expect(heard).toEqual([0])
})

test('an address that nobody opened is not found', async () => {
  const { url } = sinks.open('here')
  expect((await post(`${url}-not`, '{}')).response.status).toBe(404)
})

test('where nobody listens the target is unreachable', async () => {
  await expect(post('http://127.0.0.1:9/', '{}')).rejects.toMatchObject({ kind: 'unreachable' })
})
