/** ES2+ as HTTP: SGP.22 v2.5, 5.3 and 6.5.2. */
import { isEid, isIccid } from '../../../protocol/identifiers/index.ts'
import type { HttpHandler, Trace } from '../../ports/index.ts'
import {
  type Answered,
  bool,
  type CallOutcome,
  type Members,
  matching,
  optionalMember,
  type RefusalCode,
  type ServerFunction,
  serverFunctionsHandler,
  statusOf,
  text,
} from '../../rsp-server/index.ts'
import { type Es12, eventOf } from '../es12.ts'
import type { Order } from '../order.ts'
import { cancelOrder } from './cancel-order.ts'
import { confirmOrder } from './confirm-order.ts'
import { downloadOrder } from './download-order.ts'
import type { Es2Function, Es2Result, Shop } from './function.ts'
import { releaseProfile } from './release-profile.ts'

/** 19 digits may be filled up with F. */
const iccid = text((value) => {
  const digits = value.replace(/^([0-9]{19})[Ff]$/, '$1')
  if (!isIccid(digits)) throw new RangeError('is no ICCID')
  return digits
})
const eid = optionalMember(
  text((value) => {
    if (!isEid(value)) throw new RangeError('is no EID')
    return value
  }),
)
const matchingId = optionalMember(matching(/^[0-9A-Z-]*$/, 'of upper-case letters, digits and hyphens'))

/** A function and how its request is read. */
interface Row {
  readonly members: Members
  readonly function: Es2Function<never, object>
}

const rows: Readonly<Record<string, Row>> = {
  downloadOrder: {
    members: { eid, iccid: optionalMember(iccid), profileType: optionalMember(text()) },
    function: downloadOrder,
  },
  confirmOrder: {
    members: {
      iccid,
      releaseFlag: bool,
      eid,
      matchingId,
      confirmationCode: optionalMember(matching(/^.+$/s, 'filled')),
      smdsAddress: optionalMember(matching(/^[^\s/]+$/, 'an address')),
    },
    function: confirmOrder,
  },
  cancelOrder: {
    members: {
      iccid,
      eid,
      matchingId,
      finalProfileStatusIndicator: matching(/^(Available|Unavailable)$/, 'Available or Unavailable'),
    },
    function: cancelOrder,
  },
  releaseProfile: { members: { iccid }, function: releaseProfile },
}

export const ES2PLUS = '/gsma/rsp2/es2plus/'

export interface Es2Site {
  readonly shop: Shop
  readonly trace?: Trace | undefined
  readonly onlyProven?: boolean | undefined
  /** Absent: no SM-DS can be reached. */
  readonly es12?: Es12 | undefined
  put(order: Order): void
}

export function createEs2Handler(site: Es2Site): HttpHandler {
  const inTurn = createTurns()
  const functions = Object.entries(rows).map(([name, { members, function: decide }]) => {
    const call: ServerFunction = (request, requester) =>
      inTurn(() => carryOut(site, () => (decide as Es2Function<unknown, object>)(site.shop, request, requester)))
    return [`${ES2PLUS}${name}`, { members, call }] as const
  })
  return serverFunctionsHandler({
    hop: { interface: 'ES2+', from: 'operator', to: 'SM-DP+' },
    trace: site.trace,
    onlyProven: site.onlyProven,
    functions: Object.fromEntries(functions),
  })
}

/** One call after the other: an order must not change while the SM-DS is asked. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(call: () => Promise<T>): Promise<T> => {
    const turn = last.then(call)
    last = turn.catch(() => undefined)
    return turn
  }
}

async function carryOut({ put, es12 }: Es2Site, decide: () => Es2Result<object>): Promise<Answered> {
  const result = decide()
  if (result.kind === 'refused') return result
  const refusal = result.announces ? smdsRefusals[await announce(result.order, es12)] : undefined
  if (refusal) return { kind: 'refused', check: refusal.id, status: statusOf(refusal.code) }
  put(result.order)
  return result
}

const smdsRefusals = {
  done: undefined,
  refused: { id: 'event-registered', code: '8.9/4.2' },
  unreachable: { id: 'sm-ds-reachable', code: '8.9/5.1' },
} as const satisfies Record<CallOutcome, { id: string; code: RefusalCode } | undefined>

export async function announce(order: Order | undefined, es12: Es12 | undefined): Promise<CallOutcome> {
  const event = order && eventOf(order)
  if (!event) return 'done'
  return es12 ? es12.registerEvent(event) : 'unreachable'
}
