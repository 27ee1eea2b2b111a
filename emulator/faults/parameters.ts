/** Parameters of a fault, held to their schemas and completed by their defaults. */
import { Ajv } from 'ajv'
import type { Fault } from './fault.ts'
import type { Parameters } from './plan.ts'

const ajv = new Ajv({ useDefaults: true })

export const parametersSchema = ({ parameters }: Fault) => ({
  type: 'object',
  additionalProperties: false,
  properties: parameters,
})

/** A sentence: what is wrong with them. */
export function parametersOf(row: Fault, given: Parameters): Parameters | string {
  const parameters = { ...given }
  const schema = parametersSchema(row)
  if (ajv.validate(schema, parameters)) return parameters
  const [error] = ajv.errors ?? []
  const name = error?.params['additionalProperty']
  if (name !== undefined) return `the parameter ${name} is not known.`
  return `the parameter ${error?.instancePath.slice(1)} ${error?.message}.`
}
