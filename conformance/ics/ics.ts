/**
 * Implementation conformance statement (ICS): what an implementation declares where the dialect leaves a choice, and how long
 * the runner may wait for it. Defaults are the readings of docs/dialects/esim-management-0.1.md.
 */
import { Ajv, type ErrorObject } from 'ajv'
import { parse } from 'yaml'

export interface Readings {
  readonly events: 'named' | 'operation-completed'
  readonly stateConflicts: 'asynchronous' | 'synchronous'
  readonly deleteEnabled: 'auto-disable' | 'conflict'
  readonly unknownIdentifier: '422' | '404' | '403'
}

export interface Ics {
  readonly dialect: string
  readonly readings: Readings
  /** Members of responses and events beyond those of the dialect. One that is not declared is a finding. */
  readonly extensions: readonly string[]
  readonly limits: {
    /** A request body above this is refused. */
    readonly bodyOctets: number
    /** An operation that cannot reach its device fails after this time. Not declared: not asked. */
    readonly operationTimeLimitSeconds?: number
  }
  /** How long the runner waits before it calls something missing. */
  readonly timeouts: {
    readonly answerSeconds: number
    readonly completionSeconds: number
    readonly eventSeconds: number
    /** From a delivery that the sink did not take to the next attempt. */
    readonly redeliverySeconds: number
    /** How much later than an event its 202 may arrive when the two took different ways. */
    readonly reorderingSeconds: number
  }
}

export const defaultIcs = {
  dialect: 'esim-management@0.1',
  readings: {
    events: 'named',
    stateConflicts: 'asynchronous',
    deleteEnabled: 'auto-disable',
    unknownIdentifier: '422',
  },
  extensions: [],
  limits: { bodyOctets: 1_048_576 },
  timeouts: {
    answerSeconds: 10,
    completionSeconds: 30,
    eventSeconds: 15,
    redeliverySeconds: 60,
    reorderingSeconds: 0.25,
  },
} as const satisfies Ics

const object = (properties: Record<string, object>, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values })
const positive = { type: 'number', exclusiveMinimum: 0 }

const schema = object(
  {
    dialect: { type: 'string' },
    readings: object({
      events: oneOf('named', 'operation-completed'),
      stateConflicts: oneOf('asynchronous', 'synchronous'),
      deleteEnabled: oneOf('auto-disable', 'conflict'),
      unknownIdentifier: oneOf('422', '404', '403'),
    }),
    extensions: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true },
    limits: object({ bodyOctets: positive, operationTimeLimitSeconds: positive }),
    timeouts: object(Object.fromEntries(Object.keys(defaultIcs.timeouts).map((name) => [name, positive]))),
  },
  ['dialect'],
)

const validate = new Ajv({ allErrors: true }).compile(schema)

/** The statement written in YAML, completed with the defaults. Throws a sentence that names what is wrong. */
export function readIcs(yaml: string): Ics {
  const declared = parse(yaml) as Partial<Ics>
  if (!validate(declared)) throw new Error(`ICS: ${(validate.errors ?? []).map(sentence).join('; ')}`)
  return completeIcs(declared)
}

export const completeIcs = (declared: Partial<Ics>): Ics => ({
  dialect: declared.dialect ?? defaultIcs.dialect,
  extensions: declared.extensions ?? defaultIcs.extensions,
  readings: { ...defaultIcs.readings, ...declared.readings },
  limits: { ...defaultIcs.limits, ...declared.limits },
  timeouts: { ...defaultIcs.timeouts, ...declared.timeouts },
})

const sentence = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || 'the statement'} ${message}${'additionalProperty' in params ? ` (${params.additionalProperty})` : ''}`
