import type { CardEvent } from '../api/contract.ts'
import { type Edge, edges, lifeOf, type ProfileState } from '../model/life.ts'
import { clock } from './format.ts'

const nodes: Readonly<Record<ProfileState, number>> = { absent: 60, disabled: 230, enabled: 400 }
const MIDDLE = 74

/** Arcs above go on, arcs below go back. */
const arcOf = ({ from, to }: Edge): string => {
  const isOn = nodes[to] > nodes[from]
  const y = isOn ? MIDDLE - 12 : MIDDLE + 12
  const [x1, x2] = isOn ? [nodes[from] + 34, nodes[to] - 34] : [nodes[from] - 34, nodes[to] + 34]
  return `M${x1} ${y} Q${(x1 + x2) / 2} ${isOn ? y - 42 : y + 42} ${x2} ${y}`
}

interface StateMachineProps {
  readonly events: readonly CardEvent[]
  readonly iccid: string
}

/** States of one profile, the present one lit, and the path that it took. */
export function StateMachine({ events, iccid }: StateMachineProps) {
  const { state, path } = lifeOf(events, iccid)
  const last = path.at(-1)
  const taken = (name: Edge['name']) => path.filter(({ edge }) => edge === name).length
  const says = `Profile ${iccid} is ${state}. ${path.map(({ edge }) => edge).join(', ')}`
  return (
    <figure className="machine">
      <svg viewBox="0 0 460 150" role="img" aria-label={says}>
        <defs>
          <marker
            id="tip"
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0 0 8 4 0 8z" fill="context-stroke" />
          </marker>
        </defs>
        {edges.map((edge) => {
          const count = taken(edge.name)
          const isLast = last?.edge === edge.name
          const isOn = nodes[edge.to] > nodes[edge.from]
          const x = (nodes[edge.from] + nodes[edge.to]) / 2
          return (
            <g key={edge.name} className="edge" data-taken={count > 0} data-last={isLast}>
              <path key={isLast ? last.sequence : 0} d={arcOf(edge)} markerEnd="url(#tip)" pathLength={1} />
              <text x={x} y={isOn ? MIDDLE - 40 : MIDDLE + 50} textAnchor="middle">
                {edge.name}
                {count > 1 ? ` ×${count}` : ''}
              </text>
            </g>
          )
        })}
        {Object.entries(nodes).map(([name, x]) => (
          <g key={name} className="state" data-lit={name === state}>
            <rect x={x - 46} y={MIDDLE - 15} width="92" height="30" rx="15" />
            <text x={x} y={MIDDLE + 4.5} textAnchor="middle">
              {name}
            </text>
          </g>
        ))}
      </svg>
      <figcaption className="path">
        {path.slice(-6).map(({ edge, cause, at, sequence }) => (
          <span key={sequence}>
            <b>{edge}</b> {cause} <i className="mono">{clock(Date.parse(at))}</i>
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
