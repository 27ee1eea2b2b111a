/** Dialect esim-management@0.1, in the spelling of docs/dialects/esim-management-0.1.md. */
import { valueAt } from '../scenario/json-path.ts'
import type { Dialect, Ending, Failure, Member, OperationName, Refusal, Route, Situation } from './dialect.ts'
import type { Readings } from './readings.ts'
import { cloudEvent, eid, errorInfo, iccid, moment, onlyWhen, type Schema, type SchemaTable, uuid } from './schemas.ts'

const scope = (name: string): string => `iot-device-management:esims:${name}`

const sinkMembers: readonly Member[] = [
  { path: '$.sink', kind: 'uri', required: true },
  { path: '$.sinkCredential', kind: 'object' },
  { path: '$.correlationId', kind: 'text' },
]
const operationMembers: readonly Member[] = [
  { path: '$.esim', kind: 'object', required: true },
  { path: '$.esim.iccid', kind: 'iccid', required: true },
  { path: '$.esim.eid', kind: 'eid' },
  ...sinkMembers,
]
const downloadMembers: readonly Member[] = [
  ...operationMembers.map((member) => ({
    ...member,
    ...(member.path === '$.esim.eid' && { required: true as const }),
  })),
  { path: '$.activationCode', kind: 'text', required: true },
  { path: '$.activateOnDownload', kind: 'flag' },
]
const statusMembers: readonly Member[] = [
  { path: '$.esim', kind: 'object', required: true },
  { path: '$.esim.iccid', kind: 'iccid' },
  { path: '$.esim.eid', kind: 'eid' },
]

const operation = (starts: Exclude<OperationName, 'download'>, granted: string = starts) =>
  ({
    method: 'POST',
    path: `/esim/${starts}`,
    scope: scope(granted),
    success: 202,
    answer: 'AcceptedOperation',
    starts,
    body: ({ iccid: named, sink }) => ({ esim: { iccid: named }, sink }),
    members: operationMembers,
  }) as const satisfies Route

export const routes = {
  downloadEsim: {
    method: 'POST',
    path: '/esim/download',
    scope: scope('download'),
    success: 202,
    answer: 'AcceptedOperation',
    starts: 'download',
    body: ({ eid: device, iccid: named, activationCode, sink }) => ({
      esim: { eid: device, iccid: named },
      activationCode,
      sink,
    }),
    members: downloadMembers,
  },
  enableEsim: operation('enable'),
  disableEsim: operation('disable'),
  deleteEsim: operation('delete'),
  setFallbackEsim: operation('set-fallback', 'enable'),
  getEsimStatus: {
    method: 'POST',
    path: '/esim/retrieve-status',
    scope: scope('read'),
    success: 200,
    answer: 'EsimStatusResponse',
    body: ({ eid: device, iccid: named }) => ({ esim: named === undefined ? { eid: device } : { iccid: named } }),
    members: statusMembers,
  },
  retrieveOperation: {
    method: 'GET',
    path: '/esim/operations/{operationId}',
    scope: scope('read'),
    success: 200,
    answer: 'Operation',
  },
} as const satisfies Dialect['routes']

const eventNames: Readonly<Record<OperationName, string>> = {
  download: 'esim-downloaded',
  enable: 'esim-enabled',
  disable: 'esim-disabled',
  delete: 'esim-deleted',
  'set-fallback': 'esim-fallback-set',
}

/** The event type under the declared reading. */
export const eventType = (operation: OperationName, { events }: Readings) =>
  events === 'operation-completed'
    ? { type: 'com.camara.esim-management.vwip.operation-completed', requirement: 'events/one-type' }
    : {
        type: `org.camaraproject.esim-management.v0.${eventNames[operation]}`,
        requirement: 'events/named-after-operation',
      }

const statuses = { accepted: 'accepted', completed: 'completed' } as const
const outcomes = { success: 'success', failed: 'failed', cancelled: 'cancelled' } as const
const shown = {
  operationId: '$.operationId',
  operation: '$.operation',
  eid: '$.esim.eid',
  iccid: '$.esim.iccid',
  status: '$.status',
  statuses,
  outcome: '$.result.outcome',
  outcomes,
  completedAt: '$.result.completedAt',
  error: '$.result.error',
}

const unknown: Readonly<Record<Readings['unknownIdentifier'], Refusal>> = {
  '422': [422, 'SERVICE_NOT_APPLICABLE'],
  '404': [404, 'IDENTIFIER_NOT_FOUND'],
  '403': [403, 'PERMISSION_DENIED'],
}

