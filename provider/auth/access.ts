/**
 * Who calls, and may they: a bearer token of the configured issuer, verified with the keys that its discovery document names
 * (RFC 9068 claims), the scope of the route, and the tenant that the client belongs to.
 */
import {
  createRemoteJWKSet,
  errors,
  type JWKSCacheInput,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwksCache,
  jwtVerify,
} from 'jose'
import type { TokenPolicy } from '../config.ts'
import { type Refusal, refuse } from '../http/errors.ts'
import type { Clock } from '../outside.ts'
import { discoverJwksUri, IssuerUnavailable } from './discovery-http.ts'

export interface Access {
  authorize(
    header: string | undefined,
    scope: string,
  ): Promise<{ readonly kind: 'client'; readonly client: string; readonly tenant: string } | Refusal>
}

interface Trust {
  readonly issuer: string
  readonly audience: string
  readonly tenants: ReadonlyMap<string, string>
  readonly tokens: TokenPolicy
  readonly clock: Clock
}

export const createAccess = ({ issuer, audience, tenants, tokens, clock }: Trust): Access => {
  let keys: Promise<Keys> | undefined
  const keysOfIssuer = (): Promise<Keys> => {
    keys ??= discoverJwksUri(issuer).then((address) => remoteKeys(address, tokens))
    keys.catch(() => {
      keys = undefined
    })
    return keys
  }

  const verify = async (token: string, { find }: Keys): Promise<JWTPayload> => {
    const currentDate = new Date(clock.now())
    const algorithms = [...tokens.algorithms]
    const clockTolerance = tokens.clockSkewSeconds
    const options = { issuer, audience, algorithms, clockTolerance, currentDate, requiredClaims: ['exp'] }
    return (await jwtVerify(token, find, options)).payload
  }

  /** What was verified with the keys that the issuer still has holds for as long as its times do. */
  const known = new Map<string, { readonly claims: JWTPayload; readonly keys: unknown }>()
  const isCurrent = ({ exp = 0, nbf = 0 }: JWTPayload): boolean => {
    const [now, skew] = [Math.floor(clock.now() / 1000), tokens.clockSkewSeconds]
    return exp > now - skew && nbf <= now + skew
  }

  const claimsOf = async (token: string): Promise<JWTPayload> => {
    const keys = await keysOfIssuer()
    const before = known.get(token)
    if (before && before.keys === keys.current() && isCurrent(before.claims)) return before.claims
    const verified = verify(token, keys)
    const claims = await (clock.during?.(verified) ?? verified)
    for (const [oldest, { claims: before }] of known) {
      if (isCurrent(before) && known.size < mostKnown) break
      known.delete(oldest)
    }
    known.set(token, { claims, keys: keys.current() })
    return claims
  }

  return {
    async authorize(header, scope) {
      const token = bearerToken(header)
      if (token === undefined) return unauthenticated()
      try {
        return permit(await claimsOf(token), scope, tenants)
      } catch (error) {
        return refusalOf(error)
      }
    },
  }
}

const mostKnown = 1000

interface Keys {
  readonly find: JWTVerifyGetKey
  /** The same object for as long as the same keys count; another one, or none, when they have to be asked for again. */
  current(): unknown
}

/** A key that the issuer does not have is the token's fault; anything else that goes wrong is the issuer's. */
const remoteKeys = (address: URL, { keysMaxAgeMs, keysCoolDownMs }: TokenPolicy): Keys => {
  const cache: JWKSCacheInput = {}
  const ages = { cacheMaxAge: keysMaxAgeMs, cooldownDuration: keysCoolDownMs }
  const keySet = createRemoteJWKSet(address, { ...ages, [jwksCache]: cache })
  return {
    current: () => (keySet.fresh && 'jwks' in cache ? cache.jwks : {}),
    async find(header, token) {
      try {
        return await keySet(header, token)
      } catch (cause) {
        if (tokensFault.some((kind) => cause instanceof kind)) throw cause
        throw new IssuerUnavailable(`${address} gives no keys`, { cause })
      }
    },
  }
}
const tokensFault = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

/** RFC 6750, 2.1: b64token. */
const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(header ?? '')?.[1]

const permit = (claims: JWTPayload, scope: string, tenants: Trust['tenants']) => {
  if (!scopesOf(claims).includes(scope))
    return refuse('PERMISSION_DENIED', `The token does not have the scope ${scope}.`, {
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    })
  const client = String(claims['client_id'] ?? claims['azp'])
  const tenant = tenants.get(client)
  if (tenant === undefined) return refuse('PERMISSION_DENIED', 'The client belongs to no tenant of this provider.')
  return { kind: 'client', client, tenant } as const
}

const scopesOf = ({ scope }: JWTPayload): readonly string[] => (typeof scope === 'string' ? scope.split(' ') : [])

/** Says the same for every reason: which check a token failed is nobody's business. */
const unauthenticated = (parameters = ''): Refusal =>
  refuse('UNAUTHENTICATED', 'A valid access token is needed.', {
    headers: { 'www-authenticate': `Bearer${parameters}` },
  })

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof IssuerUnavailable)
    return refuse('UNAVAILABLE', 'The authorization server does not answer.', { headers: { 'retry-after': '5' } })
  if (error instanceof errors.JOSEError) return unauthenticated(' error="invalid_token"')
  throw error
}
