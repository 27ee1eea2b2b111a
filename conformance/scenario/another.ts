/** Whether an answer or an event speaks of the operation it is held against. */
import type { Told } from '../dialects/dialect.ts'
import { namesEsim } from './iccid.ts'
import type { Operation, Scenario } from './model.ts'

/** What is said of another operation or another eSIM than the one that was accepted. */
export function anotherOperation({ session: { dialect } }: Scenario, operation: Operation, told: Told) {
  const { operationId, name, eid, iccid } = operation
  const isKnown = !dialect.assignsIccid || name !== 'download' || told.outcome === 'success'
  const same = told.operationId === operationId && (told.operation === undefined || told.operation === name)
  if (same && namesEsim(told.esim, operation, isKnown)) return undefined
  const actual = { operationId: told.operationId, operation: told.operation, esim: told.esim }
  return { expected: { operationId, operation: name, esim: { eid, iccid } }, actual }
}
