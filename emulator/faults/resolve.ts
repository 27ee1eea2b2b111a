import { type FaultName, faultNames, faults } from './catalogue.ts'
import type { Fault } from './fault.ts'
import { parametersOf } from './parameters.ts'
import { type FaultRequest, isNarrowing, type Parameters } from './plan.ts'

/** The row that a request names, and its parameters. A sentence: what of the request cannot be. */
export function resolve(request: FaultRequest): { readonly row: Fault; readonly parameters: Parameters } | string {
  const { fault, message } = request
  const row = Object.hasOwn(faults, fault) ? faults[fault as FaultName] : undefined
  if (!row) return `There is no fault ${fault}; there are ${faultNames.join(', ')}.`
  if (message !== undefined && !isNarrowing(row, message))
    return `${fault} is for ${row.place.message}, not for ${message}.`
  const parameters = parametersOf(row, request.parameters ?? {})
  return typeof parameters === 'string' ? `${fault}: ${parameters}` : { row, parameters }
}
