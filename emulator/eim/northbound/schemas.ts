/** The shapes of docs/eim-northbound.md as JSON Schema. */
import { sgp32Versions } from '../../../protocol/sgp32/index.ts'
import type { JsonSchema } from '../../rest/index.ts'
import { euiccDataComponents } from '../euicc-data.ts'
import type { AuthorisationRule, EcoName, EuiccDataComponent, ListedProfile, PsmoName } from '../model.ts'

const object = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length > 0 && { required }),
})

/** An object with exactly one of the members. */
const alternatives = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  ...object(properties),
  minProperties: 1,
  maxProperties: 1,
})

/** An object with one of the named members, and perhaps others. */
const anyOneOf = (names: readonly string[], properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  ...object(properties),
  oneOf: names.map((name) => ({ required: [name] })),
})

const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const filledList = (items: JsonSchema): JsonSchema => ({ ...list(items), minItems: 1, maxItems: 64 })

const text: JsonSchema = { type: 'string' }
const flag: JsonSchema = { type: 'boolean' }
const time: JsonSchema = { type: 'string', format: 'date-time' }
const nothing = object({})
const hexadecimal: JsonSchema = { type: 'string', pattern: '^([0-9A-Fa-f]{2})+$' }
const base64: JsonSchema = {
  type: 'string',
  description: 'Base64 of DER.',
  pattern: '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$',
}

export const eid: JsonSchema = { type: 'string', pattern: '^[0-9]{32}$' }
export const iccid: JsonSchema = { type: 'string', pattern: '^[0-9]{18,20}$' }
export const packageId: JsonSchema = { type: 'string', minLength: 1, maxLength: 64 }
const associationToken: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const counterValue: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

const eimId: JsonSchema = { type: 'string', minLength: 1, maxLength: 128 }
const address: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 }
const objectIdentifier: JsonSchema = { type: 'string', pattern: '^[0-2](\\.(0|[1-9][0-9]{0,8}))+$', maxLength: 128 }
const onProfile = object({ iccid }, ['iccid'])

const searchCriteria = alternatives({
  isdpAid: { ...hexadecimal, maxLength: 32 },
  iccid,
  profileClass: { type: 'string', enum: ['test', 'provisioning', 'operational'] },
})
const tagList = { ...hexadecimal, maxLength: 254 }

const psmos: Readonly<Record<PsmoName, JsonSchema>> = {
  enable: object({ iccid, rollback: flag }, ['iccid']),
  disable: onProfile,
  delete: onProfile,
  listProfileInfo: object({ searchCriteria, tagList }),
  getRAT: nothing,
  configureImmediateEnable: object({
    immediateEnableFlag: flag,
    defaultSmdpOid: objectIdentifier,
    defaultSmdpAddress: address,
  }),
  setFallbackAttribute: onProfile,
  unsetFallbackAttribute: nothing,
  setDefaultDpAddress: object({ defaultDpAddress: { type: 'string', maxLength: 255 } }, ['defaultDpAddress']),
}

const protocols = ['eimRetrieveHttps', 'eimRetrieveCoaps', 'eimInjectHttps', 'eimInjectCoaps', 'eimProprietary']
const eimConfiguration = {
  eimId,
  eimFqdn: address,
  eimIdType: { type: 'string', enum: ['eimIdTypeOid', 'eimIdTypeFqdn', 'eimIdTypeProprietary'] },
  counterValue,
  associationToken: { type: 'integer', enum: [-1] },
  eimPublicKeyData: alternatives({ eimPublicKey: base64, eimCertificate: base64 }),
  trustedPublicKeyDataTls: alternatives({ trustedEimPkTls: base64, trustedCertificateTls: base64 }),
  eimSupportedProtocol: { type: 'array', items: { type: 'string', enum: protocols }, uniqueItems: true },
  euiccCiPKId: hexadecimal,
  indirectProfileDownload: flag,
}

const ecos: Readonly<Record<EcoName, JsonSchema>> = {
  addEim: object(eimConfiguration, ['eimId', 'counterValue', 'eimPublicKeyData']),
  deleteEim: object({ eimId }, ['eimId']),
  updateEim: object(eimConfiguration, ['eimId']),
  listEim: nothing,
}

export const idempotencyKey: JsonSchema = { type: 'string', pattern: '^[\\x20-\\x7e]{1,255}$' }

const sequenceNumber: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const notificationEvents = ['notificationInstall', 'notificationEnable', 'notificationDisable', 'notificationDelete']

export const packageOrder: JsonSchema = alternatives({
  psmo: filledList(alternatives(psmos)),
  eco: filledList(alternatives(ecos)),
  download: anyOneOf(['activationCode', 'contactDefaultSmdp', 'contactSmds'], {
    activationCode: address,
    contactDefaultSmdp: { type: 'boolean', enum: [true] },
    contactSmds: object({ smdsAddress: address }),
    indirect: flag,
    confirmationCode: { type: 'string', minLength: 1, maxLength: 255 },
  }),
  data: anyOneOf(['components', 'tagList'], {
    components: {
      type: 'array',
      items: { type: 'string', enum: [...euiccDataComponents] },
      uniqueItems: true,
      minItems: 1,
    },
    tagList,
    euiccCiPKId: hexadecimal,
    searchCriteriaNotification: alternatives({
      seqNumber: sequenceNumber,
      profileManagementOperation: {
        type: 'array',
        items: { type: 'string', enum: notificationEvents },
        uniqueItems: true,
        minItems: 1,
      },
    }),
    searchCriteriaEuiccPackageResult: object({ seqNumber: sequenceNumber }, ['seqNumber']),
  }),
})

