import type { Row, Target } from './row.ts'

/** What is measured, beside something else that is measured in the same turns. */
export interface Benchmark {
  readonly name: string
  /** One turn of ours. A promise is awaited. */
  readonly ours: () => unknown
  readonly baseline: () => unknown
  readonly goal: Goal
  readonly pace?: keyof typeof paces
}

/** Ours is at least so many times as fast, or costs at most so many times as much; without a bound it is only shown. */
export type Goal =
  | { readonly kind: 'times as fast'; readonly atLeast?: number }
  | { readonly kind: 'times the cost'; readonly atMost?: number }

interface Pace {
  readonly rounds: number
  /** Of the slow ones, fewer. By the clock. */
  readonly longestMicroseconds: number
  readonly turnMicroseconds: number
  /** CPU time until the compiler has seen enough: of the last of batches that double, so all together take twice as long. The baseline is native code. */
  readonly warmUpMicroseconds: { readonly ours: number; readonly baseline: number }
}

/** Short turns: both sides then find the caches and the clock rate in the same state. */
const usual: Pace = {
  rounds: 300,
  longestMicroseconds: 2_000_000,
  turnMicroseconds: 1_500,
  warmUpMicroseconds: { ours: 1_000_000, baseline: 250_000 },
}
const paces = {
  usual,
  /** As under sustained load: what runs once in a procedure is compiled after hundreds of procedures. */
  procedure: { ...usual, warmUpMicroseconds: { ours: 5_000_000, baseline: 250_000 } },
  /** Ours piles up, and is measured as it goes on for long: turns long enough to hold what the collector does now and then. */
  sustained: {
    rounds: 60,
    longestMicroseconds: 15_000_000,
    turnMicroseconds: 150_000,
    warmUpMicroseconds: { ours: 8_000_000, baseline: 250_000 },
  },
} as const satisfies Readonly<Record<string, Pace>>

/**
 * CPU time of all threads, both sides in turns, so that what else the machine does meets both. The ratio is the median of the ratios of neighbours, not the ratio of
 * the medians: a burst of load spoils a pair, not the result.
 */
export async function measure(benchmark: Benchmark): Promise<Row> {
  const { name, ours, baseline, goal, pace = 'usual' } = benchmark
  const { rounds, longestMicroseconds, turnMicroseconds, warmUpMicroseconds } = paces[pace]
  const turns = {
    ours: await turnsFor(ours, warmUpMicroseconds.ours, turnMicroseconds),
    baseline: await turnsFor(baseline, warmUpMicroseconds.baseline, turnMicroseconds),
  }
  const pairs: { ours: number; baseline: number }[] = []
  const end = elapsedMicroseconds() + longestMicroseconds
  for (let round = 0; round < rounds && elapsedMicroseconds() < end; round++)
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

/** How often it runs in a turn; finding out warms up. */
async function turnsFor(run: () => unknown, warmUp: number, turn: number): Promise<number> {
  for (let turns = 1; ; turns *= 2) {
    const microseconds = (await cost(run, turns, cpuMicroseconds)) * turns
    if (microseconds >= warmUp) return Math.max(1, Math.round((turns * turn) / microseconds))
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
