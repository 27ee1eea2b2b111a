/** A function as a list of facts that must hold before it: the first that does not hold is the answer. */
import type { reasons, StatusCode, subjects } from '../../protocol/codes/index.ts'

/** Subject and reason code, as `8.2.1/3.9`. */
export type RefusalCode = `${keyof typeof subjects}/${keyof typeof reasons}`

/** One precondition. `id` reads as the fact that must hold. */
export interface Check<Facts, Code extends string = RefusalCode> {
  readonly id: string
  readonly holds: (facts: Facts) => boolean
  readonly refusal: Code
}

export const firstBroken = <Row extends Check<Facts, string>, Facts>(
  checks: readonly Row[],
  facts: Facts,
): Row | undefined => checks.find((check) => !check.holds(facts))

export function statusOf(refusal: string): StatusCode {
  const [subjectCode = '', reasonCode = ''] = refusal.split('/')
  return { subjectCode, reasonCode }
}

/** Computed when it is first asked for. */
export function lazily<T>(compute: () => T): () => T {
  let known: { value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}
