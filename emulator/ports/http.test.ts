import { expect, test } from 'vitest'
import { createHttpClient, type HttpHandler, listen } from './index.ts'

const text = (value: string) => new TextEncoder().encode(value)

const echo: HttpHandler = async ({ method, path, headers, body }) => ({
  status: body.length > 0 ? 200 : 204,
  headers: { 'content-type': headers['content-type'] ?? 'text/plain', 'x-seen': `${method} ${path}` },
  body,
})

test('a handler behind a socket gets the octets as they were sent and its answer arrives as it is', async () => {
  const listener = await listen({ handle: echo, host: '127.0.0.1', port: 0 })
  const send = createHttpClient()
  const answer = await send(`http://127.0.0.1:${listener.port}/a?b=c`, {
    method: 'POST',
    headers: { 'content-type': 'x/y' },
    body: text('é'),
  })
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'x/y', 'x-seen': 'POST /a?b=c' } })
  expect(new TextDecoder().decode(answer.body)).toBe('é')
  expect(
    (await send(`http://127.0.0.1:${listener.port}/`, { method: 'POST', headers: {}, body: text('') })).status,
  ).toBe(204)
  await listener.close()
})

test('a body beyond the limit is answered with 413 and the handler never sees it', async () => {
  const listener = await listen({
    handle: () => Promise.reject(new Error('asked')),
    host: '127.0.0.1',
    port: 0,
    bodyLimit: 10,
  })
  const answer = await createHttpClient()(`http://127.0.0.1:${listener.port}/`, {
    method: 'POST',
    headers: {},
    body: text('x'.repeat(11)),
  })
  expect(answer.status).toBe(413)
  await listener.close()
})

test('a server that is not there rejects the request', async () => {
  await expect(
    createHttpClient()('http://127.0.0.1:1/', { method: 'GET', headers: {}, body: text('') }),
  ).rejects.toThrow()
})
