/** What goes in and out of the control API, as JSON schemas. */
import { sgp32Versions } from '../../protocol/sgp32/index.ts'
import type { JsonSchema } from '../rest/index.ts'
import { profileTypes } from '../smdp/index.ts'

export const eid: JsonSchema = { type: 'string', pattern: '^[0-9]{32}$' }
export const iccid: JsonSchema = { type: 'string', pattern: '^[0-9]{18,20}$' }
const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const count: JsonSchema = { type: 'integer', minimum: 0 }
const instant: JsonSchema = { type: 'string', format: 'date-time', description: 'RFC 3339 with milliseconds' }
const hex: JsonSchema = { type: 'string', pattern: '^([0-9a-fA-F]{2})+$' }
const state: JsonSchema = { type: 'string', enum: ['enabled', 'disabled'] }

const specification: JsonSchema = { type: 'string', enum: sgp32Versions }

const list = (items: JsonSchema, bounds: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...bounds })

/** Every property is required but those named. */
const record = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

export const info = record({
  name: text,
  version: text,
  startedAt: instant,
  doors: { type: 'object', additionalProperties: text, description: 'URLs of the other doors that are open' },
})

export const clock = record({ now: instant, mode: { type: 'string', enum: ['real', 'virtual'] }, paused: flag }, [
  'paused',
])

export const clockChange = record(
  {
    advanceMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3_153_600_000_000,
      description: 'milliseconds to go on by, whoever waits',
    },
    paused: { ...flag, description: 'true: it does not go on by itself' },
  },
  ['advanceMs', 'paused'],
)

const profile = record(
  {
    iccid,
    isdpAid: hex,
    state,
    fallbackAttribute: flag,
    fallbackAllowed: flag,
    profileClass: text,
    serviceProviderName: text,
    profileName: text,
  },
  ['serviceProviderName', 'profileName'],
)

const delayMs: JsonSchema = { type: 'integer', minimum: 0, maximum: 600_000 }
const chance: JsonSchema = { type: 'number', minimum: 0, maximum: 1 }
const seed: JsonSchema = { type: 'integer', default: 0, description: 'The same messages are lost for the same seed.' }

/** One row a profile that has not good connectivity while it is enabled. */
const links = list(
  {
    oneOf: [
      record({ iccid, dead: record({}) }),
      record({ iccid, slow: record({ delayMs }) }),
      record({ iccid, lossy: record({ chance, seed }, ['seed']) }),
    ],
  },
  { maxItems: 64 },
)

export const device = record(
  { eid, owner: text, specification, reachable: flag, connectivity: links, sequence: count, profiles: list(profile) },
  ['connectivity'],
)

export const deviceList = record({ devices: list(device), next: eid }, ['next'])

const cardEvent: JsonSchema = {
  type: 'object',
  required: ['eid', 'sequence', 'at', 'type', 'cause'],
  properties: { eid, sequence: count, at: instant, type: text, cause: text, iccid },
}

export const cardEvents = record({ events: list(cardEvent) })

export const connectivity = record({ reachable: flag, profiles: links }, ['profiles'])

export const polled = record({ packagesProcessed: count })

export const command = record({ apdu: hex })

export const response = record({ response: hex })

const message: JsonSchema = {
  type: 'object',
  required: ['index', 'at', 'interface', 'from', 'to', 'operation'],
  properties: {
    index: count,
    at: instant,
    eid,
    interface: {
      type: 'string',
      enum: ['API', 'northbound', 'ESipa', 'ES2+', 'ES9+', 'ES10', 'ES11', 'ES12', 'event'],
    },
    from: text,
    to: text,
    operation: text,
    status: text,
    octets: text,
    json: {},
    correlation: { type: 'object', additionalProperties: text },
  },
}

export const messages = record({ messages: list(message), next: count })

/** A fallback must be allowed, and only one profile can be enabled and one be the fallback: checked when the lease is made. */
export const leaseRequest = record(
  {
    owner: { type: 'string', enum: ['acme', 'globex'] },
    specification: { ...specification, description: 'version of SGP.32 of its card and its IPA' },
    profiles: list(record({ state, fallbackAllowed: flag, fallback: flag }, ['fallbackAllowed', 'fallback']), {
      maxItems: 8,
    }),
    orders: list(
      record({ fallbackAllowed: flag, refuse: { type: 'string', enum: ['matchingId', 'metadata'] } }, [
        'fallbackAllowed',
        'refuse',
      ]),
      {
        maxItems: 8,
      },
    ),
  },
  ['owner', 'specification', 'profiles', 'orders'],
)

