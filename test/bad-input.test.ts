/** Every server of the world is sent what no client should send. None of it is the server's fault, and none of it ends it. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDraws } from '../emulator/faults/index.ts'
import { startWholeWorld } from './testing/whole-world.ts'

let world: Awaited<ReturnType<typeof startWholeWorld>>

beforeAll(async () => {
  world = await startWholeWorld({ time: 'real', 'doors.headersSeconds': 0.5, 'doors.requestSeconds': 1 })
})
afterAll(() => world.close())

const ASN1 = 'application/x-gsma-rsp-asn1'
const JSON_TYPE = 'application/json'
const FORM = 'application/x-www-form-urlencoded'
const admin = { 'x-admin-protocol': 'gsma/rsp/v2.1.0' }
const eid = '89049032010000000000000000000138'

type Form = 'bare' | 'problem' | 'rsp' | 'camara' | 'oauth' | 'asn1'

interface Server {
  readonly name: string
  /** Of the table of doors. */
  readonly door: string
  readonly path: string
  readonly type: string
  /** How it says no. */
  readonly form: Form
  readonly headers?: Readonly<Record<string, string>>
}

const servers: readonly Server[] = [
  { name: 'ESipa, ASN.1', door: 'esipa', path: '/gsma/rsp2/asn1', type: ASN1, form: 'asn1', headers: admin },
  {
    name: 'ESipa, JSON',
    door: 'esipa',
    path: '/gsma/rsp2/esipa/getEimPackage',
    type: JSON_TYPE,
    form: 'rsp',
    headers: admin,
  },
  {
    name: 'ES9+, JSON',
    door: 'es9plus',
    path: '/gsma/rsp2/es9plus/initiateAuthentication',
    type: JSON_TYPE,
    form: 'rsp',
    headers: admin,
  },
  { name: 'ES9+, ASN.1', door: 'es9plus', path: '/gsma/rsp2/asn1', type: ASN1, form: 'asn1', headers: admin },
  {
    name: 'ES2+',
    door: 'es9plus',
    path: '/gsma/rsp2/es2plus/downloadOrder',
    type: JSON_TYPE,
    form: 'rsp',
    headers: admin,
  },
  {
    name: 'ES11, JSON',
    door: 'es11',
    path: '/gsma/rsp2/es9plus/initiateAuthentication',
    type: JSON_TYPE,
    form: 'rsp',
    headers: admin,
  },
  { name: 'ES12', door: 'es11', path: '/gsma/rsp2/es12/registerEvent', type: JSON_TYPE, form: 'rsp', headers: admin },
  {
    name: 'eIM northbound',
    door: 'eimNorthbound',
    path: `/eim/v1/euiccs/${eid}/packages`,
    type: JSON_TYPE,
    form: 'problem',
  },
  { name: 'eIM northbound, onomondo', door: 'eimOnomondo', path: '/psmo/create', type: JSON_TYPE, form: 'bare' },
  { name: 'control API', door: 'console', path: '/testbed/v1/leases', type: JSON_TYPE, form: 'problem' },
  { name: 'provider', door: 'provider', path: '/esim/enable', type: JSON_TYPE, form: 'camara' },
  { name: 'authorization server', door: 'authorization', path: '/token', type: FORM, form: 'oauth' },
]

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** A TLV within a TLV, so deep. */
function nestedTlv(depth: number): Uint8Array {
  let octets = Uint8Array.of(0x04, 0x00)
  for (let i = 0; i < depth; i++) {
    const { length } = octets
    const header = length < 128 ? [0x30, length] : [0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
    octets = Buffer.concat([Uint8Array.from(header), octets])
  }
  return octets
}

function randomOctets(seed: number, length: number): Uint8Array {
  const draw = createDraws(seed)
  return Uint8Array.from({ length }, () => Math.floor(draw() * 256))
}

const bodies: readonly {
  readonly what: string
  readonly body: Uint8Array
  readonly type?: string
  readonly headers?: Record<string, string>
}[] = [
  { what: 'nothing', body: text('') },
  { what: 'octets at random', body: randomOctets(1, 200) },
  { what: 'more octets at random', body: randomOctets(2, 20_000) },
  { what: 'half an object', body: text('{"eidValue": "890490') },
  { what: 'an object of nothing that was asked for', body: text('{"__proto__": {"a": 1}, "constructor": 7}') },
  { what: 'a list', body: text('[1, 2, 3]') },
  { what: 'null', body: text('null') },
  { what: 'a number', body: text('1e999') },
  { what: 'text that is no UTF-8', body: Uint8Array.of(0x22, 0xff, 0xfe, 0x22) },
  { what: 'lists within lists, 50,000 deep', body: text('['.repeat(50_000) + ']'.repeat(50_000)) },
  { what: 'objects within objects, 10,000 deep', body: text(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) },
  { what: 'TLVs within TLVs, 2,000 deep', body: nestedTlv(2_000) },
  { what: 'a TLV longer than the body', body: Uint8Array.of(0xbf, 0x4f, 0x84, 0x7f, 0xff, 0xff, 0xff, 0x5a) },
  { what: 'a TLV of indefinite length', body: Uint8Array.of(0xbf, 0x4f, 0x80, 0x5a, 0x00, 0x00, 0x00) },
  { what: 'a tag without an end', body: new Uint8Array(64).fill(0xff) },
  { what: 'two million octets', body: new Uint8Array(2_000_000).fill(0x20) },
  { what: 'another media type', body: text('<html>'), type: 'text/html' },
  { what: 'a content coding that it is not in', body: text('{}'), headers: { 'content-encoding': 'gzip' } },
  { what: 'a content coding that nobody knows', body: text('{}'), headers: { 'content-encoding': 'zstd-ish' } },
]

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly body?: Uint8Array
  readonly type?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const originOf = ({ door }: Server): URL => new URL(String((world.doors as Record<string, string>)[door]))

/** Octets into a connection of this server, and what comes back until it ends it. */
function exchange(server: Server, send: (socket: Socket) => void): Promise<string> {
  const { protocol, hostname, port } = originOf(server)
  const options = { host: hostname, port: Number(port) }
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    const socket =
      protocol === 'https:'
        ? connectTls({ ...options, servername: 'localhost', rejectUnauthorized: false })
        : connectTcp(options)
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => send(socket))
    socket.on('data', (part) => parts.push(part))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')))
  })
}

