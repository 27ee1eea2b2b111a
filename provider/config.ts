/** The provider's configuration: one schema, unknown keys refused, defaults filled in. */
import { dialectsSchema } from './dialects/index.ts'
import {
  configurationReader,
  defaulted,
  flag,
  type InputOf,
  integer,
  list,
  number,
  oneWord,
  optional,
  strict,
  text,
  type ValueOf,
  variants,
} from './schema.ts'

const name = text({ minLength: 1 })
const eid = text({ pattern: '^[0-9]{32}$' })
const url = text({ format: 'uri', pattern: '^https?://' })
const milliseconds = integer({ minimum: 1 })

/** Intervals between attempts: initialMs, then each `factor` times the one before, up to maxMs; each a little longer by chance. */
const retry = strict({
  initialMs: defaulted(milliseconds, 1000),
  factor: defaulted(number({ exclusiveMinimum: 1 }), 2),
  maxMs: defaulted(milliseconds, 3_600_000),
  jitter: defaulted(number({ minimum: 0, maximum: 1, description: 'Of an interval, at most.' }), 0.25),
  giveUpAfterMs: defaulted(milliseconds, 86_400_000),
})
export type RetryPolicy = ValueOf<typeof retry>

const sinks = strict({
  allowHttp: defaulted(flag(), false),
  allowPrivateAddresses: defaulted(
    flag({ description: 'Loopback, private, link-local and other special addresses.' }),
    false,
  ),
  timeoutMs: defaulted(milliseconds, 10_000),
  retry: defaulted(retry, {}),
})
export type SinkPolicy = ValueOf<typeof sinks>

/** One EID, or all from eidFrom to eidTo, both included. */
const deviceOwner = strict(
  { tenant: name, eid: optional(eid), eidFrom: optional(eid), eidTo: optional(eid) },
  { oneOf: [{ required: ['eid'] }, { required: ['eidFrom', 'eidTo'] }] },
)

/** `folder`: without one nothing survives a restart. `leaseMs`: after that silence the other instances do the work of this one. */
const storage = variants('kind', [
  strict({ kind: oneWord(['embedded']), folder: optional(name) }),
  strict({ kind: oneWord(['postgres']), url: text({ pattern: '^postgres(ql)?://' }), leaseMs: optional(milliseconds) }),
])
export type Storage = ValueOf<typeof storage>

const tls = {
  ca: optional(text({ description: 'PEM certificates to trust.' })),
  certificate: optional(text({ description: 'PEM, shown to a server that asks for one.' })),
  key: optional(text({ description: 'PEM, of that certificate.' })),
}

/** Where downloads that name an ICCID get their activation code. */
const orders = strict({
  kind: oneWord(['es2plus']),
  url,
  requester: name,
  profileType: optional(name),
  ...tls,
})

/**
 * What a token may be. No symmetric algorithm and no `none` can be allowed: a public key is never taken for a secret. Keys are asked for again when they are older
 * than keysMaxAgeMs, or when a token names one that is not there, but not within keysCoolDownMs.
 */
const tokens = strict({
  algorithms: defaulted(list(oneWord(['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA']), { minItems: 1 }), [
    'ES256',
    'RS256',
    'PS256',
  ]),
  clockSkewSeconds: defaulted(integer({ minimum: 0, maximum: 300 }), 0),
  keysMaxAgeMs: defaulted(milliseconds, 600_000),
  keysCoolDownMs: defaulted(milliseconds, 30_000),
})
export type TokenPolicy = ValueOf<typeof tokens>

/** For each client; what is absent is not limited. */
const limits = strict({
  requestsPerSecond: optional(integer({ minimum: 1, description: 'On each instance.' })),
  operationsPerDay: optional(integer({ minimum: 1, description: 'On all instances together.' })),
})

/** The operator's door: metrics, dead letters. */
const admin = strict({ token: text({ minLength: 16, description: 'Bearer token of the operator.' }) })

/** What one client may take of a server: open connections, time to the end of the header fields, and of the body. */
export const doorSchema = strict({
  connections: defaulted(integer({ minimum: 1 }), 10_000),
  headersMs: defaulted(milliseconds, 10_000),
  requestMs: defaulted(milliseconds, 30_000),
})

/** The RSP platform. `record`: a file to which everything that is said with it is written; `recorded` gives such a file back. */
const record = optional(name)
const rollback = optional(
  flag({ description: 'Enabled profiles without connectivity are left again, and the operation fails.' }),
)
const rsp = variants('kind', [
  strict({ kind: oneWord(['eim']), url, record, rollback, ...tls }),
  strict({
    kind: oneWord(['onomondo-eim']),
    url,
    record,
    rollback,
    ...tls,
    pollMs: optional(milliseconds),
    inventoryMs: optional(milliseconds),
    firstContactMs: optional(milliseconds),
  }),
  strict({ kind: oneWord(['recorded']), file: name }),
])

const configSchema = strict({
  host: defaulted(name, '127.0.0.1'),
  port: defaulted(integer({ minimum: 0, maximum: 65535, description: '0: any free port.' }), 9091),
  door: defaulted(doorSchema, {}),
  publicUrl: optional(url),
  issuer: url,
  audience: name,
  rsp,
  orders: optional(orders),
  storage: defaulted(storage, { kind: 'embedded' }),
  idempotencyMs: defaulted(milliseconds, 86_400_000),
  tenants: list(strict({ clientId: name, tenant: name })),
  deviceOwners: list(deviceOwner),
  deviceImeis: defaulted(list(strict({ imei: text({ pattern: '^[0-9]{15}$' }), eid })), []),
  dialects: dialectsSchema,
  sinks: defaulted(sinks, {}),
  tokens: defaulted(tokens, {}),
  limits: defaulted(limits, {}),
  admin: optional(admin),
  tracing: optional(strict({ url })),
  operationTimeoutMs: defaulted(milliseconds, 86_400_000),
  operationRetentionMs: defaulted(milliseconds, 604_800_000),
})

export type Settings = ValueOf<typeof configSchema>
export type ProviderSettings = InputOf<typeof configSchema>

export const settingsOf = configurationReader('Provider', configSchema)
