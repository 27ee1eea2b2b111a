import { createHmac, generateKeyPairSync } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TokenPolicy } from '../config.ts'
import { startIssuer } from '../testing/issuer-http.ts'
import { type Access, createAccess } from './access.ts'

const now = 1_800_000_000
const scope = 'iot-device-management:esims:read'
const audience = 'https://provider.example/'

const tokens: TokenPolicy = {
  algorithms: ['ES256', 'RS256'],
  clockSkewSeconds: 0,
  keysMaxAgeMs: 60_000,
  keysCoolDownMs: 1,
}

let issuer: Awaited<ReturnType<typeof startIssuer>>
let access: Access
let atMs: number
beforeAll(async () => {
  issuer = await startIssuer()
})
afterAll(() => issuer.close())
beforeEach(() => {
  issuer.set.failing = undefined
  issuer.set.named = undefined
  atMs = now * 1000
  access = createAccess({
    issuer: issuer.url,
    audience,
    tenants: new Map([['app', 'acme']]),
    tokens,
    clock: { now: () => atMs },
  })
})

const claims = (more: object = {}) => ({
  iss: issuer.url,
  aud: audience,
  exp: now + 60,
  client_id: 'app',
  scope: `other ${scope}`,
  ...more,
})
const ask = (token: string) => access.authorize(`Bearer ${token}`, scope)

describe('a token', () => {
  it.each(['ES256', 'RS256'] as const)('signed with %s is accepted', async (alg) => {
    expect(await ask(await issuer.sign(claims(), alg))).toEqual({ kind: 'client', client: 'app', tenant: 'acme' })
  })

  it('may name its client in azp, and its audience among others', async () => {
    const token = await issuer.sign(claims({ client_id: undefined, azp: 'app', aud: ['x', audience] }))
    expect(await ask(token)).toEqual({ kind: 'client', client: 'app', tenant: 'acme' })
  })

  it.each([
    ['expired', { exp: now }],
    ['without an expiry', { exp: undefined }],
    ['not valid yet', { nbf: now + 1 }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'https://other.example/' }],
    ['for no audience', { aud: undefined }],
  ])('%s is refused', async (_name, change) => {
    expect(await ask(await issuer.sign(claims(change)))).toMatchObject({
      code: 'UNAUTHENTICATED',
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  })

  const unsigned = (header: object, payload: object) =>
    [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

  it.each([
    [
      'signed with a key of somebody else',
      () => new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'ES256' }).sign(foreign),
    ],
    ['signed with a key that the issuer does not name', () => issuer.sign(claims(), 'ES256', { kid: 'unknown' })],
    ['signed with an algorithm that is not on the list', () => issuer.sign(claims(), 'EdDSA')],
    ['not signed at all', async () => `${unsigned({ alg: 'none' }, claims())}.`],
    [
      'signed with the public key as a secret',
      async () => {
        const body = unsigned({ alg: 'HS256', kid: 'RS256' }, claims())
        const secret = JSON.stringify(issuer.keys.find(({ alg }) => alg === 'RS256'))
        return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
      },
    ],
    [
      'changed after it was signed',
      async () => (await issuer.sign(claims())).replace(/^([^.]+\.)(.{8})/, '$1AAAAAAAA'),
    ],
    ['that is no token', async () => 'nonsense'],
  ])('%s is refused', async (_name, make) => {
    expect(await ask(await make())).toMatchObject({ kind: 'refusal', code: 'UNAUTHENTICATED' })
  })

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer ä'])(
    'is asked for when the header is %j',
    async (header) => {
      expect(await access.authorize(header, scope)).toMatchObject({
        code: 'UNAUTHENTICATED',
        headers: { 'www-authenticate': 'Bearer' },
      })
    },
  )

  it.each([['other'], [''], [undefined], [`${scope}s`], [['iot-device-management:esims:read']]])(
    'with the scope %j may not do this',
    async (granted) => {
      expect(await ask(await issuer.sign(claims({ scope: granted })))).toMatchObject({
        code: 'PERMISSION_DENIED',
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
      })
    },
  )

  it('that was accepted is not verified again, and no more accepted than before when it has expired', async () => {
    const token = await issuer.sign(claims({ exp: now + 10 }))
    const later = await issuer.sign(claims({ nbf: now + 5 }))
    expect(await ask(token)).toMatchObject({ kind: 'client' })
    expect(await ask(token)).toMatchObject({ kind: 'client' })
    expect(await access.authorize(`Bearer ${token}`, 'another')).toMatchObject({ code: 'PERMISSION_DENIED' })
    atMs = (now + 10) * 1000
    expect(await ask(token)).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await ask(later)).toMatchObject({ kind: 'client' })
    atMs = now * 1000
    expect(await ask(later)).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('of a client that belongs to no tenant may do nothing', async () => {
    expect(await ask(await issuer.sign(claims({ client_id: 'stranger' })))).toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('the issuer', () => {
  it('is asked once for its configuration and its keys', async () => {
    issuer.asked.length = 0
    for (const alg of ['ES256', 'RS256', 'ES256'] as const) await ask(await issuer.sign(claims(), alg))
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/jwks'])
  })

  it.each(['/.well-known/openid-configuration', '/jwks'])(
    'that fails at %s is no fault of the token, and is asked again',
    async (path) => {
      issuer.set.failing = path
      expect(await ask(await issuer.sign(claims()))).toMatchObject({ code: 'UNAVAILABLE' })
      issuer.set.failing = undefined
      expect(await ask(await issuer.sign(claims()))).toMatchObject({ kind: 'client' })
    },
  )

  it('that names itself otherwise is not believed', async () => {
    issuer.set.named = 'https://other.example'
    expect(await ask(await issuer.sign(claims()))).toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('may change its keys: a token with a new one is accepted, one with a key that has gone is not', async () => {
    const before = await issuer.sign(claims())
    expect(await ask(before)).toMatchObject({ kind: 'client' })
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const kept = issuer.keys.splice(0)
    issuer.keys.push({ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'next' })
    const next = await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'next' }).sign(privateKey)
    expect(await ask(next)).toMatchObject({ kind: 'client' })
    expect(await ask(before)).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await ask(await issuer.sign(claims()))).toMatchObject({ code: 'UNAUTHENTICATED' })
    issuer.keys.splice(0, 1, ...kept)
  })
})

describe('a clock that is not quite right', () => {
  it.each([
    ['expired', { exp: now - 29 }],
    ['not valid yet', { nbf: now + 30 }],
  ])('is borne as far as configured: %s', async (_name, change) => {
    const token = await issuer.sign(claims(change))
    expect(await ask(token)).toMatchObject({ code: 'UNAUTHENTICATED' })
    const patient = createAccess({
      ...{ issuer: issuer.url, audience, tenants: new Map([['app', 'acme']]) },
      ...{ tokens: { ...tokens, clockSkewSeconds: 30 }, clock: { now: () => now * 1000 } },
    })
    expect(await patient.authorize(`Bearer ${token}`, scope)).toMatchObject({ kind: 'client' })
  })
})
