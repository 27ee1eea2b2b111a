import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningServer } from '../http/http.ts'
import { ConfigurationError } from '../schema.ts'
import { type AuthorizationServerConfig, startAuthorizationServer } from './authorization-server-http.ts'

const audience = 'https://provider.example/'
const config: AuthorizationServerConfig = {
  port: 0,
  audience,
  tokenTtl: 60,
  clients: [
    { clientId: 'reader', clientSecret: 'a+b', scopes: ['x:read'] },
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
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
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
