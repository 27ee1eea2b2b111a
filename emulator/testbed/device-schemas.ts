/** What the control API says of the fleet and of one card, as JSON schemas. */
import type { JsonSchema } from '../rest/index.ts'

const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const count: JsonSchema = { type: 'integer', minimum: 0 }
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const hex: JsonSchema = { type: 'string', pattern: '^([0-9a-f]{2})*$' }
export const eid: JsonSchema = { type: 'string', pattern: '^[0-9]{32}$' }

/** Every property is required but those named. */
const record = (properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

const row = record(
  {
    eid,
    owner: text,
    reachable: flag,
    sequence: count,
    iccids: list(text),
    enabled: text,
    fallback: text,
    waiting: count,
    lastContactAt: { type: 'string', format: 'date-time' },
  },
  ['enabled', 'fallback', 'lastContactAt'],
)

export const fleet = record({ next: count, devices: list(row) })

const profile = record(
  {
    iccid: text,
    isdpAid: hex,
    state: { type: 'string', enum: ['enabled', 'disabled'] },
    fallbackAttribute: flag,
    fallbackAllowed: flag,
    profileClass: text,
    serviceProviderName: text,
    profileName: text,
    nickname: text,
    policyRules: list(text),
    ecallIndication: flag,
    size: count,
    ciPkId: hex,
  },
  ['nickname', 'serviceProviderName', 'profileName'],
)

const eim = record(
  {
    eimId: text,
    counterValue: count,
    eimFqdn: text,
    eimIdType: text,
    associationToken: { type: 'integer' },
    eimSupportedProtocol: list(text),
  },
  ['eimFqdn', 'eimIdType', 'associationToken', 'eimSupportedProtocol'],
)

const notification = record(
  { seqNumber: count, profileManagementOperation: list(text), notificationAddress: text, iccid: text },
  ['iccid'],
)

const certificate = record({
  role: { type: 'string', enum: ['EUICC', 'EUM', 'CI'] },
  subject: text,
  issuer: text,
  serialNumber: hex,
  notBefore: text,
  notAfter: text,
  curve: text,
  octets: hex,
})

const file = record({ path: text, kind: text, content: hex, recordSize: count }, ['content', 'recordSize'])

export const card = record(
  {
    eid,
    sequence: count,
    profiles: list(profile),
    eims: list(eim),
    notifications: list(notification),
    packageResults: list(record({ seqNumber: count, kind: text, eimId: text, counterValue: count }, ['counterValue'])),
    memory: record({ total: count, free: count }),
    addresses: record({ rootDsAddress: text, defaultDpAddress: text }, ['defaultDpAddress']),
    information: { type: 'object', additionalProperties: text },
    certificates: list(certificate),
    files: list(file),
    immediateEnable: flag,
    rollbackTo: text,
    refreshFor: text,
  },
  ['rollbackTo', 'refreshFor'],
)

export const memoryReset = record({
  resetOptions: {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: {
      type: 'string',
      enum: [
        'deleteOperationalProfiles',
        'deleteFieldLoadedTestProfiles',
        'resetDefaultSmdpAddress',
        'deletePreLoadedTestProfiles',
        'deleteProvisioningProfiles',
        'resetEimConfigData',
        'resetImmediateEnableConfig',
      ],
    },
  },
})

export const signedOctets = record({ octets: { type: 'array', maxItems: 16, items: hex } })

export const verdicts = record({
  verdicts: list(
    record(
      {
        field: text,
        kind: { type: 'string', enum: ['signature', 'certificate'] },
        by: text,
        holds: flag,
        reason: text,
      },
      ['holds', 'reason'],
    ),
  ),
})

const instant: JsonSchema = { type: 'string', format: 'date-time' }

export const keptRun = record({
  ...{ runId: text, title: text, keptAt: instant, size: count },
  ...{ startedAt: text, devices: count, events: count },
})
export const keptRuns = record({ runs: list(keptRun) })
export const snapshot = record({ title: { type: 'string', maxLength: 120 } }, ['title'])
