import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { closeServer, listen } from '../http/http.ts'
import { startWorld, type World } from '../testing/world.ts'

const token = 'the token of the operator'

let world: World
let provider: Awaited<ReturnType<World['start']>>
beforeAll(async () => {
  world = await startWorld()
  provider = await world.start({
    admin: { token },
    sinks: { allowHttp: true, allowPrivateAddresses: true, retry: { giveUpAfterMs: 1 } },
  })
})
afterAll(() => world.close())
beforeEach(() => {
  world.sink.set.status = () => 204
})

const ask = async (method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) => {
  const answer = await fetch(`${provider.url}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {},
  }
}

const ended = (eventId: string, reason: string) =>
  world.logged((line) => line.includes(eventId) && line.includes(`"reason":"${reason}"`))

const deadLetter = async (path: string, more: object = {}) => {
  const { iccids } = world.card([{}])
  const { body } = await provider.post('/enable', {
    esim: { iccid: iccids[0] },
    sink: `${world.sink.url}${path}`,
    ...more,
  })
  const operationId = String(body.operationId)
  const found = async () => {
    const { body: page } = await ask('GET', '/admin/dead-letters')
    return page.deadLetters.find(({ stream }: { stream: string }) => stream === operationId)
  }
  await world.logged((line) => line.includes('"msg":"event"') && line.includes('"kind":"ended"'))
  let letter = await found()
  while (!letter) letter = await found()
  return { operationId, letter }
}

describe('an event that nobody received', () => {
  it('is listed with its reason and without its credential, and goes again with the same octets', async () => {
    world.sink.set.status = () => 500
    const path = '/dead'
    const { letter, operationId } = await deadLetter(path, {
      sinkCredential: {
        ...{ credentialType: 'ACCESSTOKEN', accessToken: 'very-secret', accessTokenType: 'bearer' },
        accessTokenExpiresUtc: '2999-01-01T00:00:00Z',
      },
    })
    expect(letter).toMatchObject({ stream: operationId, reason: 'given-up', attempts: 1 })
    expect(JSON.stringify(letter)).not.toContain('secret')
    world.sink.set.status = () => 204
    expect(await ask('POST', `/admin/dead-letters/${letter.eventId}/replays`)).toMatchObject({ status: 202 })
    const [first, second] = await world.sink.received(path, 2)
    expect(second?.text).toBe(first?.text)
    expect(second?.headers.authorization).toBe('Bearer very-secret')
    await ended(letter.eventId, 'delivered')
    expect((await ask('POST', `/admin/dead-letters/${letter.eventId}/replays`)).status).toBe(404)
  })

  it('whose credential has expired goes again with another one only', async () => {
    const { letter } = await deadLetter('/expired', {
      sinkCredential: {
        ...{ credentialType: 'ACCESSTOKEN', accessToken: 'old', accessTokenType: 'bearer' },
        accessTokenExpiresUtc: '2020-01-01T00:00:00Z',
      },
    })
    expect(letter).toMatchObject({ reason: 'credential-expired' })
    const replays = `/admin/dead-letters/${letter.eventId}/replays`
    expect(await ask('POST', replays)).toMatchObject({ status: 400, body: { code: 'INVALID_ARGUMENT' } })
    expect((await ask('POST', replays, { accessToken: 'new' })).status).toBe(202)
    const [received] = await world.sink.received('/expired')
    expect(received?.headers.authorization).toBe('Bearer new')
  })
})

describe("the operator's door", () => {
  it.each([
    ['GET', '/metrics'],
    ['GET', '/admin/dead-letters'],
    ['POST', `/admin/dead-letters/${'0'.repeat(8)}-0000-0000-0000-000000000000/replays`],
  ])('is closed to whoever has another token: %s %s', async (method, path) => {
    for (const authorization of ['', 'Bearer', 'Bearer other', `Basic ${token}`, `Bearer ${await world.token()}`])
      expect(await ask(method, path, undefined, authorization)).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      })
  })

  it('is not there without a token in the configuration', async () => {
    const plain = await world.start()
    for (const path of ['/metrics', '/admin/dead-letters']) expect((await plain.call('GET', path)).status).toBe(404)
    await plain.close()
  })

  it('refuses what it does not know', async () => {
    expect((await ask('DELETE', '/admin/dead-letters')).status).toBe(405)
    expect((await ask('GET', '/admin/dead-letters?after=x')).status).toBe(400)
    const unknown = `/admin/dead-letters/${'0'.repeat(8)}-0000-0000-0000-000000000000/replays`
    expect((await ask('POST', unknown)).status).toBe(404)
    expect((await ask('POST', unknown, { colour: 'red' })).status).toBe(400)
  })

  it('counts requests without their identifiers, outcomes, attempts, and what waits', async () => {
    await provider.get('/operations/00000000-0000-4000-8000-000000000000')
    await provider.call('GET', '/nonsense/of/somebody')
    await provider.call('GET', '/nonsense/00000000-0000-4000-8000-000000000000')
    await provider.get('/operations/nonsense', { headers: { authorization: '' } })
    const { text } = await ask('GET', '/metrics')
    expect(text).toContain(
      'esim_provider_request_seconds_count{method="GET",path="/esim/operations/{id}",status="404"}',
    )
    expect(text).toContain('esim_provider_operations_completed_total{operation="enable",outcome="success",reason=""}')
    expect(text).toMatch(/esim_provider_event_attempts_total\{result="5xx"\} \d/)
    expect(text).toMatch(/^esim_provider_dead_letters \d/m)
    expect(text).not.toContain('nonsense')
  })
})

describe('the log of a start', () => {
  it('has the settings and no secret of them', async () => {
    const key = 'PRIVATE-KEY-OF-THE-TEST'
    const tls = { certificate: 'CERTIFICATE-OF-THE-TEST', key }
    const other = await world.start({
      admin: { token: 'operator-token-of-the-test' },
      rsp: { kind: 'eim', url: world.eim.url, ...tls },
      orders: { kind: 'es2plus', url: world.smdp.url, requester: 'me', ...tls },
    })
    await other.close()
    const started = world.logs.filter((line) => line.includes('provider started')).at(-1) ?? ''
    expect(JSON.parse(started).settings).toMatchObject({ rsp: { kind: 'eim' }, orders: { requester: 'me' } })
    expect(started).not.toMatch(/OF-THE-TEST|operator-token/)
  })
})

describe('readiness', () => {
  it('ends when the platform is not there, and health does not', async () => {
    expect(await provider.call('GET', '/ready')).toMatchObject({ status: 200, body: { status: 'ready' } })
    world.eim.set.failing = () => 500
    expect(await provider.call('GET', '/ready')).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect((await provider.call('GET', '/health')).status).toBe(200)
    world.eim.set.failing = undefined
  })
})

describe('traces', () => {
  it('have the request, the operation and its event under the id of the operation, and no secret', async () => {
    await provider.close()
    const received: string[] = []
    const collector = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      received.push(Buffer.concat(chunks).toString())
      response.end('{}')
    })
    const url = await listen(collector, { host: '127.0.0.1', port: 0 })
    const traced = await world.start({ tracing: { url } })
    const { iccids } = world.card([{}])
    const sinkCredential = { credentialType: 'PLAIN', identifier: 'me', secret: 'very-secret' }
    const { body } = await traced.post('/enable', {
      esim: { iccid: iccids[0] },
      sink: `${world.sink.url}/traced`,
      sinkCredential,
    })
    const [event] = await world.sink.received('/traced')
    await ended(JSON.parse(event?.text ?? '').id, 'delivered')
    await traced.close()
    await closeServer(collector)
    const spans = received.flatMap((text) =>
      JSON.parse(text).resourceSpans.flatMap(
        ({ scopeSpans }: { scopeSpans: { spans: { name: string; traceId: string }[] }[] }) =>
          scopeSpans.flatMap(({ spans }) => spans),
      ),
    )
    expect(spans.map(({ name }) => name).sort()).toEqual(['POST /esim/enable', 'enable', 'event'])
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(
      new Set([String(body.operationId).replaceAll('-', '')]),
    )
    expect(received.join()).not.toContain('very-secret')
  })
})
