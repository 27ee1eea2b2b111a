/** A package under way: SGP.32 v1.2, 3.3.1 step 5. What its items do is done to a copy of the memory. */
import type { EuiccResultData } from '../../../protocol/sgp32/index.ts'
import { type Check, firstFailing, type RefusalRow } from '../check.ts'
import type { EventDraft } from '../events.ts'
import type { DueNotification } from '../notifications.ts'
import type { EuiccProduct } from '../product.ts'
import { isToolkitBusy, markedProfile } from '../refresh.ts'
import type { EuiccState, Memory } from '../state.ts'

export interface PackageRun {
  readonly product: EuiccProduct
  readonly memory: Memory
  /** Kinds of the operations that succeeded. */
  readonly done: readonly string[]
  readonly results: readonly EuiccResultData[]
  readonly events: readonly Omit<EventDraft, 'cause'>[]
  readonly due: readonly DueNotification[]
  /** ICCID of the profile that an earlier operation of the package has disabled. */
  readonly disabled: string | undefined
  /** No switch can be made. */
  readonly isBusy: boolean
  /** ICCID of the profile that a switch under way is to enable. */
  readonly marked: string | undefined
  /** ICCID of the profile that a rollback of the package would enable. */
  readonly rollbackTo: string | undefined
}

/** The first operation without success is the last one that is looked at. */
export interface Outcome {
  readonly run: PackageRun
  readonly succeeded: boolean
}

type ResultKind = EuiccResultData['kind']
export type ResultOf<K extends ResultKind> = Extract<EuiccResultData, { kind: K }>['value']

interface OperationRow<K extends ResultKind, Value, Facts> {
  readonly result: K
  facts(run: PackageRun, value: Value): Facts
  readonly checks: readonly (Check<NoInfer<Facts>> & { readonly otherwise: ResultOf<K> })[]
  /** What changes, and the result. */
  execute(run: PackageRun, facts: NoInfer<Facts>): { readonly run: PackageRun; readonly value: ResultOf<K> }
}

export interface Operation<Value> {
  (run: PackageRun, value: Value, name: string): Outcome
  /** In their order. */
  readonly checks: readonly RefusalRow[]
}

/** An operation of a package as a row: the first check that does not hold decides, and leaves everything as it was. */
export function operation<K extends ResultKind, Value, Facts>(row: OperationRow<K, Value, Facts>): Operation<Value> {
  const kind = row.result
  const execute = (run: PackageRun, operand: Value, name: string): Outcome => {
    const facts = row.facts(run, operand)
    const refused = firstFailing(row.checks, facts)
    if (refused) {
      const result = { kind, value: refused.otherwise } as EuiccResultData
      const events = [...run.events, { type: 'refused', check: refused.id, detail: name } as const]
      return { run: changedRun(run, { events, results: [...run.results, result] }), succeeded: false }
    }
    const { run: after, value } = row.execute(run, facts)
    const result = { kind, value } as EuiccResultData
    const next = changedRun(after, { done: [...after.done, name], results: [...after.results, result] })
    return { run: next, succeeded: true }
  }
  return Object.assign(execute, { checks: row.checks })
}

/** As with the state of a card: one literal for all. */
export function changedRun(run: PackageRun, changes: Partial<PackageRun>): PackageRun {
  const { product, memory, isBusy, marked, done, results, events, due, disabled, rollbackTo } = run
  return Object.assign({ product, memory, isBusy, marked, done, results, events, due, disabled, rollbackTo }, changes)
}

export const startRun = (state: EuiccState, memory: Memory): PackageRun => ({
  product: state.product,
  memory,
  isBusy: isToolkitBusy(state),
  marked: markedProfile(state),
  done: [],
  results: [],
  events: [],
  due: [],
  disabled: undefined,
  rollbackTo: undefined,
})
