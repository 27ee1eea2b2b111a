import { X509Certificate } from 'node:crypto'
import { Agent, request } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificateToPem, makePki, toPem } from '../../certs/index.ts'
import {
  createHttpClient,
  type HttpClientOptions,
  type HttpHandler,
  type Listener,
  listen,
  type TlsTrust,
} from './index.ts'

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

/** What comes back on a connection until it ends. */
const talk = (port: number, octets: string): { socket: Socket; ended: Promise<string> } => {
  const parts: Buffer[] = []
  const socket = connect(port, '127.0.0.1', () => void socket.write(octets))
  socket.on('data', (part) => parts.push(part)).on('error', () => {})
  const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(Buffer.concat(parts).toString())))
  return { socket, ended }
}

const serve = (options: Partial<Parameters<typeof listen>[0]>) =>
  listen({ handle: echo, host: '127.0.0.1', port: 0, ...options })

test.each([
  ['head', 'POST / HTTP/1.1\r\nhost: a\r\n'],
  ['body', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{'],
])('a request whose %s does not go on is answered with 408, and its connection ends', async (_part, octets) => {
  const listener = await serve({ limits: { headersMs: 50, requestMs: 50 } })
  expect(await talk(listener.port, octets).ended).toMatch(/^HTTP\/1.1 408/)
  await listener.close()
})

test('one connection more than a door takes is ended at once', async () => {
  const listener = await serve({ limits: { connections: 1 } })
  const first = talk(listener.port, '')
  await new Promise((resolve) => first.socket.once('connect', resolve))
  expect(await talk(listener.port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n').ended).toBe('')
  first.socket.destroy()
  await listener.close()
})

test('an answer can be cut after so many octets of its body, or before anything of it', async () => {
  for (const cutAfter of [0, 3]) {
    const body = text('abcdef')
    const listener = await serve({ handle: async () => ({ status: 200, headers: {}, body, cutAfter }) })
    const answer = await talk(listener.port, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n').ended
    expect(answer.split('\r\n\r\n')[1] ?? answer).toBe('abc'.slice(0, cutAfter))
    await listener.close()
  }
})

test('a door that is closed resets who knocks, until it is open again', async () => {
  let isClosed = true
  const listener = await serve({ door: () => (isClosed ? 'closed' : 'open') })
  const ask = () => talk(listener.port, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n').ended
  expect(await ask()).toBe('')
  isClosed = false
  expect(await ask()).toMatch(/^HTTP\/1.1 204/)
  await listener.close()
})

describe('a listener that asks clients for certificates below a CA', async () => {
  const pki = (name: string) => makePki({ seed: text(name), now: Date.now() })
  const [own, other] = await Promise.all([pki('ports/http'), pki('ports/http/other')])
  const ca = certificateToPem(own.nist.ci.certificate)
  const proven: HttpHandler = async ({ isProven = false }) => ({ status: 200, headers: {}, body: text(`${isProven}`) })
  const at = { handle: proven, host: '127.0.0.1', port: 0 }
  const seen = async (listener: Listener, identity?: HttpClientOptions['identity']) => {
    const send = createHttpClient({ ca: [ca], ...(identity && { identity }) })
    const answer = await send(`https://127.0.0.1:${listener.port}/`, { method: 'POST', headers: {}, body: text('') })
    return new TextDecoder().decode(answer.body)
  }

  test.each([
    ['nothing', undefined, 'false'],
    ['a certificate below another CA', toPem(other.nist.dpTls), 'false'],
    ['a certificate below that CA, which is for signatures only', toPem(own.nist.ci), 'false'],
    ['a certificate below that CA', toPem(own.nist.dpTls), 'true'],
  ])('serves who shows %s, and says whether it has proven itself', async (_what, identity, isProven) => {
    const listener = await listen({ ...at, tls: { ...toPem(own.nist.dpTls), clientCa: ca } })
    expect(await seen(listener, identity)).toBe(isProven)
    await listener.close()
  })

  test('takes no resumed session for a proof that nothing was shown in', async () => {
    const listener = await listen({ ...at, tls: { ...toPem(own.nist.dpTls), clientCa: ca } })
    const agent = new Agent({ ca, maxCachedSessions: 1 })
    const ask = () =>
      new Promise<readonly [boolean, string]>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: listener.port, agent, method: 'POST' }, async (answer) => {
          const [body] = await answer.toArray()
          resolve([(answer.socket as TLSSocket).isSessionReused(), String(body)])
        })
        asked.once('error', reject).end()
      })
    expect(await ask()).toEqual([false, 'false'])
    expect(await ask()).toEqual([true, 'false'])
    await listener.close()
  })

  test('that does not ask has heard nothing, and one that demands serves nobody else', async () => {
    const silent = await listen({ ...at, tls: toPem(own.nist.dpTls) })
    expect(await seen(silent, toPem(own.nist.dpTls))).toBe('false')
    const strict = await listen({ ...at, tls: { ...toPem(own.nist.dpTls), clientCa: ca, demandsClient: true } })
    expect(await seen(strict, toPem(own.nist.dpTls))).toBe('true')
    await expect(seen(strict)).rejects.toThrow()
    await expect(seen(strict, toPem(other.nist.dpTls))).rejects.toThrow()
    await Promise.all([silent.close(), strict.close()])
  })
})

test('a certificate that has expired is refused, and taken where the laboratory wants it', async () => {
  const years = 3 * 365 * 86_400_000
  const { nist } = await makePki({ seed: text('ports/http/expired'), now: Date.now() - years })
  const listener = await listen({ handle: echo, host: '127.0.0.1', port: 0, tls: toPem(nist.dpTls) })
  const ask = (insecure: boolean) =>
    createHttpClient({ ca: [certificateToPem(nist.ci.certificate)], insecure })(`https://127.0.0.1:${listener.port}/`, {
      method: 'POST',
      headers: {},
      body: text('x'),
    })
  await expect(ask(false)).rejects.toThrow('expired')
  expect(await ask(true)).toMatchObject({ status: 200 })
  await listener.close()
})

describe('a client that is told who the server must be', async () => {
  const now = Date.now()
  const pki = (name: string, at = now) => makePki({ seed: text(name), now: at })
  const years = 3 * 365 * 86_400_000
  const [own, other] = await Promise.all([pki('ports/trust'), pki('ports/trust/other')])
  const keyOf = (certificate: Uint8Array) =>
    new Uint8Array(new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' }))
  let asked = 0
  const handle: HttpHandler = (message) => {
    asked += 1
    return echo(message)
  }
  const ask = async (trust: TlsTrust, { insecure = false, tls = own.nist.dpTls } = {}) => {
    asked = 0
    const listener = await listen({ handle, host: '127.0.0.1', port: 0, tls: toPem(tls) })
    // The anchors of the client do not count.
    const send = createHttpClient({ ca: [certificateToPem(own.nist.ci.certificate)], insecure })
    const message = { method: 'POST', headers: {}, body: text('x'), trust }
    const url = `https://127.0.0.1:${listener.port}/`
    try {
      const answers = [await send(url, message), await send(url, message)]
      return answers.map(({ status }) => status)
    } finally {
      await listener.close()
    }
  }

  test.each([
    ['its certificate', { kind: 'certificate', value: own.nist.dpTls.certificate }],
    ['one above it', { kind: 'certificate', value: own.nist.ci.certificate }],
    ['its key', { kind: 'publicKey', value: keyOf(own.nist.dpTls.certificate) }],
  ] as const)('talks to the one that has %s', async (_what, trust) => {
    expect(await ask(trust)).toEqual([200, 200])
  })

  test.each([
    ['the certificate', { kind: 'certificate', value: other.nist.dpTls.certificate }, /unable to|self.signed/],
    ['the CA', { kind: 'certificate', value: other.nist.ci.certificate }, /unable to|self.signed/],
    ['the key', { kind: 'publicKey', value: keyOf(other.nist.dpTls.certificate) }, /not the key/],
    ['the key of its CA, and not its own', { kind: 'publicKey', value: keyOf(own.nist.ci.certificate) }, /not the key/],
    ['octets that are no certificate', { kind: 'certificate', value: text('no') }, /./],
    ['octets that are no key', { kind: 'publicKey', value: text('no') }, /./],
  ] as const)('says nothing to one that is below its anchors, when that is %s of somebody else', async (...row) => {
    const [, trust, reason] = row
    await expect(ask(trust)).rejects.toThrow(reason)
    expect(asked).toBe(0)
  })

  test('knows a key again whatever certificate it comes with, also one below nothing known and expired', async () => {
    const old = await pki('ports/trust/expired', now - years)
    expect(await ask({ kind: 'publicKey', value: keyOf(old.nist.dpTls.certificate) }, { tls: old.nist.dpTls })).toEqual(
      [200, 200],
    )
  })

  test('believes everybody where the laboratory wants it', async () => {
    const trust = { kind: 'publicKey', value: keyOf(other.nist.dpTls.certificate) } as const
    expect(await ask(trust, { insecure: true })).toEqual([200, 200])
  })
})
