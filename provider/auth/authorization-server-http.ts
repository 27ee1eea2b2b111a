/**
 * The embedded authorization server: oidc-provider with the client credentials grant (RFC 6749, 4.4) and nothing else. Tokens are
 * JWTs (RFC 9068) for one audience (RFC 8707), signed with a key that by default lives as long as the process.
 */
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { JWK } from 'jose'
import { systemClock } from '../clock-system.ts'
import { doorSchema } from '../config.ts'
import { closeServer, limited, listen, patience, type RunningServer } from '../http/http.ts'
import type { Clock } from '../outside.ts'
import {
  configurationReader,
  defaulted,
  type InputOf,
  integer,
  list,
  oneWord,
  optional,
  strict,
  text,
  type ValueOf,
} from '../schema.ts'

const visible = text({ pattern: '^[\\x21-\\x7e]+$' })
/** A public key on P-256, as a JWK. */
const publicKey = strict({
  kty: oneWord(['EC']),
  crv: oneWord(['P-256']),
  x: visible,
  y: visible,
  kid: optional(visible),
})

/** Proves itself by its secret, or by a JWT that it has signed (RFC 7523, private_key_jwt). */
const client = strict(
  { clientId: visible, clientSecret: optional(visible), publicKey: optional(publicKey), scopes: list(visible) },
  { oneOf: [{ required: ['clientSecret'] }, { required: ['publicKey'] }] },
)

const configSchema = strict({
  host: defaulted(text({ minLength: 1 }), '127.0.0.1'),
  port: defaulted(integer({ minimum: 0, maximum: 65535, description: '0: any free port.' }), 9092),
  publicUrl: optional(text({ format: 'uri', description: 'The issuer; by default the address that it listens on.' })),
  door: defaulted(doorSchema, {}),
  clients: list(client),
  audience: text({ format: 'uri', description: '`aud` of every token, and the `resource` that a client may name.' }),
  tokenTtl: defaulted(integer({ minimum: 1, description: 'In seconds.' }), 3600),
})
export type AuthorizationServerConfig = InputOf<typeof configSchema>
type Settings = ValueOf<typeof configSchema>

const settingsOf = configurationReader('Authorization server', configSchema)

/** `signingKey`: private JWK on P-256. Whoever has it can make tokens, as a test of those who check them does. `clock`: of `iat` and `exp`. */
export const startAuthorizationServer = async (
  config: AuthorizationServerConfig,
  signingKey: JWK = newSigningKey(),
  clock: Clock = systemClock,
): Promise<RunningServer> => {
  const settings = settingsOf(config)
  // Only here: who has an authorization server of their own need not wait for this one to be read.
  const { default: Provider, errors } = await import('oidc-provider')
  const server = limited(createServer(patience(settings.door)), settings.door)
  const address = await listen(server, settings)
  const url = settings.publicUrl ?? address
  const provider = new Provider(url, configurationOf(settings, signingKey, { clock, errors }))
  provider.app.silent = true
  server.on('request', provider.callback())
  return { url, close: () => closeServer(server) }
}

interface Around {
  readonly clock: Clock
  readonly errors: { readonly InvalidTarget: new () => Error }
}

const configurationOf = ({ clients, audience, tokenTtl }: Settings, signingKey: JWK, { clock, errors }: Around) => {
  const scopes = [...new Set(clients.flatMap(({ scopes }) => scopes))]
  const assertions = createAssertions(clock)
  return {
    adapter: (kind: string) => (kind === 'ReplayDetection' ? assertions : nothingStored),
    clients: clients.map(({ clientId, scopes, ...proof }) => ({
      client_id: clientId,
      ...proofOf(proof),
      scope: scopes.join(' '),
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    })),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    scopes,
    ttl: { ClientCredentials: tokenTtl },
    formats: { customizers: { jwt: dated(clock, tokenTtl) } },
    responseTypes: ['none'],
    jwks: { keys: [{ ...signingKey, use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    renderError: (context: { body: unknown }, out: unknown) => {
      context.body = out
    },
    features: {
      ...Object.fromEntries(unusedFeatures.map((name) => [name, { enabled: false }])),
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (_context: unknown, resource: string) => {
          if (resource !== audience) throw new errors.InvalidTarget()
          return {
            audience,
            scope: scopes.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: tokenTtl,
            jwt: { sign: { alg: 'ES256' } },
          }
        },
      },
    },
  }
}

/** oidc-provider reads the clock of the machine. */
const dated = (clock: Clock, ttl: number) => (_context: unknown, _token: unknown, jwt: { payload: object }) => {
  const iat = Math.floor(clock.now() / 1000)
  jwt.payload = { ...jwt.payload, iat, exp: iat + ttl }
}

const unusedFeatures = ['devInteractions', 'dPoP', 'pushedAuthorizationRequests', 'rpInitiatedLogout', 'userinfo']

type Proof = Pick<Settings['clients'][number], 'clientSecret' | 'publicKey'>

const proofOf = ({ clientSecret, publicKey }: Proof) =>
  publicKey
    ? {
        ...{ token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256' },
        jwks: { keys: [{ ...publicKey, alg: 'ES256', use: 'sig' }] },
      }
    : { client_secret: clientSecret }

/** Which JWTs have proved a client already: none does twice. They are forgotten when they have expired. */
const createAssertions = (clock: Clock) => {
  const seen = new Map<string, { readonly until: number; readonly payload: object }>()
  return {
    ...nothingStored,
    async upsert(id: string, payload: object, expiresIn: number) {
      for (const [other, { until }] of seen) if (until < clock.now()) seen.delete(other)
      seen.set(id, { until: clock.now() + expiresIn * 1000, payload })
    },
    find: async (id: string) => seen.get(id)?.payload,
  }
}

/** Tokens of this grant carry everything themselves, and no client may do anything else. */
const nothingStored = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
}

export const newSigningKey = (): JWK => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: randomUUID(), alg: 'ES256' }
}
