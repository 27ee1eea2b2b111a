import type { CardEvent } from '../api/contract.ts'
import { type Edge, edges, lifeOf, type ProfileState } from '../model/life.ts'
import { clock } from './format.ts'

const nodes: Readonly<Record<ProfileState, number>> = { absent: 60, disabled: 230, enabled: 400 }
const MIDDLE = 74

/** Arcs above go on, arcs below go back: from the border of a state to just before that of the next, where the tip is. */
const arcOf = ({ from, to }: Edge): string => {
  const way = nodes[to] > nodes[from] ? 1 : -1
  const y = MIDDLE - way * 16
  const [x1, x2] = [nodes[from] + way * 26, nodes[to] - way * 26]
  return `M${x1} ${y} C${x1 + way * 22} ${y - way * 34} ${x2 - way * 22} ${y - way * 34} ${x2} ${y - way * 3}`
}

interface StateMachineProps {
  readonly events: readonly CardEvent[]
  readonly iccid: string
}

/** States of one profile, the present one lit, and the path that it took. */
export function StateMachine({ events, iccid }: StateMachineProps) {
  const { state, path } = lifeOf(events, iccid)
  const says = `Profile ${iccid} is ${state}. ${path.map(({ edge }) => edge).join(', ')}`
  return (
    <figure className="machine">
      <svg viewBox="0 0 460 150" role="img" aria-label={says}>
        <Tip />
        {edges.map((edge) => (
          <Way key={edge.name} edge={edge} path={path} />
        ))}
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
        {path.slice(-8).map(({ edge, cause, at, sequence }) => (
          <span key={sequence}>
            <b>{edge}</b> {cause} <i className="mono">{clock(Date.parse(at))}</i>
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

const Tip = () => (
  <defs>
    <marker
      id="tip"
      viewBox="0 0 10 10"
      refX="8"
      refY="5"
      markerWidth="10"
      markerHeight="10"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M0 0.500 10 5 0 9.500 2.500 5z" fill="context-stroke" />
    </marker>
  </defs>
)

interface WayProps {
  readonly edge: Edge
  readonly path: ReturnType<typeof lifeOf>['path']
}

/** From one state to the next, with how often it was taken. */
function Way({ edge, path }: WayProps) {
  const count = path.filter((step) => step.edge === edge.name).length
  const last = path.at(-1)
  const isLast = last?.edge === edge.name
  const isOn = nodes[edge.to] > nodes[edge.from]
  return (
    <g className="edge" data-taken={count > 0} data-last={isLast}>
      <path key={isLast ? last.sequence : 0} d={arcOf(edge)} markerEnd="url(#tip)" pathLength={1} />
      <text x={(nodes[edge.from] + nodes[edge.to]) / 2} y={isOn ? MIDDLE - 48 : MIDDLE + 57} textAnchor="middle">
        {edge.name}
        {count > 1 ? ` ×${count}` : ''}
      </text>
    </g>
  )
}
