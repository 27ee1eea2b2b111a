import type { Row, Target } from './row.ts'

/** What is measured, beside something else that is measured in the same turns. */
export interface Benchmark {
  readonly name: string
  /** One turn of ours. A promise is awaited. */
  readonly ours: () => unknown
  readonly baseline: () => unknown
  readonly goal: Goal
}

/** Ours is at least so many times as fast, or costs at most so many times as much; without a bound it is only shown. */
export type Goal =
  | { readonly kind: 'times as fast'; readonly atLeast?: number }
  | { readonly kind: 'times the cost'; readonly atMost?: number }

const ROUNDS = 300
/** Of the slow ones, fewer. */
const LONGEST_MICROSECONDS = 2_000_000
/** Short: both sides then find the caches and the clock rate in the same state. */
const ROUND_MICROSECONDS = 1_500
/** CPU time until the compiler has seen enough. What runs once in a procedure wants thousands of procedures; the baseline is native code. */
const WARM_UP_MICROSECONDS = { ours: 1_000_000, baseline: 250_000 }

/**
 * CPU time of all threads, both sides in turns, so that what else the machine does meets both. The ratio is the median of the ratios of neighbours, not the ratio of
 * the medians: a burst of load spoils a pair, not the result.
 */
export async function measure(benchmark: Benchmark): Promise<Row> {
  const { name, ours, baseline, goal } = benchmark
  const turns = {
    ours: await turnsFor(ours, WARM_UP_MICROSECONDS.ours),
    baseline: await turnsFor(baseline, WARM_UP_MICROSECONDS.baseline),
  }
  const pairs: { ours: number; baseline: number }[] = []
  const end = elapsedMicroseconds() + LONGEST_MICROSECONDS
  for (let round = 0; round < ROUNDS && elapsedMicroseconds() < end; round++)
    pairs.push({
      ours: await cost(ours, turns.ours, cpuMicroseconds),
      baseline: await cost(baseline, turns.baseline, cpuMicroseconds),
    })
  const isSpeed = goal.kind === 'times as fast'
  const ratio = median(pairs.map((pair) => (isSpeed ? pair.baseline / pair.ours : pair.ours / pair.baseline)))
  return {
    name,
    value: median(pairs.map((pair) => pair.ours)),
    unit: 'µs',
    baseline: median(pairs.map((pair) => pair.baseline)),
    ratio,
    ...judged(goal, ratio),
  }
}

function judged(goal: Goal, ratio: number): { target: Target; holds: boolean } {
  if (goal.kind === 'times as fast') {
    if (goal.atLeast === undefined) return { target: 'none', holds: true }
    return { target: `>= ${Number(goal.atLeast.toPrecision(2))} times as fast`, holds: ratio >= goal.atLeast }
  }
  if (goal.atMost === undefined) return { target: 'none', holds: true }
  return { target: `<= ${goal.atMost} times the cost`, holds: ratio <= goal.atMost }
}

/** Of the whole process. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

const elapsedMicroseconds = (): number => performance.now() * 1000

/** How many turns fill a round; finding out warms up. */
async function turnsFor(run: () => unknown, warmUp: number): Promise<number> {
  for (let turns = 1; ; turns *= 2) {
    const microseconds = (await cost(run, turns, cpuMicroseconds)) * turns
    if (microseconds >= warmUp) return Math.max(1, Math.round((turns * ROUND_MICROSECONDS) / microseconds))
  }
}

/** Microseconds of one turn. */
async function cost(run: () => unknown, turns: number, clock: () => number): Promise<number> {
  const start = clock()
  for (let turn = 0; turn < turns; turn++) {
    const done = run()
    if (done instanceof Promise) await done
  }
  return (clock() - start) / turns
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
