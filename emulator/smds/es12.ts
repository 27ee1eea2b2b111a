/** ES12: RegisterEvent and DeleteEvent, SGP.22 v2.5, 5.9. */
import { isEid } from '../../protocol/identifiers/index.ts'
import type { HttpHandler } from '../ports/index.ts'
import {
  type Answered,
  bool,
  type Check,
  firstBroken,
  type Members,
  matching,
  type Requester,
  type ServerFunctions,
  serverFunctionsHandler,
  statusOf,
  text,
} from '../rsp-server/index.ts'
import type { EventBook, EventRecord } from './events.ts'

export const ES12 = '/gsma/rsp2/es12/'

interface Request {
  readonly eid: string
  readonly eventId: string
  readonly rspServerAddress: string
}

interface Facts {
  readonly request: Request
  readonly requester: Requester
  readonly known: EventRecord | undefined
}

interface Row {
  readonly members: Members
  readonly checks: readonly Check<Facts>[]
  readonly run: (events: EventBook, facts: Facts) => void
}

const eid = text((value) => {
  if (!isEid(value)) throw new RangeError('is no EID')
  return value
})
const eventId = matching(/^[0-9A-Z-]{1,255}$/, 'of upper-case letters, digits and hyphens')

/** Unverified: that an event of another requester is unknown to this one. */
const rows: Readonly<Record<string, Row>> = {
  registerEvent: {
    members: { eid, eventId, rspServerAddress: matching(/^[^\s/]+$/, 'an address'), forwardingIndicator: bool },
    checks: [{ id: 'event-new', holds: ({ known }) => known === undefined, refusal: '8.9.5/3.3' }],
    run: (events, { request, requester }) =>
      events.put({
        eid: request.eid,
        eventId: request.eventId,
        rspServerAddress: request.rspServerAddress,
        requester: requester.functionRequesterIdentifier,
      }),
  },
  deleteEvent: {
    members: { eid, eventId },
    checks: [
      {
        id: 'event-of-the-requester',
        holds: ({ known, requester }) => known?.requester === requester.functionRequesterIdentifier,
        refusal: '8.9.5/3.9',
      },
    ],
    run: (events, { known }) => known && events.remove(known),
  },
}

type Site = Pick<ServerFunctions, 'trace' | 'onlyProven'>

export function createEs12Handler(events: EventBook, site: Site): HttpHandler {
  const call = ({ checks, run }: Row, request: Request, requester: Requester): Answered => {
    const facts = { request, requester, known: events.find(request.eid, request.eventId) }
    const broken = firstBroken(checks, facts)
    if (broken) return { kind: 'refused', check: broken.id, status: statusOf(broken.refusal) }
    run(events, facts)
    return { kind: 'ok', answer: {} }
  }
  const functions = Object.entries(rows).map(([name, row]) => [
    `${ES12}${name}`,
    {
      members: row.members,
      call: async (request: object, requester: Requester) => call(row, request as Request, requester),
    },
  ])
  return serverFunctionsHandler({
    hop: { interface: 'ES12', from: 'SM-DP+', to: 'SM-DS' },
    ...site,
    functions: Object.fromEntries(functions),
  })
}
