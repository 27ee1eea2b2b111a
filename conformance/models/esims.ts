/** The reference model: eSIMs of one eUICC, and what an operation makes of them. Small enough to be checked by reading. */
import type { OperationName } from '../dialects/dialect.ts'
import type { Readings } from '../ics/ics.ts'

export type EsimState = 'absent' | 'disabled' | 'enabled'

/** States by the name of the eSIM. */
export type Esims = Readonly<Record<string, EsimState>>

export interface Call {
  readonly operation: OperationName
  readonly esim: string
}

export interface Step {
  readonly success: boolean
  readonly esims: Esims
}

/** What may follow; more than one step where the dialect leaves it open. */
export function stepsOf(esims: Esims, { operation, esim }: Call, { deleteEnabled }: Readings): readonly Step[] {
  const state = esims[esim] ?? 'absent'
  const no: Step = { success: false, esims }
  const yes = (after: EsimState, others: Esims = esims): Step => ({
    success: true,
    esims: { ...others, [esim]: after },
  })
  switch (operation) {
    case 'enable':
      return [state === 'disabled' ? yes('enabled', allDisabled(esims)) : no]
    case 'disable':
      return [state === 'enabled' ? yes('disabled') : no]
    case 'set-fallback':
      return [state === 'disabled' ? yes('disabled') : no]
    case 'delete': // a card may keep its fallback
      return state === 'absent' || (state === 'enabled' && deleteEnabled === 'conflict') ? [no] : [yes('absent'), no]
    case 'download': // an order can be used up
      return state === 'absent' ? [yes('disabled'), no] : [no]
  }
}

const allDisabled = (esims: Esims): Esims =>
  Object.fromEntries(Object.entries(esims).map(([name, state]) => [name, state === 'enabled' ? 'disabled' : state]))

/** A call with what the API said of it. */
export interface Observed {
  readonly call: Call
  readonly success: boolean
  /** Refused since another was under way: that says nothing of the eSIM. */
  readonly isBusy?: boolean
}

/**
 * States that calls made at the same time can leave: of each order in which every one may have had its outcome. Empty when there
 * is no such order.
 */
export function linearized(
  from: readonly Esims[],
  observed: readonly Observed[],
  readings: Readings,
): readonly Esims[] {
  if (observed.length === 0) return distinct(from)
  const ways = observed.flatMap(({ call, success, isBusy }, index) => {
    const steps = (esims: Esims): readonly Step[] =>
      isBusy ? [{ success: false, esims }] : stepsOf(esims, call, readings)
    const next = from.flatMap((esims) => steps(esims).filter((step) => step.success === success))
    const rest = observed.filter((_, other) => other !== index)
    return next.length === 0 ? [] : linearized(distinct(next.map(({ esims }) => esims)), rest, readings)
  })
  return distinct(ways)
}

export const textOf = (esims: Esims): string =>
  Object.entries(esims)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, state]) => `${name} ${state}`)
    .join(', ')

const distinct = (all: readonly Esims[]): readonly Esims[] => [
  ...new Map(all.map((esims) => [textOf(esims), esims])).values(),
]
