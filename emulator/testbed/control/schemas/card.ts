/** Everything that stands in a card, and what is done to it beside its messages. */
import { count, eid, flag, list, octets, record, text } from './words.ts'

const profile = record(
  {
    iccid: text,
    isdpAid: octets,
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
    ciPkId: octets,
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
  serialNumber: octets,
  notBefore: text,
  notAfter: text,
  curve: text,
  octets: octets,
})

const file = record({ path: text, kind: text, content: octets, recordSize: count }, ['content', 'recordSize'])

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

export const signedOctets = record({ octets: { type: 'array', maxItems: 16, items: octets } })

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
