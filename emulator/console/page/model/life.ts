/** The life of a profile as a state machine: SGP.32 v1.2, 3.2. The path is what the events of the card say. */
import type { CardEvent } from '../api/contract.ts'

export type ProfileState = 'absent' | 'disabled' | 'enabled'

export interface Edge {
  readonly name: 'install' | 'enable' | 'disable' | 'delete'
  readonly from: ProfileState
  readonly to: ProfileState
}

export const edges: readonly Edge[] = [
  { name: 'install', from: 'absent', to: 'disabled' },
  { name: 'enable', from: 'disabled', to: 'enabled' },
  { name: 'disable', from: 'enabled', to: 'disabled' },
  { name: 'delete', from: 'disabled', to: 'absent' },
]

const edgeOfEvent: Readonly<Record<string, Edge['name']>> = {
  'profile-installed': 'install',
  'profile-enabled': 'enable',
  'profile-disabled': 'disable',
  'profile-deleted': 'delete',
}

export interface Life {
  readonly state: ProfileState
  /** Edges in the order in which they were taken, with what did it. */
  readonly path: readonly {
    readonly edge: Edge['name']
    readonly cause: string
    readonly at: string
    readonly sequence: number
  }[]
}

export function lifeOf(events: readonly CardEvent[], iccid: string): Life {
  const path = events.flatMap((event) => {
    const edge = event.iccid === iccid ? edgeOfEvent[event.type] : undefined
    return edge ? [{ edge, cause: event.cause, at: event.at, sequence: event.sequence }] : []
  })
  const last = path.at(-1)?.edge
  return { path, state: edges.find(({ name }) => name === last)?.to ?? 'absent' }
}

/** Every ICCID that the events name, oldest first. */
export const profilesIn = (events: readonly CardEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ type, iccid }) => (type in edgeOfEvent && iccid !== undefined ? [iccid] : []))),
]
