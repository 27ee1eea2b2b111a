/** What schemas of the control API are made of. */
import { sgp32Versions } from '../../../../protocol/sgp32/index.ts'
import type { JsonSchema } from '../../../rest/index.ts'

export const eid: JsonSchema = { type: 'string', pattern: '^[0-9]{32}$' }
export const iccid: JsonSchema = { type: 'string', pattern: '^[0-9]{18,20}$' }
export const text: JsonSchema = { type: 'string' }
export const flag: JsonSchema = { type: 'boolean' }
export const count: JsonSchema = { type: 'integer', minimum: 0 }
export const chance: JsonSchema = { type: 'number', minimum: 0, maximum: 1 }
export const instant: JsonSchema = { type: 'string', format: 'date-time', description: 'RFC 3339 with milliseconds' }
/** At least one octet, as somebody sends it. */
export const hex: JsonSchema = { type: 'string', pattern: '^([0-9a-fA-F]{2})+$' }
/** Perhaps none, as they are shown and come back. */
export const octets: JsonSchema = { type: 'string', pattern: '^([0-9a-f]{2})*$' }
/** Of a list: how many at most. */
export const page: JsonSchema = { type: 'integer', minimum: 1, maximum: 1000, default: 100 }
export const state: JsonSchema = { type: 'string', enum: ['enabled', 'disabled'] }
export const specification: JsonSchema = { type: 'string', enum: sgp32Versions }

export const list = (items: JsonSchema, bounds: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...bounds })

/** Every property is required but those named. */
export const record = (
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})
