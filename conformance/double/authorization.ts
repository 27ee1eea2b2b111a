/** An OpenID provider reduced to discovery, keys and the client credentials grant. */
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { AuthorizationOptions } from '../authorization/client-http.ts'
import { json, type RunningServer, type ServerRequest, serve } from './http.ts'

export interface AuthorizationDouble extends RunningServer {
  readonly options: AuthorizationOptions
  /** Client and scopes of a genuine token; nothing for any other. */
  readonly verify: (
    token: string,
  ) => Promise<{ readonly tenant: string; readonly scopes: readonly string[] } | undefined>
}

const AUDIENCE = 'esim-management'
const clients: Readonly<Record<string, { secret: string; tenant: string }>> = {
  'acme-app': { secret: 'acme-secret', tenant: 'acme' },
  'globex-app': { secret: 'globex-secret', tenant: 'globex' },
}

export async function startAuthorization(): Promise<AuthorizationDouble> {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const signingKey: JWK = { ...(await exportJWK(pair.privateKey)), alg: 'ES256', kid: 'double' }
  const server = await serve(async (request) => {
    const issuer = `http://${request.headers['host']}`
    if (request.path === '/.well-known/openid-configuration')
      return json(200, { issuer, token_endpoint: `${issuer}/token` })
    return grant(issuer, request, signingKey)
  })
  const options: AuthorizationOptions = {
    issuer: server.url,
    client: { id: 'acme-app', secret: 'acme-secret' },
    otherClient: { id: 'globex-app', secret: 'globex-secret' },
    signingKey,
  }
  const verify = async (token: string) => {
    try {
      const { payload } = await jwtVerify(token, pair.publicKey, { issuer: server.url, audience: AUDIENCE })
      return { tenant: clients[payload.sub ?? '']?.tenant ?? '', scopes: String(payload['scope'] ?? '').split(' ') }
    } catch {
      return undefined
    }
  }
  return { ...server, options, verify }
}

async function grant(issuer: string, { headers, body }: ServerRequest, signingKey: JWK) {
  const form = new URLSearchParams(body)
  const basic = Buffer.from((headers['authorization'] ?? '').replace('Basic ', ''), 'base64').toString()
  const [id = '', secret] = basic.split(':')
  if (clients[id]?.secret !== secret) return json(401, { error: 'invalid_client' })
  const token = await new SignJWT({ scope: form.get('scope') ?? '', client_id: id })
    .setProtectedHeader({ alg: 'ES256', kid: 'double', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(AUDIENCE)
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(signingKey, 'ES256'))
  return json(200, { access_token: token, token_type: 'Bearer', expires_in: 3600 })
}
