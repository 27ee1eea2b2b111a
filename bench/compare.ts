/** Two runs side by side. */
import { figure, type Row } from './row.ts'

/** Ratios of two runs on the same machine were seen to differ by a tenth. */
const NOISE = 0.15

export interface Change {
  readonly name: string
  readonly before?: Row
  readonly after?: Row
  /** By which the figure that counts has grown: of the ratio where there is one, else of the value. */
  readonly factor?: number
  readonly verdict: 'better' | 'worse' | 'same' | 'new' | 'gone'
  /** A target that held and does not any more. */
  readonly broken: boolean
}

const figureOf = ({ ratio, value }: Row): number => ratio ?? value
const isRate = ({ target, unit }: Row): boolean =>
  target.endsWith('as fast') || target.endsWith('the rate') || unit.endsWith('/s')

export function compare(before: readonly Row[], after: readonly Row[]): readonly Change[] {
  const [old, now] = [before, after].map((rows) => new Map(rows.map((row) => [row.name, row])))
  const names = new Set([...before, ...after].map(({ name }) => name))
  return [...names].map((name) => changeOf(name, old?.get(name), now?.get(name)))
}

function changeOf(name: string, before: Row | undefined, after: Row | undefined): Change {
  if (!before) return { name, ...(after && { after }), verdict: 'new', broken: false }
  if (!after) return { name, before, verdict: 'gone', broken: false }
  const factor = figureOf(after) / figureOf(before)
  const grown = isRate(after) ? 1 / factor : factor
  const verdict = grown > 1 + NOISE ? 'worse' : grown < 1 / (1 + NOISE) ? 'better' : 'same'
  return { name, before, after, factor, verdict, broken: before.holds && !after.holds }
}

export function toComparison(changes: readonly Change[]): string {
  const lines = changes.map(({ name, before, after, factor, verdict, broken }) => {
    const show = (row: Row | undefined) =>
      row ? `${figure(row.value)} ${row.unit}${row.ratio === null ? '' : ` (${figure(row.ratio)})`}` : '-'
    return [
      name,
      show(before),
      show(after),
      factor === undefined ? '' : `x ${figure(factor)}`,
      broken ? 'BROKEN' : verdict,
    ]
  })
  const all = [['', 'before (ratio)', 'after (ratio)', '', ''], ...lines]
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)))
  return all
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
