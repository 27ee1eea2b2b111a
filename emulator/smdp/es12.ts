/** ES12 from the side of the SM-DP+: SGP.22 v2.5, 5.9. Events tell an eUICC that an order waits for it. */

import { type CallerOptions, type CallOutcome, callServer } from '../rsp-server/index.ts'
import type { Order } from './order.ts'

export interface SmdsEvent {
  /** Host of the SM-DS, with a port when there is one. */
  readonly smdsAddress: string
  readonly eid: string
  /** The matchingId of the order. */
  readonly eventId: string
}

export interface Es12 {
  registerEvent(event: SmdsEvent): Promise<CallOutcome>
  deleteEvent(event: SmdsEvent): Promise<CallOutcome>
}

/** Absent: the order is announced nowhere. */
export function eventOf({ smdsAddress, eid, matchingId }: Order): SmdsEvent | undefined {
  if (smdsAddress === undefined || eid === undefined || matchingId === undefined) return undefined
  return { smdsAddress, eid, eventId: matchingId }
}

const HOP = { interface: 'ES12', from: 'SM-DP+', to: 'SM-DS' } as const

export function createEs12(options: CallerOptions, rspServerAddress: string): Es12 {
  const call = (name: 'registerEvent' | 'deleteEvent', smdsAddress: string, request: object) =>
    callServer(options, {
      hop: HOP,
      operation: name === 'registerEvent' ? 'RegisterEvent' : 'DeleteEvent',
      url: `https://${smdsAddress}/gsma/rsp2/es12/${name}`,
      request,
    })
  return {
    registerEvent: ({ smdsAddress, eid, eventId }) =>
      call('registerEvent', smdsAddress, { eid, rspServerAddress, eventId, forwardingIndicator: false }),
    deleteEvent: ({ smdsAddress, eid, eventId }) => call('deleteEvent', smdsAddress, { eid, eventId }),
  }
}