function head(
  server: Server,
  { method = 'POST', path = server.path, body = text(''), type = server.type, headers = {} }: Sent,
): string {
  const fields = {
    host: originOf(server).host,
    connection: 'close',
    'content-type': type,
    'content-length': `${body.length}`,
    ...server.headers,
    ...(server.form === 'camara' && { authorization: `Bearer ${world.token()}` }),
    ...headers,
  }
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
}

async function send(server: Server, sent: Sent) {
  const answer = await exchange(server, (socket) => {
    socket.write(head(server, sent))
    socket.write(sent.body ?? text(''))
  })
  return read(answer)
}

function read(answer: string) {
  const [top = '', ...rest] = answer.split('\r\n\r\n')
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(top) ?? []
  const type = /^content-type: ([^;\r]+)/im.exec(top)?.[1] ?? ''
  return {
    status: Number(status),
    type,
    body: rest
      .join('\r\n\r\n')
      .replace(/^[0-9a-f]+\r\n/i, '')
      .replace(/\r\n0\r\n(\r\n)?$/, ''),
  }
}

type Answer = ReturnType<typeof read>

/** The standard's own way to refuse, for each kind of server. Where HTTP itself refuses, RFC 9457 or nothing. */
const refusals: Readonly<Record<Form, (answer: Answer) => void>> = {
  bare: () => {},
  problem: ({ status, type, body }) => {
    expect(type).toBe('application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ title: expect.any(String), status })
  },
  rsp: ({ type, body }) => {
    if (body === '' || type === 'application/problem+json') return
    if (type === 'application/json')
      expect(JSON.parse(body)).toMatchObject({ header: { functionExecutionStatus: { status: 'Failed' } } })
  },
  asn1: ({ type }) => expect([ASN1, 'text/plain', 'application/problem+json', '']).toContain(type),
  camara: ({ status, type, body }) => {
    expect(type).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({ status, code: expect.any(String), message: expect.any(String) })
  },
  oauth: ({ type, body }) => {
    expect(type).toBe('application/json')
    expect(JSON.parse(body)).toMatchObject({ error: expect.any(String) })
  },
}

describe.each(servers)('$name', (server) => {
  test.each(bodies)('refuses $what in its own way', async ({ body, type, headers }) => {
    const answer = await send(server, { body, type, headers })
    // A function that refuses is answered with 200 in RSP: SGP.22 v2.5, 6.5.1.4.
    if (answer.status !== 200) expect(answer.status, answer.body).toBeGreaterThanOrEqual(400)
    expect(answer.status, answer.body).toBeLessThan(500)
    if (answer.status >= 400) refusals[server.form](answer)
  })

  test.each(['GET', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])('refuses the method %s, or answers it', async (method) => {
    expect((await send(server, { method })).status).toBeLessThan(500)
  })

  test.each(['/..%2f..%2fetc/passwd', '/%00', '/%', `/${'a'.repeat(8000)}`, '/gsma/rsp2/nothing'])(
    'does not know %s',
    async (path) => {
      const { status } = await send(server, { path })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    },
  )

  test('ends a connection whose request does not go on, and says 408', async () => {
    const slowHead = exchange(server, (socket) => void socket.write(`POST ${server.path} HTTP/1.1\r\nhost: a\r\n`))
    const slowBody = exchange(server, (socket) => {
      socket.write(head(server, { headers: { 'content-length': '1000' } }))
      socket.write('{')
    })
    for (const answer of await Promise.all([slowHead, slowBody])) expect(read(answer).status).toBe(408)
  })

  test('outlives a client that goes away in the middle of a body', async () => {
    await exchange(server, (socket) => {
      socket.write(head(server, { headers: { 'content-length': '1000' } }))
      socket.end('{')
    })
    expect((await send(server, { body: text('{}') })).status).toBeLessThan(500)
  })

  test.each([
    ['no HTTP', 'HELO example.org\r\n\r\n'],
    ['two lengths', `POST ${server.path} HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST ${server.path} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
    ],
    ['chunks that are none', `POST ${server.path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`],
    [
      'a header field of 100,000 octets',
      `POST ${server.path} HTTP/1.1\r\nhost: a\r\nx-a: ${'a'.repeat(100_000)}\r\n\r\n`,
    ],
  ])('refuses %s', async (_what, octets) => {
    const { status } = read(await exchange(server, (socket) => void socket.write(octets)))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

test('after all of that an operation goes through', async () => {
  const { body: lease } = await world.control('POST', '/leases', { orders: [{}] })
  const [{ iccid, activationCode }] = lease.orders
  const { completed } = await world.operate('download', { esim: { eid: lease.eid, iccid }, activationCode })
  expect(await completed).toMatchObject({ result: { outcome: 'success' } })
})
