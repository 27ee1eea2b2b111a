/** The queue of packages of one eUICC: one is with the IPA, the others wait in order of arrival. */
import type { Package, PackageOrder, PackageResult, PackageState } from './model.ts'
import { type Effect, type EuiccState, type Turn, toTime, without } from './state.ts'

/** What can happen to a package. An event absent from a row is refused in that state. */
export const transitions: Record<PackageState, Partial<Record<PackageEvent, PackageState>>> = {
  queued: { deliver: 'delivered', cancel: 'cancelled', expire: 'done' },
  delivered: { deliver: 'delivered', complete: 'done', expire: 'done' },
  done: {},
  cancelled: {},
}
export type PackageEvent = 'deliver' | 'complete' | 'cancel' | 'expire'

/** `undefined`: the package cannot do this in its state. */
export function advance(before: Package, event: PackageEvent, change: Partial<Package> = {}): Package | undefined {
  const state = transitions[before.state][event]
  return state && { ...before, ...change, state }
}

export interface NewPackage {
  readonly order: PackageOrder
  readonly packageId: string
  readonly eimTransactionId: string
  readonly now: number
  readonly idempotencyKey?: string
}

export function queuePackage(state: EuiccState, { now, idempotencyKey, ...row }: NewPackage): Turn<Package> {
  const queued: Package = { eid: state.eid, ...row, state: 'queued', createdAt: toTime(now) }
  return {
    state: { ...state, waiting: [...state.waiting, queued] },
    effects: [
      { kind: 'package', package: queued, ...(idempotencyKey !== undefined && { idempotencyKey }) },
      { kind: 'queued' },
    ],
    answer: queued,
  }
}

/** A package that waits is cancelled. `undefined`: it does not wait any more. */
export function cancelPackage(state: EuiccState, packageId: string, now: number): Turn<Package | undefined> {
  const waiting = state.waiting.find((one) => one.packageId === packageId)
  const cancelled = waiting && advance(waiting, 'cancel', { completedAt: toTime(now) })
  if (!cancelled) return { effects: [], answer: undefined }
  return {
    state: { ...state, waiting: state.waiting.filter((one) => one !== waiting) },
    effects: [{ kind: 'package', package: cancelled }],
    answer: cancelled,
  }
}

/** Ends the exchange under way. The package is done with what was found out before, or else with `result`. */
export function completePackage(
  state: EuiccState,
  result: PackageResult,
  now: number,
): { readonly state: EuiccState; readonly effects: readonly Effect[] } {
  const { exchange } = state
  const done =
    exchange && advance(exchange.package, 'complete', { completedAt: toTime(now), result: exchange.result ?? result })
  if (!done) throw new Error(`no package of ${state.eid} is with the IPA`)
  return { state: without(state, 'exchange'), effects: [{ kind: 'package', package: done }] }
}