export const lease = record({
  leaseId: { type: 'string', format: 'uuid' },
  eid,
  owner: text,
  profiles: list(record({ iccid, state, fallbackAllowed: flag, fallback: flag })),
  orders: list(record({ iccid, activationCode: text })),
})

const parameterValues: JsonSchema = { type: 'object', additionalProperties: { type: ['number', 'string', 'boolean'] } }
const plan: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: { nth: count, count, chance },
}

export const faultRow = record(
  {
    fault: text,
    hop: { type: 'string', enum: ['card', 'IPA', 'eIM', 'SM-DP+', 'network'] },
    message: text,
    summary: text,
    parameters: { type: 'object', description: 'JSON schema of its parameters' },
    seeded: text,
    outcome: record(
      {
        procedure: { type: 'string', enum: ['download', 'enable', 'disable', 'delete'] },
        plan,
        message: text,
        shows: { type: 'string', enum: ['success', 'failed', 'pending'] },
        code: text,
        details: text,
        sentence: text,
      },
      ['message', 'code', 'details'],
    ),
    source: text,
  },
  ['seeded'],
)

export const catalogue = record({ faults: list(faultRow) })

export const activeFault = record(
  {
    id: text,
    fault: text,
    parameters: parameterValues,
    devices: list(eid),
    message: text,
    when: plan,
    seed: { type: 'integer' },
    since: instant,
    strikes: count,
  },
  ['devices'],
)

export const activeFaults = record({ faults: list(activeFault) })

const injection = record(
  {
    index: count,
    at: instant,
    fault: text,
    id: text,
    seed: { type: 'integer' },
    parameters: parameterValues,
    place: text,
    message: text,
    occurrence: count,
    eid,
    traceIndex: count,
  },
  ['eid'],
)

export const faultReport = record({ injections: list(injection), next: count })

/** Exactly one of the properties. */
export const localOrder: JsonSchema = {
  ...record(
    {
      activationCode: text,
      contactDefaultSmdp: { type: 'boolean', enum: [true] },
      contactSmds: record({ smdsAddress: text }, ['smdsAddress']),
    },
    ['activationCode', 'contactDefaultSmdp', 'contactSmds'],
  ),
  minProperties: 1,
  maxProperties: 1,
}

export const localDownloads = record({
  downloads: list(
    record({ outcome: { type: 'string', enum: ['installed', 'failed'] }, iccid, reason: text }, ['iccid', 'reason']),
  ),
})

export const emergency = record({ enabled: flag })

const matchingId: JsonSchema = { type: 'string', pattern: '^[0-9A-Z-]*$' }

export const orderRequest = record(
  {
    profileType: { type: 'string', enum: Object.keys(profileTypes), default: 'minimal' },
    iccid: { ...iccid, description: 'Absent: made up' },
    fallbackAllowed: flag,
    ecallIndication: { ...flag, description: 'The emergency profile' },
    eid: { ...eid, description: 'The only eUICC that may have it' },
    matchingId: { ...matchingId, minLength: 1, description: 'Absent: made up' },
    confirmationCode: { type: 'string', minLength: 1 },
    confirmationAttempts: { type: 'integer', minimum: 1, default: 3 },
    downloads: { type: 'integer', minimum: 1, default: 10, description: 'Packages handed out at most' },
    expiresAt: { type: 'string', description: 'RFC 3339' },
    rebinding: flag,
    replaceSessionKeys: flag,
    smdsAddress: { type: 'string', pattern: '^[^\\s/]+$' },
  },
  [
    'profileType',
    'iccid',
    'fallbackAllowed',
    'ecallIndication',
    'eid',
    'matchingId',
    'confirmationCode',
    'confirmationAttempts',
    'downloads',
    'expiresAt',
    'rebinding',
    'replaceSessionKeys',
    'smdsAddress',
  ],
)

export const order = record(
  {
    iccid,
    state: text,
    matchingId,
    activationCode: text,
    eid,
    notifications: { type: 'object', additionalProperties: count },
    result: { type: 'object' },
  },
  ['matchingId', 'activationCode', 'eid', 'result'],
)

export const orders = record({ orders: list(order) })
