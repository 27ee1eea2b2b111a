/** Every operation of every dialect under every token that must not do: a table made from the documents that the provider serves. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startIssuer } from './testing/issuer-http.ts'
import { basePaths, operationsOf, type ServedOperation, sampleOf } from './testing/served-operations.ts'
import { acme, globex, startWorld, type World } from './testing/world.ts'

const audience = 'https://provider.example/'
const now = () => Math.floor(world.time.now() / 1000)

let world: World
let issuer: Awaited<ReturnType<typeof startIssuer>>
let provider: Awaited<ReturnType<World['start']>>
let operations: readonly ServedOperation[]
beforeAll(async () => {
  world = await startWorld()
  issuer = await startIssuer()
  provider = await world.start({ issuer: issuer.url })
  operations = (await Promise.all(basePaths.map((basePath) => operationsOf(provider.url, basePath)))).flat()
})
afterAll(async () => {
  await world.close()
  await issuer.close()
})

const claims = (scope: string, more: object = {}) => ({
  ...{ iss: issuer.url, aud: audience, exp: now() + 600, client_id: acme.clientId, scope },
  ...more,
})
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const publicKey = () => JSON.stringify(issuer.keys.find(({ alg }) => alg === 'ES256'))

const unauthenticated: Readonly<Record<string, (scope: string) => Promise<string | undefined> | string | undefined>> = {
  'no token': () => undefined,
  'a malformed token': () => 'Bearer nonsense',
  'a wrong signature': async (scope) =>
    `Bearer ${await new SignJWT(claims(scope)).setProtectedHeader({ alg: 'ES256', kid: 'ES256' }).sign(stranger)}`,
  'alg none': (scope) => `Bearer ${encoded({ alg: 'none' })}.${encoded(claims(scope))}.`,
  'HS256 with the public key': (scope) => {
    const body = `${encoded({ alg: 'HS256', kid: 'ES256' })}.${encoded(claims(scope))}`
    return `Bearer ${body}.${createHmac('sha256', publicKey()).update(body).digest('base64url')}`
  },
  'an expired token': async (scope) => `Bearer ${await issuer.sign(claims(scope, { exp: now() - 1 }))}`,
  'a token that is not valid yet': async (scope) => `Bearer ${await issuer.sign(claims(scope, { nbf: now() + 60 }))}`,
  'a wrong issuer': async (scope) => `Bearer ${await issuer.sign(claims(scope, { iss: 'https://other.example' }))}`,
  'a wrong audience': async (scope) => `Bearer ${await issuer.sign(claims(scope, { aud: 'https://other.example' }))}`,
}

const call = async ({ method, path, body }: ServedOperation, authorization: string | undefined, sent?: unknown) => {
  const answer = await fetch(`${provider.url}${path.replace(/\{\w+\}/, '00000000-0000-4000-8000-000000000000')}`, {
    method,
    headers: { ...(authorization && { authorization }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(sent ?? {}) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) }
}

describe.each(basePaths)('the operations under %s', (basePath) => {
  const here = () => operations.filter(({ path }) => path.startsWith(`${basePath}/`))

  it.each(Object.keys(unauthenticated))('refuse %s with 401', async (name) => {
    expect(here().length).toBeGreaterThan(0)
    for (const operation of here()) {
      const answer = await call(operation, await unauthenticated[name]?.(operation.scope))
      expect([operation.method, operation.path, answer.status]).toEqual([operation.method, operation.path, 401])
      expect(answer.body).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', message: expect.any(String) })
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
    }
  })

  it('refuse every other scope with 403, all of them together too, and let their own pass', async () => {
    const scopes = [...new Set(operations.map(({ scope }) => scope))]
    for (const operation of here()) {
      const others = scopes.filter((scope) => scope !== operation.scope)
      for (const scope of [...others, others.join(' '), '', `${operation.scope}x`]) {
        const answer = await call(operation, `Bearer ${await issuer.sign(claims(scope))}`)
        expect([operation.path, scope, answer.status, answer.body.code]).toEqual([
          ...[operation.path, scope, 403, 'PERMISSION_DENIED'],
        ])
      }
      const own = await call(operation, `Bearer ${await issuer.sign(claims(operation.scope))}`)
      expect([401, 403]).not.toContain(own.status)
    }
  })

  it('tell another tenant what they tell of something that does not exist', async () => {
    const { eid, iccids } = world.card([{}])
    const mine = { eid, iccid: iccids[0] ?? '' }
    const absent = { eid: '89049032000000000001999999999999', iccid: '8901999999999999999' }
    for (const operation of here().filter(({ body }) => body !== undefined)) {
      const authorization = `Bearer ${await issuer.sign(claims(operation.scope, { client_id: globex.clientId }))}`
      const [foreign, unknown] = await Promise.all(
        [mine, absent].map((esim) => call(operation, authorization, sampleOf(operation.body ?? {}, esim))),
      )
      expect([operation.path, foreign?.status, foreign?.body]).toEqual([operation.path, unknown?.status, unknown?.body])
    }
  })
})
