import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createRemoteJWKSet, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningServer } from '../http/http.ts'
import { ConfigurationError } from '../schema.ts'
import { type AuthorizationServerConfig, startAuthorizationServer } from './authorization-server-http.ts'

const audience = 'https://provider.example/'
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const { x, y } = pair.publicKey.export({ format: 'jwk' })
const publicKey = { kty: 'EC', crv: 'P-256', x: String(x), y: String(y) } as const
const config: AuthorizationServerConfig = {
  port: 0,
  audience,
  tokenTtl: 60,
  clients: [
    { clientId: 'reader', clientSecret: 'a+b', scopes: ['x:read'] },
    { clientId: 'signer', publicKey, scopes: ['x:read'] },
    { clientId: 'writer', clientSecret: 'w', scopes: ['x:read', 'x:write'] },
  ],
}

let server: RunningServer
beforeAll(async () => {
  server = await startAuthorizationServer(config)
})
afterAll(() => server.close())

const ask = async (parameters: Record<string, string>, headers: Record<string, string> = {}) => {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...parameters })
  const answer = await fetch(`${server.url}/token`, { method: 'POST', body, headers })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}
const reader = { client_id: 'reader', client_secret: 'a+b' }

describe('the authorization server', () => {
  it('is found by discovery', async () => {
    const configuration = await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()
    expect(configuration).toMatchObject({
      issuer: server.url,
      token_endpoint: `${server.url}/token`,
      jwks_uri: `${server.url}/jwks`,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    })
  })

  it.each([
    ['in the header', {}, { authorization: `Basic ${btoa('reader:a%2Bb')}` }],
    ['in the body', reader, {}],
  ])('gives a token for a secret %s', async (_name, parameters, headers) => {
    const { status, body } = await ask({ scope: 'x:read', ...parameters }, headers)
    expect(status).toBe(200)
    const keys = createRemoteJWKSet(new URL(`${server.url}/jwks`))
    const { payload, protectedHeader } = await jwtVerify(body['access_token'] ?? '', keys, {
      audience,
      issuer: server.url,
    })
    expect(payload).toMatchObject({ client_id: 'reader', scope: 'x:read' })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  })

  it.each([
    ['a wrong secret', { ...reader, client_secret: 'wrong', scope: 'x:read' }, 401, 'invalid_client'],
    ['an unknown client', { ...reader, client_id: 'nobody', scope: 'x:read' }, 401, 'invalid_client'],
    ['a scope of another client', { ...reader, scope: 'x:write' }, 400, 'invalid_scope'],
    ['another audience', { ...reader, resource: 'https://other.example/' }, 400, 'invalid_target'],
    ['another grant', { ...reader, grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('refuses %s', async (_name, parameters, status, error) => {
    const answer = await ask(parameters)
    expect(answer).toMatchObject({ status, body: { error } })
  })

  it('gives a token without a scope to a client that asks for none', async () => {
    expect((await ask(reader)).body['scope']).toBeUndefined()
  })

  it('does not start with a key that it does not know', async () => {
    const wrong = { ...config, tokenTTL: 1 }
    await expect(startAuthorizationServer(wrong)).rejects.toThrow(
      new ConfigurationError('Authorization server configuration: Unknown property tokenTTL.'),
    )
  })
})

describe('a client with a key of its own (private_key_jwt)', () => {
  const assertion = (claims: object = {}, key = pair.privateKey) =>
    new SignJWT({ iss: 'signer', sub: 'signer', aud: `${server.url}/token`, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(key)
  const prove = (client_assertion: string) =>
    ask({
      ...{ client_assertion, scope: 'x:read' },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })

  it('gets a token for a JWT that it has signed, once', async () => {
    const signed = await assertion()
    expect(await prove(signed)).toMatchObject({ status: 200, body: { scope: 'x:read' } })
    expect((await prove(signed)).status).toBe(401)
  })

  it.each([
    ['signed by somebody else', () => assertion({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['made for somebody else', () => assertion({ aud: 'https://other.example' })],
    ['in the name of another client', () => assertion({ iss: 'reader', sub: 'reader' })],
  ])('gets none for one that is %s', async (_name, make) => {
    expect((await prove(await make())).status).toBe(401)
  })
})
