/**
 * Implementation conformance statement (ICS): what an implementation declares where the dialect leaves a choice, and how long
 * the runner may wait for it. Defaults are the readings of docs/dialects.
 */
import { Ajv, type ErrorObject } from 'ajv'
import { parse } from 'yaml'
import { choicesOf, defaultReadings, type Readings } from './choices.ts'

export type { Readings } from './choices.ts'

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
    /** A completed operation is no longer kept after this time. Not declared: not asked. */
    readonly operationRetentionSeconds?: number
  }
  /** How long the runner waits before it calls something missing. */
  readonly timeouts: {
    readonly answerSeconds: number
    readonly completionSeconds: number
    readonly eventSeconds: number
    /** From a delivery that the sink did not take to the next attempt. */
    readonly redeliverySeconds: number
    /** For so long at least the implementation waits for the answer of a sink. */
    readonly sinkPatienceSeconds: number
    /** How much later than an event its 202 may arrive when the two took different ways. */
    readonly reorderingSeconds: number
  }
}

const DEFAULT_DIALECT = 'esim-management@0.1'

const defaults = {
  extensions: [],
  limits: { bodyOctets: 1_048_576 },
  timeouts: {
    answerSeconds: 10,
    completionSeconds: 30,
    eventSeconds: 15,
    redeliverySeconds: 60,
    sinkPatienceSeconds: 1,
    reorderingSeconds: 0.25,
  },
} as const satisfies Partial<Ics>

/** What an implementation says; the rest is as the dialect reads it. */
export type DeclaredIcs = Partial<Omit<Ics, 'readings'>> & { readonly readings?: Partial<Readings> }

export const completeIcs = (declared: DeclaredIcs): Ics => {
  const { dialect = DEFAULT_DIALECT, extensions = defaults.extensions, readings, limits, timeouts } = declared
  return {
    dialect,
    extensions,
    readings: { ...defaultReadings(dialect), ...readings },
    limits: { ...defaults.limits, ...limits },
    timeouts: { ...defaults.timeouts, ...timeouts },
  }
}

export const defaultIcs = completeIcs({})

const object = (properties: Record<string, object>, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values })
const positive = { type: 'number', exclusiveMinimum: 0 }

const schemaOf = (dialect: string) =>
  object(
    {
      dialect: { type: 'string' },
      readings: object(
        Object.fromEntries(Object.entries(choicesOf(dialect)).map(([name, words]) => [name, oneOf(...words)])),
      ),
      extensions: { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true },
      limits: object({
        bodyOctets: positive,
        operationTimeLimitSeconds: positive,
        operationRetentionSeconds: positive,
      }),
      timeouts: object(Object.fromEntries(Object.keys(defaults.timeouts).map((name) => [name, positive]))),
    },
    ['dialect'],
  )

/** The statement written in YAML, completed with the defaults. Throws a sentence that names what is wrong. */
export function readIcs(yaml: string): Ics {
  const declared = parse(yaml) as DeclaredIcs | null
  const validate = new Ajv({ allErrors: true }).compile(schemaOf(declared?.dialect ?? DEFAULT_DIALECT))
  if (!validate(declared)) throw new Error(`ICS: ${(validate.errors ?? []).map(sentence).join('; ')}`)
  return completeIcs(declared as DeclaredIcs)
}

const sentence = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || 'the statement'} ${message}${'additionalProperty' in params ? ` (${params.additionalProperty})` : ''}`
