/** One line of the table. The same as JSON: an array of these. */
export interface Row {
  readonly name: string
  /** Ours, in `unit`. */
  readonly value: number
  readonly unit: string
  /** The same unit: what ours is compared with. `null` where a figure stands alone. */
  readonly baseline: number | null
  /** How many times the baseline ours costs, or how many times as fast it is: `target` says which. */
  readonly ratio: number | null
  readonly target: Target
  readonly holds: boolean
}

type Comparison = 'times as fast' | 'times the cost' | 'times the rate' | 'at most'
export type Target = `${string} ${Comparison}` | `at most ${string}` | 'none'

/** Text with a line for each row, columns aligned. */
export function toTable(rows: readonly Row[]): string {
  const head = ['', 'value', 'baseline', 'ratio', 'target', '']
  const lines = rows.map(({ name, value, unit, baseline, ratio, target, holds }) => [
    name,
    `${figure(value)} ${unit}`,
    baseline === null ? '' : `${figure(baseline)} ${unit}`,
    ratio === null ? '' : ratio.toFixed(ratio < 10 ? 2 : 1),
    target === 'none' ? '' : target,
    target === 'none' ? '' : holds ? 'holds' : 'misses',
  ])
  const all = [head, ...lines]
  const widths = head.map((_, i) => Math.max(...all.map((line) => line[i]?.length ?? 0)))
  const aligned = (text: string, i: number) =>
    i >= 1 && i <= 3 ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)
  return all.map((line) => line.map(aligned).join('  ').trimEnd()).join('\n')
}

/** Three digits that count. */
export const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString()
