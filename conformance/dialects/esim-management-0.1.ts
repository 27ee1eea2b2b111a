/** What the runner knows of dialect esim-management@0.1: routes, scopes, event types and the schemas of answers and events. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { Ics } from '../ics/ics.ts'

export type OperationName = 'download' | 'enable' | 'disable' | 'delete' | 'set-fallback'

export interface Route {
  readonly method: 'POST' | 'GET'
  readonly path: string
  readonly scope: string
  /** The operation that the route starts; absent for the two that only read. */
  readonly starts?: OperationName
}

const scope = (name: string): string => `iot-device-management:esims:${name}`

export const scopes = ['download', 'enable', 'disable', 'delete', 'read'].map(scope)

/** By operationId of the OpenAPI draft. */
export const routes = {
  downloadEsim: { method: 'POST', path: '/esim/download', scope: scope('download'), starts: 'download' },
  enableEsim: { method: 'POST', path: '/esim/enable', scope: scope('enable'), starts: 'enable' },
  disableEsim: { method: 'POST', path: '/esim/disable', scope: scope('disable'), starts: 'disable' },
  deleteEsim: { method: 'POST', path: '/esim/delete', scope: scope('delete'), starts: 'delete' },
  setFallbackEsim: { method: 'POST', path: '/esim/set-fallback', scope: scope('enable'), starts: 'set-fallback' },
  getEsimStatus: { method: 'POST', path: '/esim/retrieve-status', scope: scope('read') },
  retrieveOperation: { method: 'GET', path: '/esim/operations/{operationId}', scope: scope('read') },
} as const satisfies Record<string, Route>

export type RequestName = keyof typeof routes
export const isRequestName = (name: string): name is RequestName => name in routes

const eventNames: Readonly<Record<OperationName, string>> = {
  download: 'esim-downloaded',
  enable: 'esim-enabled',
  disable: 'esim-disabled',
  delete: 'esim-deleted',
  'set-fallback': 'esim-fallback-set',
}

/** The event type under the declared reading. */
export const eventType = (operation: OperationName, { readings }: Ics): string =>
  readings.events === 'named'
    ? `org.camaraproject.esim-management.v0.${eventNames[operation]}`
    : 'com.camara.esim-management.vwip.operation-completed'

type Schema = Readonly<Record<string, unknown>>

const eid = { type: 'string', pattern: '^[0-9]{32}$' }
const iccid = { type: 'string', pattern: '^[0-9]{19,20}$' }
const uuid = { type: 'string', format: 'uuid' }
const moment = { type: 'string', format: 'date-time', maxLength: 64 }
const operation = { enum: Object.keys(eventNames) }
const outcome = { enum: ['success', 'failed', 'cancelled'] }

/** `closed`: members that are not named here are refused, but for those the conformance statement declares. */
function schemas(closed: boolean, extensions: readonly string[]): Readonly<Record<string, Schema>> {
  const declared = Object.fromEntries(extensions.map((name) => [name, true]))
  const object = (
    required: Readonly<Record<string, unknown>>,
    optional: Readonly<Record<string, unknown>> = {},
  ): Schema => ({
    type: 'object',
    properties: { ...declared, ...required, ...optional },
    required: Object.keys(required),
    ...(closed ? { additionalProperties: false } : {}),
  })
  const errorInfo = object(
    {
      status: { type: 'integer', minimum: 100, maximum: 599 },
      code: { type: 'string', minLength: 1 },
      message: { type: 'string', minLength: 1 },
    },
    { details: { type: 'string' } },
  )
  const esim = object({ iccid }, { eid })
  const failed = { properties: { outcome: { const: 'failed' } } }
  const errorIf = (test: Schema): Schema => ({
    if: test,
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['error'] },
    else: { not: { required: ['error'] } },
  })
  const result = object({ outcome, completedAt: moment }, { error: errorInfo })
  return {
    AcceptedOperation: {
      ...object({ operationId: uuid, operation, status: { const: 'accepted' }, esim }),
      not: { required: ['result'] },
    },
    CompletedOperation: object({
      operationId: uuid,
      operation,
      status: { const: 'completed' },
      esim,
      result: { ...result, ...errorIf(failed) },
    }),
    EsimStatusResponse: object({
      esims: {
        type: 'array',
        items: object({ eid, iccid, state: { enum: ['enabled', 'disabled'] }, isFallback: { type: 'boolean' } }),
      },
    }),
    ErrorInfo: errorInfo,
    EsimEventData: {
      ...object(
        {
          operationId: uuid,
          operation,
          status: { const: 'completed' },
          esim: object({ eid, iccid }),
          result: object({ outcome, completedAt: moment }),
        },
        { error: errorInfo },
      ),
      ...errorIf({ properties: { result: failed } }),
    },
    CloudEvent: cloudEvent,
  }
}

/** CloudEvents 1.0.2, JSON format: further attributes are allowed, but their names are lower case letters and digits and their values plain. */
const cloudEvent: Schema = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type', 'time', 'datacontenttype', 'data'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 256 },
    source: { type: 'string', format: 'uri-reference', minLength: 1, maxLength: 2048 },
    specversion: { const: '1.0' },
    type: { type: 'string', minLength: 1, maxLength: 512 },
    time: moment,
    datacontenttype: { const: 'application/json' },
    data: { type: 'object' },
  },
  patternProperties: { '^[a-z0-9]+$': true },
  additionalProperties: false,
}

export type SchemaName =
  | 'AcceptedOperation'
  | 'CompletedOperation'
  | 'EsimStatusResponse'
  | 'ErrorInfo'
  | 'EsimEventData'
  | 'CloudEvent'

/** What is wrong with a value, one sentence each; nothing when it complies. */
export type SchemaCheck = (name: SchemaName, value: unknown) => readonly string[]

export interface SchemaChecks {
  readonly complies: SchemaCheck
  /** Only about members that nobody named. */
  readonly undeclared: SchemaCheck
}

export function schemaChecks({ extensions }: Ics): SchemaChecks {
  const open = compile(schemas(false, extensions))
  const closed = compile(schemas(true, extensions))
  return {
    complies: (name, value) => errorsOf(open[name], value).map(sentence),
    undeclared: (name, value) =>
      errorsOf(closed[name], value)
        .filter(({ keyword }) => keyword === 'additionalProperties')
        .map(sentence),
  }
}

function compile(table: Readonly<Record<string, Schema>>): Readonly<Record<string, ValidateFunction>> {
  const ajv = new Ajv({ allErrors: true, strict: false })
  addFormats.default(ajv)
  return Object.fromEntries(Object.entries(table).map(([name, schema]) => [name, ajv.compile(schema)]))
}

function errorsOf(validate: ValidateFunction | undefined, value: unknown): readonly ErrorObject[] {
  if (validate === undefined) throw new Error('no schema of this name')
  return validate(value) ? [] : (validate.errors ?? [])
}

const sentence = ({ instancePath, message, params }: ErrorObject): string =>
  `$${instancePath.replaceAll('/', '.')} ${message}${detail(params)}`

const detail = (params: Readonly<Record<string, unknown>>): string => {
  const values = Object.values(params).filter((value) => value !== undefined && typeof value !== 'object')
  return values.length === 0 ? '' : ` (${values.join(', ')})`
}