const specification: JsonSchema = { type: 'string', enum: sgp32Versions }

export const certificates: JsonSchema = object({ euiccCertificate: base64, eumCertificate: base64, specification }, [
  'euiccCertificate',
  'eumCertificate',
])

export const token: JsonSchema = object({ associationToken }, ['associationToken'])

const profileMembers = {
  iccid,
  state: { type: 'string', enum: ['enabled', 'disabled'] },
  fallbackAttribute: flag,
  fallbackAllowed: flag,
  isdpAid: hexadecimal,
  serviceProviderName: text,
  profileName: text,
  profileClass: text,
}
const profileRequired = ['iccid', 'state', 'fallbackAttribute', 'fallbackAllowed']

export const heldProfile: JsonSchema = object({ eid, ...profileMembers }, ['eid', ...profileRequired])

export const inject: JsonSchema = object(
  {
    url: { type: 'string', pattern: '^https?://[^\\s?#]+[^\\s?#/]$', maxLength: 255 },
    binding: { type: 'string', enum: ['asn1', 'json'] },
  },
  ['url', 'binding'],
)

export const euicc: JsonSchema = object(
  {
    eid,
    specification,
    inject,
    counterValue,
    associationToken,
    lastContactAt: time,
    inventoryAt: time,
    waitingPackages: { type: 'integer', minimum: 0 },
    profiles: list(object(profileMembers, profileRequired)),
  },
  ['eid', 'counterValue', 'waitingPackages', 'profiles'],
)

export const euiccs: JsonSchema = object({ euiccs: list(euicc), next: eid }, ['euiccs'])
export const limit: JsonSchema = { type: 'integer', minimum: 1, maximum: 1000, default: 100 }

export const addInitialEimRequest: JsonSchema = object({ addInitialEimRequest: base64 }, ['addInitialEimRequest'])

const eims = list(object({ eimId, eimIdType: text }, ['eimId']))
const listedProfile = object(
  {
    iccid,
    isdpAid: hexadecimal,
    profileState: text,
    profileNickname: text,
    serviceProviderName: text,
    profileName: text,
    iconType: text,
    icon: hexadecimal,
    profileClass: text,
    fallbackAttribute: flag,
    fallbackAllowed: flag,
  } satisfies Record<keyof ListedProfile, JsonSchema>,
  ['fallbackAttribute', 'fallbackAllowed'],
)
const rule = object(
  {
    pprIds: list(text),
    allowedOperators: list(object({ mccMnc: hexadecimal, gid1: hexadecimal, gid2: hexadecimal }, ['mccMnc'])),
    consentRequired: flag,
  } satisfies Record<keyof AuthorisationRule, JsonSchema>,
  ['pprIds', 'allowedOperators', 'consentRequired'],
)
const operationResult = object(
  { operation: text, result: text, associationToken, eims, profiles: list(listedProfile), rules: list(rule) },
  ['operation', 'result'],
)

const only = (value: string): JsonSchema => ({ type: 'string', enum: [value] })

/** All members but the optional ones are required. */
const result = (
  kind: string,
  members: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>> = {},
): JsonSchema => object({ kind: only(kind), ...members, ...optional }, ['kind', ...Object.keys(members)])

const verified: JsonSchema = flag
const euiccData = object({
  notificationsList: list(base64),
  defaultSmdpAddress: text,
  euiccPackageResultList: list(base64),
  euiccInfo1: base64,
  euiccInfo2: base64,
  rootSmdsAddress: text,
  associationToken,
  eumCertificate: base64,
  euiccCertificate: base64,
  ipaCapabilities: object({ ipaFeatures: list(text), ipaSupportedProtocols: list(text) }, ['ipaFeatures']),
  deviceInfo: base64,
} satisfies Record<EuiccDataComponent, JsonSchema>)
const packageResult: JsonSchema = {
  oneOf: [
    result('euiccPackageResult', { verified, sequenceNumber: { type: 'integer' }, results: list(operationResult) }),
    result('euiccPackageError', { verified, error: text }),
    result('profileInstallationResult', { verified, outcome: only('success'), iccid, isdpAid: hexadecimal }),
    result(
      'profileInstallationResult',
      { verified, outcome: only('error'), bppCommandId: text, errorReason: text },
      { iccid },
    ),
    result('profileDownloadError', { reason: text }, { subjectCode: text, reasonCode: text, detail: text }),
    result('ipaEuiccData', { data: euiccData }),
    result('ipaEuiccDataError', { error: text }),
    result('packageError', { error: text }),
  ],
}

export const packageResource: JsonSchema = object(
  {
    packageId,
    eid,
    order: packageOrder,
    eimTransactionId: hexadecimal,
    counterValue,
    state: { type: 'string', enum: ['queued', 'delivered', 'done', 'cancelled'] },
    createdAt: time,
    deliveredAt: time,
    completedAt: time,
    result: packageResult,
    unverifiedResults: { type: 'integer', minimum: 1 },
  },
  ['packageId', 'eid', 'order', 'eimTransactionId', 'state', 'createdAt'],
)

export const problemDocument: JsonSchema = {
  type: 'object',
  properties: { type: text, title: text, status: { type: 'integer' }, detail: text },
  required: ['type', 'title', 'status'],
}
