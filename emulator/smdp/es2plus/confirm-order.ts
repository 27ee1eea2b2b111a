/** ES2+.ConfirmOrder: SGP.22 v2.5, 5.3.2. */
import { can, confirmed, moved } from '../order.ts'
import { eidOfTheOrder, es2Function, type OrderFacts, orderFacts, orderKnown, orderOwn, proven } from './function.ts'

export interface ConfirmOrderRequest {
  readonly iccid: string
  readonly releaseFlag: boolean
  readonly eid?: string
  /** Empty: the order is found by the EID alone. Absent: made up. */
  readonly matchingId?: string
  readonly confirmationCode?: string
  readonly smdsAddress?: string
}

export interface ConfirmOrderAnswer {
  readonly eid?: string
  readonly matchingId: string
  readonly smdpAddress: string
}

type Facts = OrderFacts<ConfirmOrderRequest>

/** Unverified: the code of `order-confirmable`. */
export const confirmOrder = es2Function<ConfirmOrderRequest, Facts, ConfirmOrderAnswer>({
  facts: orderFacts,
  checks: [
    orderKnown,
    orderOwn,
    { id: 'order-confirmable', holds: ({ order }) => can(order, 'confirm'), refusal: '8.2.1/3.5' },
    eidOfTheOrder,
    { id: 'eid-given-where-needed', holds: isEidGiven, refusal: '8.1.1/2.2' },
    { id: 'matching-id-free', holds: isMatchingIdFree, refusal: '8.2.6/3.3' },
  ],
  run({ shop, request, order: allocated }) {
    const { eid, releaseFlag, confirmationCode } = request
    const matchingId = request.matchingId ?? shop.inventMatchingId()
    const order = {
      ...confirmed(proven(allocated), { matchingId, ...(confirmationCode !== undefined && { confirmationCode }) }),
      ...(eid !== undefined && { eid }),
      ...(request.smdsAddress !== undefined && { smdsAddress: request.smdsAddress }),
    }
    const linkedTo = order.eid === undefined ? {} : { eid: order.eid }
    return {
      ...(releaseFlag ? { order: moved(order, 'release'), announces: true } : { order }),
      answer: { ...linkedTo, matchingId, smdpAddress: shop.smdpAddress },
    }
  },
})

/** By the SM-DS and without a matchingId an order is found by its EID. */
function isEidGiven({ request, order }: Facts): boolean {
  const needed = request.smdsAddress !== undefined || request.matchingId === ''
  return !needed || request.eid !== undefined || order?.eid !== undefined
}

function isMatchingIdFree({ shop, request: { matchingId } }: Facts): boolean {
  return !matchingId || shop.orderByMatchingId(matchingId) === undefined
}
