import { expect, test } from 'vitest'
import type { HttpMessage } from '../ports/index.ts'
import { problem, type Route, restHandler } from './index.ts'

const routes: Route[] = [
  {
    method: 'PUT',
    path: '/things/{id}',
    summary: 'Puts a thing.',
    parameters: { id: { type: 'string', pattern: '^\\d+$' } },
    query: { size: { type: 'integer', default: 1 } },
    headers: { 'x-colour': { type: 'string', enum: ['red'] } },
    body: { type: 'object', additionalProperties: false, required: ['name'], properties: { name: { type: 'string' } } },
    answers: { 200: { description: 'Put.', schema: { type: 'object' } } },
    handle: ({ parameters, query, body }) => ({ status: 200, body: { parameters, query, body } }),
  },
  {
    method: 'GET',
    path: '/broken',
    summary: 'Breaks.',
    answers: { 200: { description: 'Never.' } },
    handle: () => Promise.reject(new Error('ours')),
  },
  { method: 'GET', path: '/gone', summary: 'Gone.', answers: {}, handle: () => problem(410, 'Gone') },
]

const errors: unknown[] = []
const handle = restHandler({
  base: '/api/v1',
  title: 'Things',
  version: '1',
  routes,
  onError: (error) => errors.push(error),
})

async function ask(
  method: string,
  path: string,
  body?: string,
  headers: HttpMessage['headers'] = { 'content-type': 'application/json' },
) {
  const answer = await handle({ method, path, headers, body: new TextEncoder().encode(body ?? '') })
  const text = new TextDecoder().decode(answer.body)
  return { ...answer, body: text ? JSON.parse(text) : undefined }
}

test('a call that matches its row is handled with parameters, query and body', async () => {
  const { status, body } = await ask('PUT', '/api/v1/things/7?size=2', '{"name":"x"}')
  expect([status, body]).toEqual([200, { parameters: { id: '7' }, query: { size: 2 }, body: { name: 'x' } }])
})

const refusals: [string, string, string, string | undefined, number, string][] = [
  ['an unknown path', 'GET', '/api/v1/other', undefined, 404, 'No such resource'],
  ['a path outside the base', 'GET', '/things/7', undefined, 404, 'No such resource'],
  ['another method', 'GET', '/api/v1/things/7', undefined, 405, 'Method not allowed'],
  [
    'a parameter that breaks its pattern',
    'PUT',
    '/api/v1/things/x',
    '{"name":"x"}',
    400,
    'The request does not match its schema',
  ],
  [
    'an unknown query parameter',
    'PUT',
    '/api/v1/things/7?a=1',
    '{"name":"x"}',
    400,
    'The request does not match its schema',
  ],
  [
    'an unknown property',
    'PUT',
    '/api/v1/things/7',
    '{"name":"x","b":1}',
    400,
    'The request does not match its schema',
  ],
  ['a body that is not JSON', 'PUT', '/api/v1/things/7', '{', 400, 'The body is not JSON'],
  ['a handler that fails', 'GET', '/api/v1/broken', undefined, 500, 'Internal error'],
]

for (const [what, method, path, body, status, title] of refusals)
  test(`${what} is answered with ${status} as a problem document`, async () => {
    const answer = await ask(method, path, body)
    expect(answer).toMatchObject({
      status,
      headers: { 'content-type': 'application/problem+json' },
      body: { status, title },
    })
  })

test('a header that breaks its schema is answered with 400, others are not looked at', async () => {
  const put = (headers: HttpMessage['headers']) =>
    ask('PUT', '/api/v1/things/7', '{"name":"x"}', { 'content-type': 'application/json', ...headers })
  expect((await put({ 'x-colour': 'red', 'x-other': '?' })).status).toBe(200)
  expect(await put({ 'x-colour': 'blue' })).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('header') },
  })
})

test.each(['//', 'http://[', '/api/v1/%', '?', ''])('the path %j is answered with 404', async (path) => {
  expect((await ask('GET', path)).status).toBe(404)
})

test('a wrong media type is answered with 415, another method with Allow', async () => {
  expect((await ask('PUT', '/api/v1/things/7', '{"name":"x"}', { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await ask('GET', '/api/v1/things/7')).headers['allow']).toBe('PUT')
})

test('an error of ours is told to the shell and not to the caller', async () => {
  errors.length = 0
  expect(JSON.stringify((await ask('GET', '/api/v1/broken')).body)).not.toContain('ours')
  expect(errors).toEqual([new Error('ours')])
})

test('with a token every call needs it', async () => {
  const guarded = restHandler({ base: '/api/v1', title: 'Things', version: '1', routes, token: 'secret' })
  const message = { method: 'GET', path: '/api/v1/gone', body: new Uint8Array() }
  expect(await guarded({ ...message, headers: {} })).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
  })
  expect((await guarded({ ...message, headers: { authorization: 'Bearer secret' } })).status).toBe(410)
})

test('the document describes exactly the routes of the table', async () => {
  const { body } = await ask('GET', '/api/v1/openapi.json')
  expect(body.servers).toEqual([{ url: '/api/v1' }])
  expect(
    Object.entries(body.paths).flatMap(([path, row]) =>
      Object.keys(row as object).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  ).toEqual(routes.map(({ method, path }) => `${method} ${path}`))
  expect(body.paths['/things/{id}'].put.parameters.map((row: { in: string }) => row.in)).toEqual([
    'path',
    'query',
    'header',
  ])
})
