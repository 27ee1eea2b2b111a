/** One page with the table and the plots, without anything from elsewhere. */
import { figure, type Row } from './row.ts'

export interface Plot {
  readonly title: string
  readonly unit: string
  readonly bars: readonly { readonly label: string; readonly value: number; readonly misses?: boolean }[]
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
table{border-collapse:collapse;width:100%}th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid #d8dee4;white-space:nowrap}th:first-child,td:first-child{text-align:left;white-space:normal}
.misses{color:#a40e26;font-weight:600}.holds{color:#116329}svg{display:block;margin:.5rem 0 2rem}rect{fill:#0a69da}rect.misses{fill:#a40e26}text{font:13px system-ui,sans-serif;fill:currentColor}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}td.misses{color:#ff7b72}.holds{color:#56d364}rect{fill:#4493f8}rect.misses{fill:#ff7b72}}`

const cells = ({ name, value, unit, baseline, ratio, target, holds }: Row): string => {
  const verdict = target === 'none' ? '' : holds ? 'holds' : 'misses'
  return [
    `<td>${escaped(name)}</td><td>${figure(value)} ${unit}</td>`,
    `<td>${baseline === null ? '' : `${figure(baseline)} ${unit}`}</td><td>${ratio === null ? '' : figure(ratio)}</td>`,
    `<td>${target === 'none' ? '' : escaped(target)}</td><td class="${verdict}">${verdict}</td>`,
  ].join('')
}

/** Pixels. A character of a label is at most so wide. */
const CHARACTER = 7
const LENGTH = 400
const HEIGHT = 22

function drawing({ title, unit, bars }: Plot): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE)
  const labels = 16 + CHARACTER * Math.max(...bars.map(({ label }) => label.length))
  const rows = bars.map(({ label, value, misses = false }, i) => {
    const [y, width] = [i * HEIGHT, Math.max(1, (LENGTH * value) / most)]
    return `<text x="${labels - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text><rect${misses ? ' class="misses"' : ''} x="${labels}" y="${y + 3}" width="${width.toFixed(1)}" height="${HEIGHT - 6}"/><text x="${labels + width + 6}" y="${y + 15}">${figure(value)}</text>`
  })
  const size = `width="${labels + LENGTH + 90}" height="${bars.length * HEIGHT}"`
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
            bars: chosen.map(({ name, ratio, holds }) => ({ label: name, value: ratio ?? 0, misses: !holds })),
          },
        ]
  })

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
