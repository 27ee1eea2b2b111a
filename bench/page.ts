/** One page with the table and the plots, without anything from elsewhere. */
import { figure, type Row } from './row.ts'

export interface Plot {
  readonly title: string
  readonly unit: string
  readonly bars: readonly { readonly label: string; readonly value: number }[]
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
table{border-collapse:collapse;width:100%}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #d8dee4}th:first-child,td:first-child{text-align:left}
.misses{color:#a40e26;font-weight:600}.holds{color:#116329}svg{display:block;margin:.5rem 0 2rem}rect{fill:#0a69da}rect.base{fill:#8c959f}text{font:13px system-ui,sans-serif;fill:currentColor}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}.misses{color:#ff7b72}.holds{color:#56d364}rect{fill:#4493f8}}`

const cells = ({ name, value, unit, baseline, ratio, target, holds }: Row): string => {
  const verdict = target === 'none' ? '' : holds ? 'holds' : 'misses'
  return [
    `<td>${escaped(name)}</td><td>${figure(value)} ${unit}</td>`,
    `<td>${baseline === null ? '' : `${figure(baseline)} ${unit}`}</td><td>${ratio === null ? '' : figure(ratio)}</td>`,
    `<td>${target === 'none' ? '' : escaped(target)}</td><td class="${verdict}">${verdict}</td>`,
  ].join('')
}

const LABELS = 330
const LENGTH = 480
const HEIGHT = 22

function drawing({ title, unit, bars }: Plot): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  const rows = bars.map(({ label, value }, i) => {
    const [y, width] = [i * HEIGHT, Math.max(1, (LENGTH * value) / most)]
    return `<text x="${LABELS - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text><rect x="${LABELS}" y="${y + 3}" width="${width.toFixed(1)}" height="${HEIGHT - 6}"/><text x="${LABELS + width + 6}" y="${y + 15}">${figure(value)}</text>`
  })
  const size = `width="${LABELS + LENGTH + 90}" height="${bars.length * HEIGHT}"`
  return `<h3>${escaped(title)} <small>(${escaped(unit)})</small></h3>\n<svg role="img" aria-label="${escaped(title)}" ${size}>${rows.join('')}</svg>`
}

/** How many times the baseline each row that has one costs, or how many times as fast it is. */
const ratesOf = (rows: readonly Row[]): readonly Plot[] =>
  (['times the cost', 'times as fast', 'none'] as const).flatMap((kind) => {
    const chosen = rows.filter(
      ({ ratio, target }) => ratio !== null && (kind === 'none' ? target === kind : target.endsWith(kind)),
    )
    const title = kind === 'none' ? 'Beside the baseline, without a target' : `Beside the baseline: ${kind}`
    return chosen.length === 0
      ? []
      : [
          {
            title,
            unit: 'ratio',
            bars: chosen.map(({ name, ratio }) => ({ label: shortened(name), value: ratio ?? 0 })),
          },
        ]
  })

const shortened = (name: string): string => (name.length > 48 ? `${name.slice(0, 47)}…` : name)

export function toPage(rows: readonly Row[], plots: readonly Plot[], about: string): string {
  const head = ['', 'value', 'baseline', 'ratio', 'target', ''].map((text) => `<th>${text}</th>`).join('')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>esim-testbed: benchmarks</title><style>${style}</style></head>
<body><h1>esim-testbed: benchmarks</h1><p>${escaped(about)}</p>
<table><thead><tr>${head}</tr></thead><tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}
</tbody></table>
<h2>Plots</h2>
${[...ratesOf(rows), ...plots].map(drawing).join('\n')}
</body></html>
`
}
