/** Access tokens for the runner: OpenID Connect Discovery 1.0, then the client credentials grant of RFC 6749, section 4.4. */
import type { JWK } from 'jose'
import type { Clock } from '../runner/clock-system.ts'
import { createHttpClient, type HttpClient } from '../runner/http.ts'
import { type ForgedToken, forge } from './forge.ts'

export interface Client {
  readonly id: string
  readonly secret: string
}

export interface AuthorizationOptions {
  readonly issuer: string
  readonly client: Client
  /** A client of another tenant, who owns other devices. */
  readonly otherClient: Client
  /** Names by which the testbed knows the two tenants. */
  readonly owner?: string
  readonly otherOwner?: string
  /** Resource indicator (RFC 8707), when the authorization server wants one. */
  readonly resource?: string
  /** The issuer's private signing key. With it the runner makes tokens that are wrong in one claim only. */
  readonly signingKey?: JWK
}

export type Tenant = 'own' | 'other'

export interface Authorization {
  readonly issuer: string
  readonly owners: Readonly<Record<Tenant, string>>
  readonly canSign: boolean
  readonly token: (scopes: readonly string[], tenant?: Tenant) => Promise<string>
  /** A token that is right for these scopes but for one thing. */
  readonly forged: (kind: ForgedToken, scopes: readonly string[]) => Promise<string>
}

interface Grant {
  readonly token: string
  readonly usableUntil: number
}

const expired: Grant = { token: '', usableUntil: 0 }
const ANSWER_TIMEOUT_MS = 15_000
const EXPIRY_MARGIN_MS = 30_000

export async function connectAuthorization(options: AuthorizationOptions, clock: Clock): Promise<Authorization> {
  const send = createHttpClient({ clock, timeoutMs: ANSWER_TIMEOUT_MS })
  const { tokenEndpoint, jwksUri } = await discover(options.issuer, send)
  const publishedKey = await firstKey(jwksUri, send)
  const clients = { own: options.client, other: options.otherClient }
  const grants = new Map<string, Promise<Grant>>()
  const granted = async (scopes: readonly string[], tenant: Tenant): Promise<string> => {
    const key = `${tenant} ${[...scopes].sort().join(' ')}`
    const renew = () => request({ send, tokenEndpoint, scopes, client: clients[tenant], clock, ...resourceOf(options) })
    const known = (grants.get(key) ?? Promise.resolve(expired)).catch(() => expired)
    const grant = known.then((one) => (one.usableUntil > clock.now() ? one : renew()))
    grants.set(key, grant)
    return (await grant).token
  }
  return {
    issuer: options.issuer,
    owners: { own: options.owner ?? 'acme', other: options.otherOwner ?? 'globex' },
    canSign: options.signingKey !== undefined,
    token: (scopes, tenant = 'own') => granted(scopes, tenant),
    forged: async (kind, scopes) =>
      forge(kind, {
        valid: await granted(scopes, 'own'),
        nowSeconds: Math.floor(clock.now() / 1000),
        ...keyOf(options),
        ...(publishedKey === undefined ? {} : { publishedKey }),
      }),
  }
}

const resourceOf = ({ resource }: AuthorizationOptions) => (resource === undefined ? {} : { resource })
const keyOf = ({ signingKey }: AuthorizationOptions) => (signingKey === undefined ? {} : { signingKey })

async function discover(issuer: string, send: HttpClient): Promise<{ tokenEndpoint: string; jwksUri: unknown }> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`
  const { response } = await send({ method: 'GET', url })
  const { token_endpoint: tokenEndpoint, jwks_uri: jwksUri } = (response.json ?? {}) as Readonly<
    Record<string, unknown>
  >
  if (response.status !== 200 || typeof tokenEndpoint !== 'string') throw new Error(`${url} gives no token_endpoint`)
  return { tokenEndpoint, jwksUri }
}

/** Nothing where the issuer publishes no keys: its tokens are opaque. */
async function firstKey(jwksUri: unknown, send: HttpClient): Promise<JWK | undefined> {
  if (typeof jwksUri !== 'string') return undefined
  const { response } = await send({ method: 'GET', url: jwksUri })
  return (response.json as { keys?: readonly JWK[] } | undefined)?.keys?.[0]
}

interface TokenRequest {
  readonly send: HttpClient
  readonly tokenEndpoint: string
  readonly client: Client
  readonly scopes: readonly string[]
  readonly resource?: string
  readonly clock: Clock
}

async function request({ send, tokenEndpoint, client, scopes, resource, clock }: TokenRequest): Promise<Grant> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') })
  if (scopes.length === 0) form.delete('scope')
  if (resource !== undefined) form.set('resource', resource)
  const credentials = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`
  const { response } = await send({
    method: 'POST',
    url: tokenEndpoint,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    },
    body: form.toString(),
  })
  const { access_token: token, expires_in: seconds } = (response.json ?? {}) as {
    access_token?: string
    expires_in?: number
  }
  if (response.status !== 200 || token === undefined) {
    throw new Error(
      `authorization server: no token for scope "${scopes.join(' ')}" (${response.status} ${response.body})`,
    )
  }
  return { token, usableUntil: clock.now() + (seconds ?? 300) * 1000 - EXPIRY_MARGIN_MS }
}
