/** Whether the intervals between attempts grow, as far as somebody can tell whose own machine may be slow. */

/** Intervals after which a schedule that grows shows it. */
export const ENOUGH_INTERVALS = 6
/** Fewer tell nothing. */
export const FEWEST_INTERVALS = 3
const GROWTH = 1.5

export type Growth = 'grows' | 'does not grow' | 'unclear'

export interface Seen {
  /** Between one attempt and the next, milliseconds. */
  readonly intervals: readonly number[]
  /** The longest time for which the runner could not attend to anything meanwhile. */
  readonly heldUpMs: number
  /** No further attempt will be seen. */
  readonly ended: boolean
}

/**
 * The later half, on the average, against the shortest of the earlier: a slow machine makes intervals longer, so that all of the
 * earlier ones would have to be hit. Before everything is seen, growth must be clear; that there is none, always.
 */
export function growthOf({ intervals, heldUpMs, ended }: Seen): Growth {
  if (intervals.length < FEWEST_INTERVALS) return 'unclear'
  const half = Math.ceil(intervals.length / 2)
  const shortest = Math.min(...intervals.slice(0, half))
  const later = intervals.slice(half)
  const average = later.reduce((sum, interval) => sum + interval, 0) / later.length
  const complete = ended || intervals.length >= ENOUGH_INTERVALS
  if (average - (complete ? 0 : heldUpMs) >= GROWTH * shortest) return 'grows'
  return complete && average + heldUpMs < GROWTH * (shortest - heldUpMs) ? 'does not grow' : 'unclear'
}
