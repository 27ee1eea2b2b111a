/** Dialect esim-remote-management@wip, in the spelling of docs/dialects/esim-remote-management-wip.md. */
import { valueAt } from '../scenario/json-path.ts'
import type { Dialect, Ending, Failure, Member, Names, OperationName, Refusal, Route, Situation } from './dialect.ts'
import type { Readings } from './readings.ts'
import { cloudEvent, errorInfo, iccid, moment, onlyWhen, type SchemaTable } from './schemas.ts'

const basePath = '/esim-remote-management/vwip'
const scope = (name: string): string => `esim-remote-management:${name}`

const detail = '$.config.subscriptionDetail'
const eventTypes = 'org.camaraproject.esim-remote-management.v0.'

const eventMembers: readonly Member[] = [
  { path: '$.sink', kind: 'uri' },
  { path: '$.types', kind: 'list', wrong: [['operation-forgotten']] },
  { path: '$.config.initialEvent', kind: 'flag' },
  { path: '$.config.subscriptionMaxEvents', kind: 'number', wrong: [0, 1001, 1.5] },
  { path: '$.config.subscriptionExpireTime', kind: 'instant', wrong: ['2001-01-01T00:00:00Z'] },
]
const operationMembers: readonly Member[] = [
  { path: '$.config', kind: 'object', required: true },
  { path: detail, kind: 'object', required: true },
  { path: `${detail}.iccid`, kind: 'iccid', required: true },
  { path: `${detail}.optType`, kind: 'number', required: true, wrong: [0, 4, 1.5] },
  { path: `${detail}.eId`, kind: 'eid' },
  ...eventMembers,
]
const downloadMembers: readonly Member[] = [
  { path: '$.config', kind: 'object', required: true },
  { path: detail, kind: 'object', required: true },
  { path: `${detail}.iccid`, kind: 'iccid', required: true },
  { path: `${detail}.eId`, kind: 'eid', required: true },
  { path: `${detail}.imei`, kind: 'text', wrong: ['49015420323751'] },
  { path: `${detail}.autoEnableType`, kind: 'number', wrong: [0, 2] },
  ...eventMembers,
]
const envelopeMembers: readonly Member[] = [
  { path: '$.data', kind: 'object', required: true },
  { path: '$.timestamp', kind: 'instant' },
  { path: '$.sequenceNum', kind: 'text', wrong: ['not this', ''] },
  { path: '$.clientId', kind: 'text', wrong: ['not this', ''] },
]

const optTypes = { enable: 1, disable: 2, delete: 3 } as const

const operation = (starts: keyof typeof optTypes): Route => ({
  method: 'POST',
  path: `${basePath}/profile/oper`,
  scope: scope('oper'),
  success: 200,
  answer: 'AcceptedOperation',
  starts,
  body: ({ iccid: named, sink }) => ({
    protocol: 'HTTP',
    sink,
    config: { subscriptionDetail: { iccid: named, optType: optTypes[starts] } },
  }),
  members: operationMembers,
})

const inData: Names = { eid: '$.data.eId', iccid: '$.data.iccid' }

const routes = {
  downloadEsim: {
    method: 'POST',
    path: `${basePath}/profile/download`,
    scope: scope('download'),
    success: 200,
    answer: 'AcceptedOperation',
    starts: 'download',
    body: ({ eid, iccid: named, sink }) => ({
      protocol: 'HTTP',
      sink,
      config: { subscriptionDetail: { eId: eid, iccid: named } },
    }),
    members: downloadMembers,
  },
  enableEsim: operation('enable'),
  disableEsim: operation('disable'),
  deleteEsim: operation('delete'),
  getEsimStatus: {
    method: 'POST',
    path: `${basePath}/profile/downloaded-list`,
    scope: scope('downloadedlist'),
    success: 200,
    answer: 'EsimStatusResponse',
    names: inData,
    body: ({ eid }) => ({ data: { eId: eid } }),
    members: [...envelopeMembers, { path: '$.data.eId', kind: 'eid', required: true }],
  },
  retrieveOperation: {
    method: 'POST',
    path: `${basePath}/profile/result/query`,
    scope: scope('query'),
    success: 200,
    answer: 'Operation',
    names: inData,
    body: ({ operationId }) => ({ data: { taskId: operationId } }),
    members: [...envelopeMembers, { path: '$.data.taskId', kind: 'text', required: true, wrong: ['not this', ''] }],
  },
} as const satisfies Dialect['routes']

const told = {
  operationId: '$.data.taskId',
  eid: '$.data.eId',
  iccid: '$.data.iccid',
  status: '$.data.operResult',
  statuses: { '0': 'accepted', '1': 'completed', '2': 'completed' },
  outcome: '$.data.operResult',
  outcomes: { '0': '', '1': 'success', '2': 'failed' },
  error: '$.data.resultMsg',
} as const

const unknown: Refusal = [404, 'IDENTIFIER_NOT_FOUND']

