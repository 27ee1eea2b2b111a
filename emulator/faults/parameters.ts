/** Parameters of a fault, held to their schemas and completed by their defaults. */
import { Ajv, type ValidateFunction } from 'ajv'
import type { Fault } from './fault.ts'
import type { Parameters } from './plan.ts'

const ajv = new Ajv({ useDefaults: true })

export const parametersSchema = ({ parameters }: Fault) => ({
  type: 'object',
  additionalProperties: false,
  properties: parameters,
})

const validators = new WeakMap<Fault, ValidateFunction>()

function validatorOf(row: Fault): ValidateFunction {
  const validate = validators.get(row) ?? ajv.compile(parametersSchema(row))
  validators.set(row, validate)
  return validate
}

/** A sentence: what is wrong with them. */
export function parametersOf(row: Fault, given: Parameters): Parameters | string {
  const parameters = { ...given }
  const validate = validatorOf(row)
  if (validate(parameters)) return parameters
  const [error] = validate.errors ?? []
  const name = error?.params['additionalProperty']
  if (name !== undefined) return `the parameter ${name} is not known.`
  return `the parameter ${error?.instancePath.slice(1)} ${error?.message}.`
}
