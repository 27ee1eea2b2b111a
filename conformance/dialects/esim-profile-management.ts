/** Dialects esim-profile-management@0.1.0-rc.1 and @0.1.0-rc.2, in the spelling of docs/dialects. Polling only. */
import { valueAt } from '../scenario/json-path.ts'
import type { Dialect, Ending, Failure, Member, OperationName, Reading, Refusal, Route, Situation } from './dialect.ts'
import type { Readings } from './readings.ts'
import { eid, errorInfo, iccid, moment, onlyWhen, type Schema, type SchemaTable, when } from './schemas.ts'

const scope = (name: string): string => `iot-device-management:esim-profiles:${name}`

const operationMembers: readonly Member[] = [
  { path: '$.esimProfile', kind: 'object', required: true },
  { path: '$.esimProfile.iccid', kind: 'iccid', required: true },
  { path: '$.esimProfile.eid', kind: 'eid' },
]
const downloadMembers: readonly Member[] = [
  { path: '$.esimProfile', kind: 'object', required: true },
  { path: '$.esimProfile.eid', kind: 'eid', required: true },
  { path: '$.activationCode', kind: 'text', required: true },
]
const statusMembers: readonly Member[] = operationMembers.map(({ path, kind }) =>
  kind === 'object' ? { path, kind, required: true } : { path, kind },
)

/** What tells the release candidates apart. */
interface Version {
  readonly id: string
  readonly basePath: string
  readonly features: readonly string[]
  /** EID and ICCID are each known and not a pair. */
  readonly mismatch: string
}

const routesOf = (basePath: string) => {
  const operation = (starts: OperationName): Route => ({
    method: 'POST',
    path: `${basePath}/${starts}`,
    scope: scope(starts),
    success: 202,
    answer: 'AcceptedOperation',
    starts,
    location: `${basePath}/operations/`,
    body: ({ iccid: named }) => ({ esimProfile: { iccid: named } }),
    members: operationMembers,
  })
  return {
    downloadEsim: {
      ...operation('download'),
      body: ({ eid: device, activationCode }) => ({ esimProfile: { eid: device }, activationCode }),
      members: downloadMembers,
    },
    enableEsim: operation('enable'),
    disableEsim: operation('disable'),
    deleteEsim: operation('delete'),
    setFallbackEsim: operation('set-fallback'),
    getEsimStatus: {
      method: 'POST',
      path: `${basePath}/retrieve-status`,
      scope: scope('retrieve-status'),
      success: 200,
      answer: 'EsimStatusResponse',
      body: ({ eid: device, iccid: named }) => ({
        esimProfile: named === undefined ? { eid: device } : { iccid: named },
      }),
      members: statusMembers,
    },
    retrieveOperation: {
      method: 'GET',
      path: `${basePath}/operations/{operationId}`,
      scope: scope('retrieve-operation'),
      success: 200,
      answer: 'Operation',
    },
  } as const satisfies Dialect['routes']
}

const shown: Reading = {
  operationId: '$.operationId',
  operation: '$.operation',
  eid: '$.esimProfile.eid',
  iccid: '$.esimProfile.iccid',
  status: '$.status',
  statuses: { ACCEPTED: 'accepted', COMPLETED: 'completed' },
  outcome: '$.result.outcome',
  outcomes: { SUCCESS: 'success', FAILED: 'failed' },
  completedAt: '$.result.completedAt',
  error: '$.result.failureReason',
}

const refusalsOf =
  (mismatch: string) =>
  ({ foreignIdentifier }: Readings): Readonly<Record<Situation, Refusal>> => {
    const unknown: Refusal = [404, 'IDENTIFIER_NOT_FOUND']
    const foreign: Refusal = foreignIdentifier === '403' ? [403, 'PERMISSION_DENIED'] : unknown
    return {
      'unknown to an operation': unknown,
      'foreign to an operation': foreign,
      'unknown to status': unknown,
      'foreign to status': foreign,
      'not a pair': [422, mismatch],
      'not a pair to status': [422, mismatch],
      'unknown operation': [404, 'NOT_FOUND'],
    }
  }

