/** Profile orders at the SM-DP+, in the control API: DownloadOrder, ConfirmOrder and ReleaseProfile at once, and what ES2+ has no member for. */
import { toHex } from '../../../protocol/ber/index.ts'
import { problem, type Reply, type Route } from '../../rest/index.ts'
import { type OrderRequest, type OrderStatus, type ProfileType, profileTypes, type Smdp } from '../../smdp/index.ts'
import * as schemas from './schemas/orders.ts'
import { iccid } from './schemas/words.ts'

interface OrderBody extends Omit<OrderRequest, 'profile' | 'expiresAt'> {
  readonly profileType?: ProfileType
  readonly iccid?: string
  readonly fallbackAllowed?: boolean
  readonly ecallIndication?: boolean
  /** RFC 3339. */
  readonly expiresAt?: string
}

export const orderRoutes = ({ orders, announce }: Pick<Smdp, 'orders' | 'announce'>): readonly Route[] => [
  {
    method: 'POST',
    path: '/orders',
    summary:
      'Orders a profile, ready to be downloaded. With `smdsAddress` and an EID the order is announced at that SM-DS.',
    body: schemas.orderRequest,
    answers: {
      201: { description: 'The order.', schema: schemas.order },
      422: { description: 'There cannot be such an order: an identifier is malformed, or in use.' },
      502: { description: 'The SM-DS did not take the event; the order is there nevertheless.' },
    },
    async handle({ body }) {
      const {
        profileType = 'minimal',
        iccid,
        fallbackAllowed,
        ecallIndication,
        expiresAt,
        ...order
      } = body as OrderBody
      try {
        const { iccid: made } = orders.create({
          ...order,
          profile: {
            ...profileTypes[profileType],
            ...(iccid !== undefined && { iccid }),
            ...(fallbackAllowed !== undefined && { fallbackAllowed }),
            ...(ecallIndication !== undefined && { ecallIndication }),
          },
          ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
        })
        const announced = await announce(made)
        if (announced !== 'done') return problem(502, 'The SM-DS did not take the event', announced)
        return { status: 201, headers: { location: `/testbed/v1/orders/${made}` }, body: shown(orders.get(made)) }
      } catch (error) {
        if (error instanceof RangeError) return problem(422, 'There cannot be such an order', error.message)
        throw error
      }
    },
  },
  {
    method: 'GET',
    path: '/orders',
    summary: 'All orders, in the order in which they came.',
    answers: { 200: { description: 'The orders.', schema: schemas.orders } },
    handle: () => ({ status: 200, body: { orders: orders.list().map(shown) } }),
  },
  {
    method: 'GET',
    path: '/orders/{iccid}',
    summary: 'An order and what the eUICC has reported of it.',
    parameters: { iccid },
    answers: { 200: { description: 'The order.', schema: schemas.order }, 404: { description: 'No such order.' } },
    handle: ({ parameters }) => found(orders.get(parameters['iccid'] ?? '')),
  },
  {
    method: 'DELETE',
    path: '/orders/{iccid}',
    summary: 'Cancels an order that has not been carried out; its profile is unavailable from then on.',
    parameters: { iccid },
    answers: {
      200: { description: 'The order, cancelled.', schema: schemas.order },
      404: { description: 'No such order.' },
      409: { description: 'It is too late.' },
    },
    handle({ parameters: { iccid = '' } }) {
      if (!orders.get(iccid)) return found(undefined)
      return orders.cancel(iccid) ? found(orders.get(iccid)) : problem(409, 'The order cannot be cancelled any more')
    },
  },
]

const found = (order: OrderStatus | undefined): Reply =>
  order ? { status: 200, body: shown(order) } : problem(404, 'No such order')

function shown(order: OrderStatus | undefined) {
  if (!order) throw new Error('an order that was just made is not there')
  const { metadata: _, result, ...rest } = order
  return {
    ...rest,
    ...(result && { result: result.kind === 'success' ? { ...result, aid: toHex(result.aid) } : result }),
  }
}
