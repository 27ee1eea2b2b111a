/** States of an eSIM, and which transitions a run has asked for, in SVG. */
import type { Edge } from '../scenario/edges.ts'
import { escaped } from './markup.ts'

interface Transition {
  readonly from: Edge['from']
  readonly operation: Edge['operation']
  readonly path: string
  readonly label: readonly [x: number, y: number]
}

/** The allowed transitions, each where it is drawn. */
const transitions: readonly Transition[] = [
  { from: 'absent', operation: 'download', path: 'M150,90 L285,90', label: [218, 82] },
  { from: 'disabled', operation: 'enable', path: 'M395,80 L530,80', label: [462, 72] },
  { from: 'enabled', operation: 'disable', path: 'M530,104 L395,104', label: [462, 120] },
  { from: 'disabled', operation: 'delete', path: 'M300,115 C250,165 170,165 130,115', label: [215, 168] },
  { from: 'enabled', operation: 'delete', path: 'M585,115 C500,235 150,235 110,118', label: [350, 222] },
  { from: 'disabled', operation: 'set-fallback', path: 'M325,68 C300,15 380,15 355,66', label: [340, 20] },
]

const states: readonly (readonly [Edge['from'], number])[] = [
  ['absent', 95],
  ['disabled', 340],
  ['enabled', 585],
]

export function stateGraph(edges: readonly Edge[]): string {
  const count = (from: string, operation: string): number =>
    edges.filter((edge) => edge.from === from && edge.operation === operation).length
  const arrows = transitions.map(({ from, operation, path, label: [x, y] }) => {
    const times = count(from, operation)
    const shade = times > 0 ? 'covered' : 'uncovered'
    return `<path d="${path}" class="${shade}" marker-end="url(#tip)"/><text x="${x}" y="${y}" class="label">${operation} ${times}×</text>`
  })
  const nodes = states.map(
    ([state, x]) =>
      `<rect x="${x - 55}" y="68" width="110" height="46" rx="8" class="state"/><text x="${x}" y="95" class="label">${state}</text>`,
  )
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" class="states" width="680" height="240" viewBox="0 0 680 240" role="img" aria-label="states of an eSIM and the transitions asked for">',
    '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0,0 L8,4 L0,8 z"/></marker></defs>',
    ...arrows,
    ...nodes,
    '</svg>',
    forbidden(edges),
  ].join('')
}

/** What was asked beside the diagram: operations that a state forbids, and refusals. */
function forbidden(edges: readonly Edge[]): string {
  const isDrawn = ({ from, operation, outcome }: Edge): boolean =>
    outcome === 'success' && transitions.some((row) => row.from === from && row.operation === operation)
  const rows = new Map<string, number>()
  for (const edge of edges.filter((one) => !isDrawn(one))) {
    const text = `${edge.operation} of an eSIM that is ${edge.from}: ${edge.outcome}`
    rows.set(text, (rows.get(text) ?? 0) + 1)
  }
  if (rows.size === 0) return ''
  const items = [...rows].sort().map(([text, times]) => `<li>${escaped(text)}, ${times}×</li>`)
  return `<p>Asked beside it:</p><ul>${items.join('')}</ul>`
}
