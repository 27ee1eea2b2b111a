/** ES2+.ReleaseProfile: SGP.22 v2.5, 5.3.4. */
import { can, moved } from '../order.ts'
import { es2Function, type OrderFacts, orderFacts, orderKnown, orderOwn, proven } from './function.ts'

export interface ReleaseProfileRequest {
  readonly iccid: string
}

export const releaseProfile = es2Function<ReleaseProfileRequest, OrderFacts<ReleaseProfileRequest>, object>({
  facts: orderFacts,
  checks: [
    orderKnown,
    orderOwn,
    { id: 'order-confirmed', holds: ({ order }) => can(order, 'release'), refusal: '8.2.1/3.5' },
  ],
  run: ({ order }) => ({ order: moved(proven(order), 'release'), announces: true, answer: {} }),
})
