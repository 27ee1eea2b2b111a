/** A scenario: the faults that a testbed starts with. Unknown keys are refused. */
import { Ajv } from 'ajv'
import { faultNames } from './catalogue.ts'
import type { FaultRequest } from './plan.ts'
import { resolve } from './resolve.ts'

export interface Scenario {
  readonly description?: string
  /** Of faults that name none. */
  readonly seed: number
  readonly faults: readonly FaultRequest[]
}

const seed = { type: 'integer', description: 'the same seed gives the same strikes' } as const

const when = {
  type: 'object',
  additionalProperties: false,
  description: 'which occurrences of its message at a device are struck',
  properties: {
    nth: { type: 'integer', minimum: 1, default: 1, description: 'the first one that is struck' },
    count: { type: 'integer', minimum: 1, description: 'so many for each device; absent: until cleared' },
    chance: { type: 'number', minimum: 0, maximum: 1, default: 1, description: 'of each one to be struck' },
  },
} as const

/** JSON schema of one fault to be switched on, in a scenario and in the control API. */
export const faultRequestSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['fault'],
  properties: {
    fault: { type: 'string', enum: [...faultNames] },
    parameters: {
      type: 'object',
      additionalProperties: { type: ['number', 'string', 'boolean'] },
      description: 'as the catalogue says; what is absent has its default',
    },
    devices: {
      type: 'array',
      minItems: 1,
      items: { type: 'string', pattern: '^[0-9]{32}$' },
      description: 'EIDs; absent: every device, and messages that name none',
    },
    message: {
      type: 'string',
      pattern: '^(\\*|[A-Za-z0-9+]+\\.[A-Za-z0-9*]+)$',
      description: 'narrows the place of a fault that is for several messages: `ES9+.*`, `ESipa.GetEimPackage`',
    },
    when,
    seed,
  },
} as const

const scenarioSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['faults'],
  properties: {
    description: { type: 'string' },
    seed: { ...seed, default: 0 },
    faults: { type: 'array', items: faultRequestSchema },
  },
} as const

/** A sentence: why it is none. */
export function readScenario(content: unknown): Scenario | string {
  const validate = new Ajv({ useDefaults: true, allowUnionTypes: true }).compile<Scenario>(scenarioSchema)
  if (validate(content)) return content.faults.map(resolve).find((row) => typeof row === 'string') ?? content
  const [error] = validate.errors ?? []
  const path = error?.instancePath.slice(1).replaceAll('/', '.') || 'the scenario'
  if (error?.keyword === 'additionalProperties')
    return `${path} has the unknown key ${error.params['additionalProperty']}.`
  if (error?.keyword === 'enum') return `${path} ${error.message}: ${error.params['allowedValues'].join(', ')}.`
  return `${path} ${error?.message}.`
}