function refusals({ foreignIdentifier }: Readings): Readonly<Record<Situation, Refusal>> {
  const foreign: Refusal = foreignIdentifier === '403' ? [403, 'PERMISSION_DENIED'] : unknown
  return {
    'unknown to an operation': unknown,
    'foreign to an operation': foreign,
    'unknown to status': unknown,
    'foreign to status': foreign,
    'not a pair': unknown,
    'not a pair to status': unknown,
    'unknown operation': [404, 'NOT_FOUND'],
  }
}

/** There is no 409 and there are no codes: whatever is wrong, the task says in words. */
const later: Ending = { when: 'later' }
const failures = (): Readonly<Record<Failure, Ending>> => ({
  'not disabled': later,
  'not enabled': later,
  'enabled when deleted': later,
  'fallback not allowed': later,
  'download refused': later,
  unreachable: later,
})

const eId = { type: 'string', pattern: '^[A-Fa-f0-9]{32}$' }
const taskId = { type: 'string', pattern: '^[a-zA-Z0-9\\-]{1,64}$' }
const sequenceNum = { type: 'string', pattern: '^[a-zA-Z0-9_\\-]{1,64}$' }

const schemas: SchemaTable = (object) => {
  const named = object(
    { iccid },
    { eId, imei: { type: 'string' }, optType: { enum: [1, 2, 3] }, autoEnableType: { const: 1 } },
  )
  const config = object(
    { subscriptionDetail: named },
    { initialEvent: { type: 'boolean' }, subscriptionMaxEvents: { type: 'integer' }, subscriptionExpireTime: moment },
  )
  const task = (operResult: readonly number[]) =>
    object(
      { taskId, eId, iccid, operResult: { enum: operResult }, resultMsg: { type: 'string', maxLength: 512 } },
      { imei: { type: 'string' } },
    )
  const answered = (data: object) =>
    object(
      {
        resultCode: { type: 'string', pattern: '^[A-Z][0-9]{6}$' },
        resultDesc: { type: 'string', maxLength: 256 },
        data,
      },
      { sequenceNum },
    )
  return {
    AcceptedOperation: {
      ...object(
        {
          code: { type: 'integer', minimum: 0, maximum: 999_999 },
          message: { type: 'string', maxLength: 256 },
          config,
        },
        { taskId },
      ),
      ...onlyWhen({ properties: { code: { const: 100_000 } } }, 'taskId'),
    },
    PendingOperation: answered(task([0])),
    CompletedOperation: answered(task([1, 2])),
    EsimStatusResponse: answered(
      object(
        { eId, profiles: { type: 'array', maxItems: 100, items: object({ iccid, enableStatus: { enum: [0, 1] } }) } },
        { imei: { type: 'string' } },
      ),
    ),
    ErrorInfo: errorInfo(object),
    EsimEventData: task([0, 1, 2]),
    CloudEvent: cloudEvent,
  }
}

interface ListedProfile {
  readonly iccid?: unknown
  readonly enableStatus?: unknown
}

/** In the runner's words; a word that the dialect does not have stays as it is. */
const states: Readonly<Record<string, string>> = { '0': 'disabled', '1': 'enabled' }
function esims(json: unknown): unknown {
  const list = valueAt(json, '$.data.profiles')
  if (!Array.isArray(list)) return list
  return list.map(({ iccid: named, enableStatus }: ListedProfile) => ({
    eid: valueAt(json, '$.data.eId'),
    iccid: named,
    state: states[String(enableStatus)] ?? String(enableStatus),
  }))
}

export const esimRemoteManagement: Dialect = {
  id: 'esim-remote-management@wip',
  prefix: 'esim-remote-management',
  basePath,
  features: ['common', 'esim-remote-management'],
  abilities: ['events', 'activation'],
  choices: {
    events: ['operation-completed'],
    stateConflicts: ['asynchronous'],
    deleteEnabled: ['conflict', 'auto-disable'],
    unknownIdentifier: ['404'],
    foreignIdentifier: ['unknown', '403'],
    whenBusy: ['queue'],
    subscriptions: ['synchronous'],
  },
  routes,
  requested: {
    eid: `${detail}.eId`,
    iccid: `${detail}.iccid`,
    activates: `${detail}.autoEnableType`,
    activation: 1,
  },
  accepted: {
    operationId: '$.taskId',
    eid: `${detail}.eId`,
    iccid: `${detail}.iccid`,
    status: '$.code',
    statuses: { '100000': 'accepted' },
  },
  operation: told,
  event: told,
  eventType: (_: OperationName) => ({ type: `${eventTypes}operation-completed`, requirement: 'events/type' }),
  initialEventType: `${eventTypes}operation-accepted`,
  esims,
  alwaysExplains: true,
  assignsIccid: false,
  refusals,
  failures,
  correlator: /^[a-zA-Z0-9-_:;./<>{}]{0,256}$/,
  schemas,
}
