/** The northbound door as one handler. Over a socket the event stream is mounted before it. */
import type { HttpHandler, HttpMessage, Trace } from '../../ports/index.ts'
import { restHandler } from '../../rest/index.ts'
import { BASE, type NorthboundContext } from './context.ts'
import { euiccRoutes } from './euiccs.ts'
import { eventRoutes } from './events.ts'
import { packageRoutes } from './packages.ts'

export interface NorthboundOptions extends NorthboundContext {
  readonly trace: Trace | undefined
  /** Of the document. */
  readonly version: string
  /** Told of errors that are ours. */
  readonly onError?: (error: unknown) => void
}

export function northboundHandler({ trace, version, onError, ...context }: NorthboundOptions): HttpHandler {
  const routes = [...euiccRoutes(context), ...packageRoutes(context), ...eventRoutes(context)]
  const handle = restHandler({ base: BASE, title: 'eIM northbound', version, routes, ...(onError && { onError }) })
  return async (message) => {
    const hop = hopOf(message)
    trace?.record({ ...hop, from: 'provider', to: 'eIM', body: message.body })
    const answer = await handle(message)
    trace?.record({ ...hop, from: 'eIM', to: 'provider', status: `${answer.status}`, body: answer.body })
    return answer
  }
}

function hopOf({ method, path }: HttpMessage) {
  const eid = /\/euiccs\/(\d{32})\b/.exec(path)?.[1]
  return { interface: 'northbound', operation: `${method} ${path}`, ...(eid !== undefined && { eid }) } as const
}
