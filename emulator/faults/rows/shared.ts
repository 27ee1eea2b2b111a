/** Parameters that several faults have. */
import type { ParameterSchema } from '../fault.ts'

export const bit = {
  type: 'integer',
  minimum: 0,
  maximum: 4095,
  default: 0,
  description:
    'index of the bit, from the first octet on, the most significant one being 0; beyond the end it counts again from the start',
} as const satisfies ParameterSchema

export const delayMs = (byDefault: number) =>
  ({
    type: 'integer',
    minimum: 0,
    maximum: 86_400_000,
    default: byDefault,
    description: 'milliseconds, by the clock of the testbed',
  }) as const satisfies ParameterSchema

export const share = (what: string) =>
  ({
    type: 'integer',
    minimum: 0,
    maximum: 99,
    default: 50,
    description: `percent ${what}`,
  }) as const satisfies ParameterSchema

export const httpStatus = (byDefault: number) =>
  ({
    type: 'integer',
    minimum: 400,
    maximum: 599,
    default: byDefault,
    description: 'HTTP status',
  }) as const satisfies ParameterSchema