/** What the state of the profile does not allow is refused at once; what the device finds out has no code. */
const incompatible: Ending = { when: 'at once', error: [409, 'INCOMPATIBLE_STATE'] }
const failures = (): Readonly<Record<Failure, Ending>> => ({
  'not disabled': incompatible,
  'not enabled': incompatible,
  'enabled when deleted': incompatible,
  'fallback not allowed': { when: 'at once', error: [422, 'SERVICE_NOT_APPLICABLE'] },
  'download refused': { when: 'later' },
  unreachable: { when: 'later' },
})

const operations = ['download', 'enable', 'disable', 'delete', 'set-fallback']
const operationId = { type: 'string', pattern: '^[a-zA-Z0-9-_:.]+$', maxLength: 64 }

/** What is there if and only if a member says a certain word. */
const onlyIf = (member: object, required: string): Schema => onlyWhen({ properties: member }, required)

const schemas: SchemaTable = (object) => {
  const named = { operationId, operation: { enum: operations } }
  const accepted = {
    ...object({ ...named, status: { const: 'ACCEPTED' }, esimProfile: object({ eid }, { iccid }) }),
    not: { required: ['result'] },
  }
  const result = object(
    { completedAt: moment, outcome: { enum: ['SUCCESS', 'FAILED'] } },
    { failureReason: { type: 'string', minLength: 1, maxLength: 256 }, assignedIccid: iccid },
  )
  const explained = { ...result, ...onlyIf({ outcome: { const: 'FAILED' } }, 'failureReason') }
  const downloaded = { operation: { const: 'download' }, result: { properties: { outcome: { const: 'SUCCESS' } } } }
  const assigned = { properties: { result: { required: ['assignedIccid'] } } }
  return {
    AcceptedOperation: accepted,
    PendingOperation: accepted,
    CompletedOperation: {
      ...object({
        ...named,
        status: { const: 'COMPLETED' },
        esimProfile: object({ eid }, { iccid }),
        result: explained,
      }),
      ...when({ properties: downloaded }, assigned, {
        not: { properties: { result: { required: ['assignedIccid'] } } },
      }),
    },
    EsimStatusResponse: object({
      esimProfiles: {
        type: 'array',
        maxItems: 256,
        items: object({ eid, iccid, state: { enum: ['ENABLED', 'DISABLED'] }, isFallback: { type: 'boolean' } }),
      },
    }),
    ErrorInfo: errorInfo(object),
  }
}

interface ShownProfile {
  readonly state?: unknown
}

/** In the runner's words; a word that the dialect does not have stays as it is. */
const words: Readonly<Record<string, string>> = { ENABLED: 'enabled', DISABLED: 'disabled' }
function esims(json: unknown): unknown {
  const list = valueAt(json, '$.esimProfiles')
  if (!Array.isArray(list)) return list
  return list.map((profile: ShownProfile) => ({ ...profile, state: words[String(profile.state)] ?? profile.state }))
}

const dialectOf = ({ id, basePath, features, mismatch }: Version): Dialect => ({
  id,
  prefix: 'esim-profile-management',
  basePath,
  features: ['common', ...features],
  abilities: ['fallback', 'status-of-one', 'activation-code'],
  choices: {
    events: ['operation-completed'],
    stateConflicts: ['synchronous'],
    deleteEnabled: ['conflict'],
    unknownIdentifier: ['404'],
    foreignIdentifier: ['unknown', '403'],
    whenBusy: ['abort', 'queue'],
    subscriptions: ['synchronous'],
  },
  routes: routesOf(basePath),
  requested: { eid: '$.esimProfile.eid', iccid: '$.esimProfile.iccid' },
  accepted: shown,
  operation: shown,
  esims,
  assignsIccid: true,
  refusals: refusalsOf(mismatch),
  failures,
  correlator: /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/,
  schemas,
})

export const esimProfileManagementRc1 = dialectOf({
  id: 'esim-profile-management@0.1.0-rc.1',
  basePath: '/esim-profile-management/v0.1rc1',
  features: ['esim-profile-management', 'esim-profile-management-0.1.0-rc.1'],
  mismatch: 'IDENTIFIER_MISMATCH',
})

export const esimProfileManagementRc2 = dialectOf({
  id: 'esim-profile-management@0.1.0-rc.2',
  basePath: '/esim-profile-management/v0.1rc2',
  features: ['esim-profile-management', 'esim-profile-management-0.1.0-rc.2'],
  mismatch: 'ESIM_PROFILE_MANAGEMENT.IDENTIFIER_MISMATCH',
})
