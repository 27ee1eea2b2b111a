/** One precondition. `id` reads as the fact that must hold; it is what the trace names when it does not. */
export interface Check<Facts> {
  readonly id: string
  holds(facts: Facts): boolean
}

/** A precondition with its refusal, as `docs/euicc-coverage.md` shows it. */
export interface RefusalRow {
  readonly id: string
  readonly otherwise: unknown
}

/** The first row that does not hold decides. */
export function firstFailing<Facts, Row extends Check<Facts>>(checks: readonly Row[], facts: Facts): Row | undefined {
  return checks.find((check) => !check.holds(facts))
}

/** What the check of that name has shown to be there. */
export function proven<T>(value: T | undefined, check: string): T {
  if (value === undefined) throw new Error(`${check} held without its fact`)
  return value
}
