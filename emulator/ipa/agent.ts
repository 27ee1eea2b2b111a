import type { Trace, TraceEntry } from '../ports/index.ts'
import { createEs10, type Es10 } from './card/es10.ts'
import type { IsdrChannel } from './card/store-data.ts'
import type { IpaMemory } from './memory.ts'
import { createEs9Plus, type Es9Plus } from './servers/es9plus.ts'
import { createEsipa, type Esipa } from './servers/esipa.ts'
import type { Send } from './servers/retry.ts'
import { type IpaSettings, specificationFor } from './settings.ts'

/** What every procedure is handed: the card and the servers, each message recorded with what it belongs to. */
export interface Agent {
  readonly eid: string
  readonly card: Es10
  readonly eim: Esipa
  readonly smdp: Es9Plus
  /** ES11. */
  readonly smds: Es9Plus
  readonly memory: IpaMemory
  readonly settings: IpaSettings
  /** The same agent in an exchange with an identifier of its own. */
  within(correlation: NonNullable<TraceEntry['correlation']>): Agent
}

export interface AgentParts {
  readonly eid: string
  readonly isdr: IsdrChannel
  readonly send: Send
  readonly trace: Trace | undefined
  readonly memory: IpaMemory
  readonly settings: IpaSettings
  readonly correlation?: TraceEntry['correlation']
}

export function createAgent(parts: AgentParts): Agent {
  const { eid, isdr, send, memory, settings, correlation } = parts
  const trace = traceFor(parts)
  const wire = { send, trace, adminProtocol: settings.es9PlusAdminProtocol }
  const agent: Agent = {
    eid,
    memory,
    settings,
    card: createEs10(isdr, trace),
    eim: createEsipa({
      send,
      trace,
      specificationOf: ({ eimId }) => specificationFor(settings, eimId),
      adminProtocol: settings.esipaAdminProtocol,
      bindings: settings.esipaBindings,
    }),
    smdp: createEs9Plus({ ...wire, peer: { interface: 'ES9+', name: 'SM-DP+' } }),
    smds: createEs9Plus({ ...wire, peer: { interface: 'ES11', name: 'SM-DS' } }),
    within: (more) => (trace ? createAgent({ ...parts, correlation: { ...correlation, ...more } }) : agent),
  }
  return agent
}

/** A trace that adds to each message whose it is and what it belongs to. */
const traceFor = ({ trace, eid, correlation }: AgentParts): Trace | undefined =>
  trace && {
    record(entry) {
      const merged = entry.correlation && correlation ? { ...correlation, ...entry.correlation } : undefined
      const belongsTo = merged ?? entry.correlation ?? correlation
      trace.record(belongsTo ? { ...entry, eid, correlation: belongsTo } : { ...entry, eid })
    },
  }
