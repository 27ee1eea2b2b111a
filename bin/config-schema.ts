/** Every configuration key with its type and default. */
import {
  type Latency,
  latencyRows,
  type Policy,
  policyRows,
  type Variant,
  variantRows,
} from '../emulator/euicc/index.ts'
import { type EsipaBindingName, type IpaFeature, ipaFeatures } from '../emulator/ipa/index.ts'
import { type Sgp32Version, sgp32Versions } from '../protocol/sgp32/index.ts'
import { type DialectId, dialectIds } from '../provider/index.ts'

export interface Config {
  readonly seed: string
  readonly host: string
  readonly name: string
  readonly certs: { readonly folder: string }
  readonly control: { readonly port: number; readonly token: string }
  readonly devices: {
    readonly dataFolder: string
    readonly count: number
    readonly kept: number
    readonly pollIntervalSeconds: number
    readonly specification: Sgp32Version
    readonly specifications: Readonly<Partial<Record<Sgp32Version, number>>>
    readonly mode: 'poll' | 'inject'
    readonly injectPort: number
    readonly injectTls: boolean
  }
  readonly ipa: {
    readonly esipaBindings: Readonly<Record<string, EsipaBindingName>>
    readonly specifications: Readonly<Record<string, Sgp32Version>>
    readonly features: readonly IpaFeature[]
    readonly fallbackAfterFailedPolls: number
    readonly immediateEnabling: boolean
    readonly notificationReceiver: 'smdp' | 'eim'
    readonly packageLimit: number
    readonly timeoutSeconds: number
    readonly retryWaitsSeconds: readonly number[]
    readonly retryJitter: number
    readonly trustAnyServer: boolean
  }
  readonly euicc: {
    readonly personality: 'iot' | 'consumer'
    readonly specification: Sgp32Version
    readonly variants: readonly Variant[]
    readonly latency: Latency
    readonly policy: Policy
  }
  readonly eim: {
    readonly id: string
    readonly esipaPort: number
    readonly northboundPort: number
    readonly northboundTls: boolean
    readonly northboundClientCa: string
    readonly onomondoPort: number
    readonly dataFolder: string
    readonly databaseUrl: string
    readonly specification: Sgp32Version
    readonly indirectProfileDownload: boolean
    readonly fetchTimeoutSeconds: number
    readonly answerTimeoutSeconds: number
    readonly retryAfterSeconds: number
    readonly unverifiedEid: string
    readonly trustAnyServer: boolean
  }
  readonly smdp: { readonly port: number; readonly clientCa: string; readonly operators: readonly Operator[] }
  readonly smds: { readonly port: number; readonly clientCa: string }
  readonly provider: {
    readonly enabled: boolean
    readonly port: number
    readonly dataFolder: string
    readonly dialects: readonly DialectId[]
    readonly databaseUrl: string
    readonly clientCertificate: string
    readonly clientKey: string
    readonly adminToken: string
    readonly tracingUrl: string
    readonly requestsPerSecond: number
    readonly operationsPerDay: number
    readonly operationTimeoutSeconds: number
    readonly events: 'named' | 'operation-completed'
    readonly stateConflicts: 'asynchronous' | 'synchronous'
    readonly deleteEnabled: 'auto-disable' | 'conflict'
    readonly unknownIdentifier: 422 | 404 | 403
    readonly whenBusy: 'abort' | 'queue'
    readonly remoteDeleteEnabled: 'conflict' | 'auto-disable'
    readonly operationRetentionSeconds: number
    readonly rsp: 'eim' | 'onomondo-eim' | 'recorded'
    readonly recording: string
    readonly inventorySeconds: number
    readonly rollback: boolean
  }
  readonly authorization: {
    readonly port: number
    readonly tokenTtlSeconds: number
    readonly clients: readonly Client[]
  }
  readonly doors: { readonly connections: number; readonly headersSeconds: number; readonly requestSeconds: number }
  readonly time: 'real' | 'virtual'
  readonly scenario: string
  readonly log: { readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' }
}

interface Operator {
  readonly id: string
  readonly url: string
}

/** Proves itself by its secret, or by a JWT signed with the key to this one (private_key_jwt). */
interface Client {
  readonly clientId: string
  readonly clientSecret?: string
  readonly publicKey?: {
    readonly kty: 'EC'
    readonly crv: 'P-256'
    readonly x: string
    readonly y: string
    readonly kid?: string
  }
  readonly tenant: string
}

const port = (byDefault: number, what: string) => ({
  type: 'integer',
  minimum: 0,
  maximum: 65535,
  default: byDefault,
  description: `${what}; 0: any free port`,
})

const text = (byDefault: string, description: string) => ({ type: 'string', default: byDefault, description })

const flag = (byDefault: boolean, description: string) => ({ type: 'boolean', default: byDefault, description })

const seconds = (byDefault: number, description: string) => ({
  type: 'number',
  minimum: 0,
  default: byDefault,
  description,
})

const choice = (values: readonly (string | number)[], description: string) => ({
  type: typeof values[0] === 'number' ? 'integer' : 'string',
  enum: values,
  default: values[0],
  description,
})

const databaseUrl = (what: string) => ({
  ...text('', `${what}; DATABASE_URL in the environment says it, too`),
  pattern: '^(postgres(ql)?://.+)?$',
})

const limit = (what: string) => ({
  type: 'integer',
  minimum: 0,
  default: 0,
  description: `${what}; 0: not limited`,
})

const group = <P extends Record<string, unknown>>(properties: P) => ({
  type: 'object',
  additionalProperties: false,
  properties,
})

const section = <P extends Record<string, unknown>>(properties: P) => ({ ...group(properties), default: {} })

const clients = [
  { clientId: 'acme', clientSecret: 'acme-test-secret', tenant: 'acme' },
  { clientId: 'globex', clientSecret: 'globex-test-secret', tenant: 'globex' },
]

export const configSchema = group({
  seed: text('esim-testbed', 'keys, certificates and identifiers are derived from it'),
  host: text('127.0.0.1', 'address that every door binds to'),
  name: text('localhost', 'name under which the doors are reached, in activation codes and in TLS certificates'),
  certs: section({
    folder: text(
      '',
      'folder with a PKI that is not ours, its files named as in SGP.26; empty: a test PKI from the seed',
    ),
  }),
  control: section({
    port: port(8080, 'console and control API'),
    token: text('', 'bearer token of the control API; mandatory when the host is not a loopback address'),
  }),
  devices: section({
    count: {
      type: 'integer',
      minimum: 0,
      maximum: 10_000,
      default: 3,
      description: 'devices made at start; leases make more',
    },
    dataFolder: text(
      '',
      'folder of the embedded database of cards, IPAs, orders of the SM-DP+ and events of the SM-DS; empty: in memory',
    ),
    kept: {
      type: 'integer',
      minimum: 10,
      default: 20_000,
      description:
        'bound of what piles up: messages of the trace, the first steps of the recording of a card, its latest events, the latest packages and events of the eIM, orders of the SM-DP+ that are over, strikes of faults',
    },
    pollIntervalSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 30,
      description: 'time between two polls of an IPA',
    },
    specification: choice(sgp32Versions, 'version of SGP.32 that IPAs speak with the eIM'),
    specifications: {
      type: 'object',
      propertyNames: { enum: sgp32Versions },
      additionalProperties: { type: 'integer', minimum: 0, maximum: 10_000 },
      default: {},
      description:
        'more devices made at start: how many by the version of SGP.32 of card and IPA, which the eIM is told',
    },
    mode: choice(
      ['poll', 'inject'],
      'inject: devices listen, and the eIM brings packages to them (TransferEimPackage)',
    ),
    injectPort: port(8446, 'where all devices listen in the mode inject'),
    injectTls: flag(true, 'they listen with TLS, as the eIM then connects to them'),
  }),
  ipa: section({
    esipaBindings: {
      type: 'object',
      additionalProperties: { type: 'string', enum: ['asn1', 'json'] },
      default: {},
      description: 'how ESipa is spoken: asn1 (default) or json, by eimId, * for all others',
    },
    specifications: {
      type: 'object',
      additionalProperties: { type: 'string', enum: sgp32Versions },
      default: {},
      description: 'version of SGP.32 by eimId, where it is another than that of the device',
    },
    features: {
      type: 'array',
      items: { type: 'string', enum: ipaFeatures },
      uniqueItems: true,
      minItems: 1,
      default: ['directRspServerCommunication', 'indirectRspServerCommunication', 'eimDownloadDataHandling'],
      description: 'ipaFeatures of IpaCapabilities: what the IPA can and does',
    },
    fallbackAfterFailedPolls: {
      type: 'integer',
      minimum: 0,
      default: 3,
      description: 'polls in a row without a server after which the fallback mechanism is executed; 0: never',
    },
    immediateEnabling: flag(true, 'ask the eUICC after each installation to enable the profile at once'),
    notificationReceiver: choice(['smdp', 'eim'], 'where notifications of profiles are delivered'),
    packageLimit: {
      type: 'integer',
      minimum: 1,
      default: 100,
      description: 'packages taken from an eIM in one poll; 1: one package and stop',
    },
    timeoutSeconds: { type: 'number', exclusiveMinimum: 0, default: 30, description: 'how long servers may take' },
    retryWaitsSeconds: {
      type: 'array',
      items: { type: 'number', minimum: 0 },
      default: [1, 4, 9],
      description: 'waits before a request is sent again to a server that is away; then not before the next poll',
    },
    retryJitter: { type: 'number', minimum: 0, maximum: 1, default: 0.25, description: 'share by which waits vary' },
    trustAnyServer: flag(false, 'laboratory switch: accept any TLS certificate'),
  }),
  euicc: section({
    personality: choice(['iot', 'consumer'], 'IoT eUICC of SGP.32, or consumer eUICC of SGP.22 only'),
    specification: choice(sgp32Versions, 'version of SGP.32 of an IoT eUICC'),
    variants: {
      type: 'array',
      items: { type: 'string', enum: Object.keys(variantRows) },
      uniqueItems: true,
      default: [],
      description: 'habits of real cards: docs/euicc-coverage.md, wire variants',
    },
    latency: choice(
      Object.keys(latencyRows),
      'how long a card takes: not at all, or what was measured with real silicon',
    ),
    policy: section(
      Object.fromEntries(
        Object.entries(policyRows).map(([name, { choices, about }]) => [name, choice(choices, about)]),
      ),
    ),
  }),
  eim: section({
    id: text('eim.testbed.example', 'eimId in eIM configuration data'),
    esipaPort: port(8443, 'ESipa over HTTPS'),
    northboundPort: port(8082, 'northbound REST'),
    northboundTls: flag(false, 'northbound doors speak HTTPS, with the TLS certificate of the eIM'),
    northboundClientCa: text('', 'PEM file; with northboundTls: only clients with a certificate below it are served'),
    onomondoPort: port(8083, 'northbound REST in the dialect of onomondo-eim'),
    dataFolder: text('', 'folder of the embedded database; empty: in memory'),
    databaseUrl: databaseUrl('PostgreSQL, which several eIMs may have together'),
    specification: choice(sgp32Versions, 'version of SGP.32 that the eIM speaks on ESipa'),
    indirectProfileDownload: flag(false, 'tell IPAs that can to download through this eIM'),
    fetchTimeoutSeconds: seconds(0, 'after which a package that nobody fetches ends; 0: never'),
    answerTimeoutSeconds: seconds(0, 'after which a package that nobody answers ends; 0: never'),
    retryAfterSeconds: seconds(30, 'before a package is handed over again whose answer could not be believed'),
    unverifiedEid: text('', 'laboratory switch: EID whose results count without a signature that can be verified'),
    trustAnyServer: flag(false, 'laboratory switch: accept any TLS certificate of an SM-DP+'),
  }),
  smdp: section({
    port: port(8444, 'ES9+ and ES2+ over HTTPS'),
    clientCa: text(
      '',
      'PEM file: ES2+ is only for clients with a certificate below it; empty: whoever calls is believed',
    ),
    operators: {
      type: 'array',
      default: [],
      description: 'operators that are told of the progress of downloads: functionRequesterIdentifier and base URL',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'url'],
        properties: { id: { type: 'string' }, url: { type: 'string' } },
      },
    },
  }),
  smds: section({
    port: port(8445, 'ES11 and ES12 over HTTPS'),
    clientCa: text(
      '',
      'PEM file: ES12 is only for clients with a certificate below it; empty: whoever calls is believed',
    ),
  }),
  provider: section({
    enabled: {
      type: 'boolean',
      default: true,
      description: 'start the reference provider and its authorization server',
    },
    port: port(9091, 'API root of the reference provider'),
    dataFolder: text('', 'folder of the embedded database; empty: in memory'),
    databaseUrl: databaseUrl('PostgreSQL instead of the embedded database'),
    clientCertificate: text('', 'PEM file: certificate that it shows to eIM and SM-DP+ when they ask'),
    clientKey: text('', 'PEM file: the key of that certificate'),
    adminToken: {
      ...text('', 'bearer token of /metrics and /admin, at least 16 characters; empty: neither is there'),
      pattern: '^(.{16,})?$',
    },
    tracingUrl: {
      ...text('', 'where traces go (OTLP over HTTP); OTEL_EXPORTER_OTLP_ENDPOINT in the environment says it, too'),
      pattern: '^(https?://.+)?$',
    },
    requestsPerSecond: limit('requests of a client in a second'),
    operationsPerDay: limit('operations of a client in a day'),
    dialects: {
      type: 'array',
      items: { type: 'string', enum: dialectIds },
      minItems: 1,
      default: dialectIds,
      description: 'dialects of the API that it serves',
    },
    operationTimeoutSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 3600,
      description: 'after which an operation fails',
    },
    events: choice(['named', 'operation-completed'], 'spelling of event types'),
    stateConflicts: choice(['asynchronous', 'synchronous'], 'when an operation that the state forbids is refused'),
    deleteEnabled: choice(['auto-disable', 'conflict'], 'delete of an enabled eSIM'),
    unknownIdentifier: choice([422, 404, 403], 'status for an identifier that the caller does not own'),
    remoteDeleteEnabled: choice(['conflict', 'auto-disable'], 'esim-remote-management: delete of an enabled profile'),
    whenBusy: choice(['abort', 'queue'], 'esim-profile-management: an operation on a busy eUICC'),
    operationRetentionSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 604_800,
      description: 'how long a completed operation can be read',
    },
    rsp: choice(
      ['eim', 'onomondo-eim', 'recorded'],
      'RSP platform: the eIM by its own northbound REST, by that of onomondo-eim, or what the file recording says',
    ),
    inventorySeconds: {
      type: 'integer',
      minimum: 1,
      default: 3600,
      description:
        'with onomondo-eim: how often each eUICC is asked for its profiles; what it does on its own shows no sooner',
    },
    rollback: flag(false, 'an enabled profile without connectivity is left again, and the operation fails'),
    recording: text('', 'file to which what is said with the RSP platform is written, or from which it is given back'),
  }),
  authorization: section({
    port: port(9092, 'OpenID provider'),
    tokenTtlSeconds: { type: 'integer', minimum: 1, default: 3600, description: 'life of an access token' },
    clients: {
      type: 'array',
      default: clients,
      description:
        'API consumers and the tenant that each belongs to, with a secret (for tests only) or the public key of private_key_jwt, a JWK on P-256',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['clientId', 'tenant'],
        oneOf: [{ required: ['clientSecret'] }, { required: ['publicKey'] }],
        properties: {
          clientId: { type: 'string' },
          clientSecret: { type: 'string' },
          publicKey: {
            type: 'object',
            additionalProperties: false,
            required: ['kty', 'crv', 'x', 'y'],
            properties: {
              kty: { type: 'string', enum: ['EC'] },
              crv: { type: 'string', enum: ['P-256'] },
              ...{ x: { type: 'string' }, y: { type: 'string' }, kid: { type: 'string' } },
            },
          },
          tenant: { type: 'string' },
        },
      },
    },
  }),
  doors: section({
    connections: { type: 'integer', minimum: 1, default: 10_000, description: 'open at each door' },
    headersSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 10,
      description: 'from the first octet of a request to the end of its header fields; then 408',
    },
    requestSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 30,
      description: 'from the first octet of a request to the end of its body; then 408',
    },
  }),
  time: choice(
    ['real', 'virtual'],
    'the clock of all roles: the machine\u2019s, or one that goes on when nothing else can run',
  ),
  scenario: text('', 'file with the faults that it starts with, in YAML or JSON; empty: none'),
  log: section({ level: choice(['warn', 'silent', 'error', 'info', 'debug'], 'least severity that is logged') }),
})
