/** Schemas of answers and events: what those of all dialects are made of, and how a value is held against them. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

export type SchemaName =
  | 'AcceptedOperation'
  | 'PendingOperation'
  | 'CompletedOperation'
  | 'EsimStatusResponse'
  | 'ErrorInfo'
  | 'EsimEventData'
  | 'CloudEvent'
  | 'Subscription'
  | 'Subscriptions'
  | 'SubscriptionEventData'
  | 'Nothing'

export type Schema = Readonly<Record<string, unknown>>
type Properties = Readonly<Record<string, unknown>>
type Make = (required: Properties, optional?: Properties) => Schema

/** Made once for members that may be added, and once for none but those that are named or declared. */
export type SchemaTable = (object: Make) => Readonly<Partial<Record<SchemaName, Schema>>>

export const eid = { type: 'string', pattern: '^[0-9]{32}$' }
export const iccid = { type: 'string', pattern: '^[0-9]{19,20}$' }
export const uuid = { type: 'string', format: 'uuid' }
export const moment = { type: 'string', format: 'date-time', maxLength: 64 }

/** `if`, `then` and `else` of JSON Schema. */
export const when = (test: Schema, holds: Schema, fails: Schema): Schema => ({
  if: test,
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so, and nobody awaits a schema.
  then: holds,
  else: fails,
})

/** What is there if and only if a test holds. */
export const onlyWhen = (test: Schema, required: string): Schema =>
  when(test, { required: [required] }, { not: { required: [required] } })

/** CAMARA Commonalities, ErrorInfo. */
export const errorInfo = (object: Make): Schema =>
  object(
    {
      status: { type: 'integer', minimum: 100, maximum: 599 },
      code: { type: 'string', minLength: 1 },
      message: { type: 'string', minLength: 1 },
    },
    { details: { type: 'string' } },
  )

/** CloudEvents 1.0.2, JSON format: further attributes are allowed, but their names are lower case letters and digits and their values plain. */
export const cloudEvent: Schema = {
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

/** What is wrong with a value, one sentence each; nothing when it complies. */
export type SchemaCheck = (name: SchemaName, value: unknown) => readonly string[]

export interface SchemaChecks {
  readonly complies: SchemaCheck
  /** Only about members that nobody named. */
  readonly undeclared: SchemaCheck
}

/** Members beyond those of the dialect. */
interface Declared {
  readonly extensions: readonly string[]
}

export function schemaChecks(table: SchemaTable, { extensions }: Declared): SchemaChecks {
  const open = compile(table(maker(false, extensions)))
  const closed = compile(table(maker(true, extensions)))
  return {
    complies: (name, value) => errorsOf(open[name], value).map(sentence),
    undeclared: (name, value) =>
      errorsOf(closed[name], value)
        .filter(({ keyword }) => keyword === 'additionalProperties')
        .map(sentence),
  }
}

/** `closed`: members that are not named are refused, but for those the conformance statement declares. */
const maker = (closed: boolean, extensions: readonly string[]): Make => {
  const declared = Object.fromEntries(extensions.map((name) => [name, true]))
  return (required, optional = {}) => ({
    type: 'object',
    properties: { ...declared, ...required, ...optional },
    required: Object.keys(required),
    ...(closed ? { additionalProperties: false } : {}),
  })
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
