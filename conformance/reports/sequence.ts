/** The messages of a scenario as a sequence diagram, in SVG. */
import type { Evidence } from '../scenario/evidence.ts'
import { escaped } from './markup.ts'

interface Arrow {
  readonly at: number
  readonly from: string
  readonly to: string
  readonly text: string
}

const [COLUMN, ROW, TOP, MARGIN] = [150, 26, 44, 80]
const LONGEST_TEXT = 46

export function sequenceDiagram(evidence: Evidence): string {
  const arrows = arrowsOf(evidence)
  const lanes = [...new Set(['consumer', 'provider', ...arrows.flatMap(({ from, to }) => [from, to])])]
  const [width, height] = [MARGIN * 2 + COLUMN * (lanes.length - 1), TOP + ROW * (arrows.length + 1)]
  const x = (lane: string): number => MARGIN + COLUMN * lanes.indexOf(lane)
  const heads = lanes.map(
    (lane) =>
      `<text x="${x(lane)}" y="18" class="lane">${escaped(lane)}</text><line x1="${x(lane)}" x2="${x(lane)}" y1="26" y2="${height}" class="life"/>`,
  )
  const lines = arrows.map((arrow, index) => drawn(arrow, TOP + ROW * (index + 1), x))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="sequence" width="${width}" height="${height + 10}" viewBox="0 0 ${width} ${height + 10}" role="img" aria-label="messages in order">`,
    '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>',
    ...heads,
    ...lines,
    '</svg>',
  ].join('')
}

function drawn({ from, to, text }: Arrow, y: number, x: (lane: string) => number): string {
  const [start, end] = [x(from), x(to)]
  const middle = from === to ? start + 6 : (start + end) / 2
  const path = from === to ? `M${start},${y - 6} h24 v8 h-22` : `M${start},${y} L${end},${y}`
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text
  return `<g><title>${escaped(text)}</title><path d="${path}" class="arrow" marker-end="url(#head)"/><text x="${middle}" y="${y - 5}" class="label">${escaped(short)}</text></g>`
}

function arrowsOf({ exchanges, events, messages }: Evidence): readonly Arrow[] {
  const asked = exchanges.flatMap(({ at, request, response }) => {
    const [method = '', url = ''] = (request.split('\n')[0] ?? '').split(' ')
    const path = URL.canParse(url) ? new URL(url).pathname : url
    const moment = Date.parse(at)
    return [
      { at: moment, from: 'consumer', to: 'provider', text: `${method} ${path}` },
      { at: moment + 0.5, from: 'provider', to: 'consumer', text: response.split('\n')[0] ?? '' },
    ]
  })
  const told = events.map(({ at, answered }) => ({
    at: Date.parse(at),
    from: 'provider',
    to: 'consumer',
    text: `event, answered ${answered}`,
  }))
  const between = messages.map(({ at, from, to, operation }) => ({ at: Date.parse(at), from, to, text: operation }))
  return [...asked, ...told, ...between].sort((one, other) => one.at - other.at)
}
