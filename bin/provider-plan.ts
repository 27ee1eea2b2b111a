/** What the configuration asks of the authorization server and of the reference provider: values, so that both may live in a thread. */
import type { JWK } from 'jose'
import { eidRange, isAnyAddress, type Owner, owners, type Testbed } from '../emulator/testbed/index.ts'
import { type AuthorizationServerConfig, type ProviderConfig, scopesOf } from '../provider/index.ts'
import type { Config } from './config-schema.ts'
import { ConfigurationError } from './mapping.ts'
import { servedReadings } from './readings.ts'

/** Absolute URI, as RFC 8707 wants it; it need not resolve. */
const audience = 'https://provider.testbed.example'

export interface ProviderPlan {
  readonly issuer: AuthorizationServerConfig
  readonly signingKey: JWK
  /** `issuer` is where the authorization server is found to listen. */
  readonly provider: Omit<ProviderConfig, 'issuer'>
  readonly logLevel: string
}

interface Around {
  readonly testbed: Pick<Testbed, 'doors' | 'ca'>
  readonly signingKey: JWK
  /** By the provider to who asks for a certificate. */
  readonly shown: { readonly certificate?: string; readonly key?: string }
}

export function planOf(config: Config, { testbed, signingKey, shown }: Around): ProviderPlan {
  const { host, name, provider, authorization, log } = config
  const door = doorLimits(config.doors)
  const publicUrl = (port: number) => (isAnyAddress(host) && port > 0 ? { publicUrl: `http://${name}:${port}` } : {})
  const scopes = scopesOf(provider.dialects)
  return {
    issuer: {
      host,
      port: authorization.port,
      ...publicUrl(authorization.port),
      door,
      audience,
      tokenTtl: authorization.tokenTtlSeconds,
      clients: authorization.clients.map(({ tenant: _, ...client }) => ({ ...client, scopes })),
    },
    provider: {
      ...{ host, port: provider.port, ...publicUrl(provider.port), door, audience },
      ...platformOf(config, testbed, { ca: testbed.ca, ...shown }),
      ...behaviourOf(config),
    },
    signingKey,
    logLevel: log.level,
  }
}

/** What stands behind it. */
const platformOf = (config: Config, { doors }: Around['testbed'], tls: object) => ({
  rsp: rspOf(config, doors, tls),
  // Every ICCID that nobody has can be ordered, since a type goes with it.
  orders: {
    ...({ kind: 'es2plus', requester: 'provider', profileType: 'minimal' } as const),
    ...{ url: doors.es9plus, ...tls },
  },
  storage: storageOf(config.provider),
})

const behaviourOf = ({ provider, authorization }: Config) => ({
  limits: limitsOf(provider),
  ...(provider.adminToken && { admin: { token: provider.adminToken } }),
  ...(provider.tracingUrl && { tracing: { url: provider.tracingUrl } }),
  tenants: authorization.clients.map(({ clientId, tenant }) => ({ clientId, tenant })),
  deviceOwners: (Object.keys(owners) as Owner[]).map((owner) => {
    const { from, to } = eidRange(owner)
    return { tenant: owner, eidFrom: from, eidTo: to }
  }),
  dialects: servedReadings(provider),
  // Sinks of a laboratory are on the same machine and have no certificate.
  sinks: { allowHttp: true, allowPrivateAddresses: true, timeoutMs: 5000, retry: { initialMs: 200 } },
  operationTimeoutMs: provider.operationTimeoutSeconds * 1000,
  operationRetentionMs: provider.operationRetentionSeconds * 1000,
})

function rspOf({ provider, eim }: Config, doors: Testbed['doors'], tls: object): ProviderConfig['rsp'] {
  const { rsp: kind, recording, rollback, inventorySeconds } = provider
  if (kind === 'recorded') {
    if (!recording) throw new ConfigurationError('provider.recording is mandatory when provider.rsp is recorded.')
    return { kind, file: recording }
  }
  const common = { rollback, ...(recording && { record: recording }), ...(eim.northboundTls && tls) }
  if (kind === 'eim') return { kind, url: doors.eimNorthbound, ...common }
  return { kind, url: doors.eimOnomondo, inventoryMs: inventorySeconds * 1000, ...common }
}

const limitsOf = ({ requestsPerSecond, operationsPerDay }: Config['provider']) => ({
  ...(requestsPerSecond > 0 && { requestsPerSecond }),
  ...(operationsPerDay > 0 && { operationsPerDay }),
})

export const doorLimits = ({ connections, headersSeconds, requestSeconds }: Config['doors']) => ({
  connections,
  headersMs: Math.round(headersSeconds * 1000),
  requestMs: Math.round(requestSeconds * 1000),
})

export const storageOf = ({ databaseUrl, dataFolder }: Pick<Config['provider'], 'databaseUrl' | 'dataFolder'>) =>
  databaseUrl
    ? ({ kind: 'postgres', url: databaseUrl } as const)
    : ({ kind: 'embedded', ...(dataFolder && { folder: dataFolder }) } as const)
