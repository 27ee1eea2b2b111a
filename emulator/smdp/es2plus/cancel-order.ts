/** ES2+.CancelOrder: SGP.22 v2.5, 5.3.3. */
import { can, type OrderEvent, withdrawn } from '../order.ts'
import {
  eidOfTheOrder,
  es2Function,
  matchingIdOfTheOrder,
  type OrderFacts,
  orderFacts,
  orderKnown,
  orderOwn,
  proven,
} from './function.ts'

export interface CancelOrderRequest {
  readonly iccid: string
  readonly finalProfileStatusIndicator: 'Available' | 'Unavailable'
  readonly eid?: string
  readonly matchingId?: string
}

const events = { Available: 'giveBack', Unavailable: 'cancel' } as const satisfies Record<string, OrderEvent>

/** Unverified: the code of the last row. */
export const cancelOrder = es2Function<CancelOrderRequest, OrderFacts<CancelOrderRequest>, object>({
  facts: orderFacts,
  checks: [
    orderKnown,
    orderOwn,
    eidOfTheOrder,
    matchingIdOfTheOrder,
    {
      id: 'order-cancellable',
      holds: ({ order, request }) => can(order, events[request.finalProfileStatusIndicator]),
      refusal: '8.2.1/3.5',
    },
  ],
  run: ({ order, request }) => ({
    order: withdrawn(proven(order), events[request.finalProfileStatusIndicator]),
    answer: {},
  }),
})
