/** How long things took, in classes that each reach a tenth further than the one before. Histograms of several threads add up. */

export interface Histogram {
  /** Microseconds. */
  record(duration: number): void
  add(other: Counts): void
  /** What is sent from one thread to another. */
  readonly counts: Counts
  readonly summary: HistogramSummary
}

/** How many fell into which class. */
export type Counts = Readonly<Record<number, number>>

/** Milliseconds: the upper end of the class in which it lies. */
export interface HistogramSummary {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Only classes in which something is, shortest first. */
  readonly classes: readonly { readonly upTo: number; readonly count: number }[]
}

const GROWTH = Math.log(1.1)

const classOf = (microseconds: number): number => Math.ceil(Math.log(Math.max(1, microseconds)) / GROWTH)
const endOf = (number: number): number => Math.exp(number * GROWTH) / 1000

export function createHistogram(): Histogram {
  const counts: Record<number, number> = {}
  const put = (number: number, more: number) => {
    counts[number] = (counts[number] ?? 0) + more
  }
  return {
    counts,
    record: (duration) => put(classOf(duration), 1),
    add(other) {
      for (const [number, count] of Object.entries(other)) put(Number(number), count)
    },
    get summary() {
      const classes = Object.entries(counts)
        .map(([number, count]) => ({ number: Number(number), count }))
        .sort((a, b) => a.number - b.number)
        .map(({ number, count }) => ({ upTo: endOf(number), count }))
      const count = classes.reduce((sum, row) => sum + row.count, 0)
      const at = (part: number): number => quantile(classes, Math.ceil(part * count))
      return { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: classes.at(-1)?.upTo ?? 0, classes }
    },
  }
}

function quantile(classes: HistogramSummary['classes'], rank: number): number {
  let seen = 0
  for (const { upTo, count } of classes) {
    seen += count
    if (seen >= rank) return upTo
  }
  return 0
}

const ROWS = 10
const WIDTH = 40

/** Bars for a terminal, ten classes at most. */
export function drawHistogram({ classes }: HistogramSummary): readonly string[] {
  const together = Math.ceil(classes.length / ROWS)
  const rows = Array.from({ length: Math.ceil(classes.length / Math.max(1, together)) }, (_, i) =>
    classes.slice(i * together, (i + 1) * together),
  ).map((group) => ({ upTo: group.at(-1)?.upTo ?? 0, count: group.reduce((sum, { count }) => sum + count, 0) }))
  const most = Math.max(...rows.map(({ count }) => count))
  return rows.map(
    ({ upTo, count }) =>
      `${`<= ${upTo.toFixed(upTo < 10 ? 2 : 0)} ms`.padStart(14)} ${String(count).padStart(7)} ${'#'.repeat(Math.ceil((WIDTH * count) / most))}`,
  )
}