/** A foreign device is answered like an unknown one. */
function refusals({ unknownIdentifier }: Readings): Readonly<Record<Situation, Refusal>> {
  const toOperation = unknown[unknownIdentifier]
  const toStatus = unknownIdentifier === '422' ? unknown['404'] : toOperation
  return {
    'unknown to an operation': toOperation,
    'foreign to an operation': toOperation,
    'unknown to status': toStatus,
    'foreign to status': toStatus,
    'not a pair': [422, 'SERVICE_NOT_APPLICABLE'],
    'not a pair to status': [422, 'SERVICE_NOT_APPLICABLE'],
    'unknown operation': [404, 'NOT_FOUND'],
  }
}

function failures({ stateConflicts }: Readings): Readonly<Record<Failure, Ending>> {
  const conflict = (code: string): Ending => ({
    when: stateConflicts === 'synchronous' ? 'at once' : 'later',
    error: [422, code],
  })
  return {
    'not disabled': conflict('ESIM_NOT_DISABLED'),
    'enabled when deleted': conflict('ESIM_NOT_DISABLED'),
    'not enabled': conflict('ESIM_NOT_ENABLED'),
    'fallback not allowed': { when: 'later', error: [422, 'ESIM_FALLBACK_NOT_ALLOWED'] },
    'download refused': { when: 'later', error: [422, 'ESIM_DOWNLOAD_FAILED'] },
    unreachable: { when: 'later', error: [504, 'ESIM_DEVICE_UNREACHABLE'] },
  }
}

const schemas: SchemaTable = (object) => {
  const named = { enum: Object.keys(eventNames) }
  const outcome = { enum: Object.keys(outcomes) }
  const error = errorInfo(object)
  const esim = object({ iccid }, { eid })
  const failed = { properties: { outcome: { const: 'failed' } } }
  const errorIf = (test: Schema): Schema => onlyWhen(test, 'error')
  const accepted = {
    ...object({ operationId: uuid, operation: named, status: { const: 'accepted' }, esim }),
    not: { required: ['result'] },
  }
  return {
    AcceptedOperation: accepted,
    PendingOperation: accepted,
    CompletedOperation: object({
      operationId: uuid,
      operation: named,
      status: { const: 'completed' },
      esim,
      result: { ...object({ outcome, completedAt: moment }, { error }), ...errorIf(failed) },
    }),
    EsimStatusResponse: object({
      esims: {
        type: 'array',
        items: object({ eid, iccid, state: { enum: ['enabled', 'disabled'] }, isFallback: { type: 'boolean' } }),
      },
    }),
    ErrorInfo: error,
    EsimEventData: {
      ...object(
        {
          operationId: uuid,
          operation: named,
          status: { const: 'completed' },
          esim: object({ eid, iccid }),
          result: object({ outcome, completedAt: moment }),
        },
        { error },
      ),
      ...errorIf({ properties: { result: failed } }),
    },
    CloudEvent: cloudEvent,
  }
}

export const esimManagement01: Dialect = {
  id: 'esim-management@0.1',
  prefix: 'esim-management',
  basePath: '/esim',
  features: ['common', 'esim-management-0.1'],
  abilities: ['events', 'fallback', 'status-of-one', 'error-codes', 'activation', 'activation-code'],
  choices: {
    events: ['named', 'operation-completed'],
    stateConflicts: ['asynchronous', 'synchronous'],
    deleteEnabled: ['auto-disable', 'conflict'],
    unknownIdentifier: ['422', '404', '403'],
    foreignIdentifier: ['unknown'],
    whenBusy: ['queue'],
    subscriptions: ['synchronous'],
  },
  routes,
  requested: { eid: '$.esim.eid', iccid: '$.esim.iccid', activates: '$.activateOnDownload', activation: true },
  accepted: shown,
  operation: shown,
  event: {
    operationId: '$.data.operationId',
    operation: '$.data.operation',
    eid: '$.data.esim.eid',
    iccid: '$.data.esim.iccid',
    status: '$.data.status',
    statuses,
    outcome: '$.data.result.outcome',
    outcomes,
    completedAt: '$.data.result.completedAt',
    error: '$.data.error',
  },
  eventType,
  esims: (json) => valueAt(json, '$.esims'),
  assignsIccid: false,
  refusals,
  failures,
  correlator: /^[a-zA-Z0-9-_:;.\\/<>{}]{0,256}$/,
  schemas,
}
