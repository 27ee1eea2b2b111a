/** What clients that are not ours demand of an SM-DP+: observed with lpac 2.3 (libcurl) and pySim's es9p client. */
import { Agent, request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toPem } from '../../certs/index.ts'
import { type Listener, listen } from '../../emulator/ports/index.ts'
import {
  ADDRESS,
  authenticateRequest,
  cancelRequest,
  createWorld,
  initiated,
  initiateRequest,
  type Json,
  outcome,
  packageRequest,
  pki,
} from '../../emulator/smdp/testing/world.ts'

const lpac = {
  'user-agent': 'gsma-rsp-lpad',
  'x-admin-protocol': 'gsma/rsp/v2.2.0',
  'content-type': 'application/json',
}

describe('an SM-DP+ on its socket', () => {
  const world = createWorld()
  /** One connection; the client trusts anybody and offers HTTP/2. */
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  const sockets = new Set<TLSSocket>()
  let listener: Listener

  beforeAll(async () => {
    listener = await listen({ handle: world.smdp.handle, host: '127.0.0.1', port: 0, tls: toPem(pki.nist.dpTls) })
  })
  afterAll(async () => {
    agent.destroy()
    await listener.close()
  })

  const post = (name: string, body: unknown, headers: Record<string, string> = lpac) =>
    new Promise<{ status: number; version: unknown; json: Json }>((resolve, reject) => {
      const path = `/gsma/rsp2/es9plus/${name}`
      const sent = request(
        { agent, host: '127.0.0.1', port: listener.port, path, method: 'POST', headers },
        (answer) => {
          sockets.add(answer.socket as TLSSocket)
          let text = ''
          answer.setEncoding('utf8').on('data', (part) => {
            text += part
          })
          answer.on('end', () => {
            const version = answer.headers['x-admin-protocol']
            resolve({ status: answer.statusCode ?? 0, version, json: JSON.parse(text || '{}') })
          })
        },
      )
      sent.on('error', reject).end(JSON.stringify(body))
    })
  const initiate = async () => initiated((await post('initiateAuthentication', initiateRequest({}))).json)

  it('signs the address as the user has typed it, port included', async () => {
    expect(ADDRESS).toMatch(/:\d+$/)
    expect((await initiate()).serverSigned1.serverAddress).toBe(ADDRESS)
  })

  it.each(['gsma/rsp/v2.1.0', 'gsma/rsp/v2.2.0', 'gsma/rsp/v2.5.0'])('speaks %s when asked to', async (version) => {
    const headers = { ...lpac, 'x-admin-protocol': version }
    const answer = await post('initiateAuthentication', initiateRequest({}), headers)
    expect([answer.status, answer.version]).toEqual([200, version])
  })

  it('answers a whole session with a header and members that are strings', async () => {
    const { matchingId } = world.smdp.orders.create()
    const first = await post('initiateAuthentication', initiateRequest({}))
    const second = await post('authenticateClient', authenticateRequest({}, initiated(first.json), matchingId))
    const third = await post('getBoundProfilePackage', packageRequest({}, second.json))
    for (const { json } of [first, second, third]) {
      const { header, ...members } = json
      expect(header.functionExecutionStatus.status).toBe('Executed-Success')
      expect(new Set(Object.values(members).map((member) => typeof member))).toEqual(new Set(['string']))
    }
  })

  it('takes a cancelSession after whatever has failed on the client', async () => {
    const { matchingId } = world.smdp.orders.create()
    const start = await initiate()
    const unknown = await post('authenticateClient', authenticateRequest({}, await initiate(), 'NO-SUCH-ORDER'))
    expect(outcome(unknown.json)).toBe('8.2.6/3.8 matching-id-known')
    const client = await post('authenticateClient', authenticateRequest({}, start, matchingId))
    await post('getBoundProfilePackage', packageRequest({}, client.json))
    const { status, json } = await post('cancelSession', cancelRequest({}, start.transactionId))
    expect([status, outcome(json)]).toEqual([200, 'ok'])
  })

  it.each(['authenticateClient', 'getBoundProfilePackage', 'cancelSession'] as const)(
    'survives the error of an eUICC in %s and answers it in JSON',
    async (name) => {
      const start = await initiate()
      const plan = { euiccError: true } as const
      const { matchingId } = world.smdp.orders.create()
      const request = {
        authenticateClient: () => authenticateRequest(plan, start, matchingId),
        getBoundProfilePackage: async () =>
          packageRequest(plan, (await post('authenticateClient', authenticateRequest({}, start, matchingId))).json),
        cancelSession: () => cancelRequest(plan, start.transactionId),
      }[name]
      const { status, json } = await post(name, await request())
      expect(status).toBe(200)
      expect(json.header.functionExecutionStatus.status).toMatch(/^(Failed|Executed-Success)$/)
    },
  )

  it('has kept one connection all the time, on HTTP/1.1 although HTTP/2 was offered', () => {
    expect([...sockets].map(({ alpnProtocol }) => alpnProtocol)).toEqual(['http/1.1'])
  })
})
