import type { Random } from '../../ports/index.ts'
import { newProfile } from '../new-profile.ts'
import { profileTypeOf } from '../order.ts'
import { inventMatchingId, type OrderBook } from '../order-book.ts'
import type { Operator, Shop } from './function.ts'

export interface ShopOptions {
  readonly address: string
  readonly random: Random
  readonly book: OrderBook
  operator(requester: string): Operator
}

/** What the functions of ES2+ find of orders and profiles. */
export function createShop({ address, random, book, operator }: ShopOptions): Shop {
  return {
    smdpAddress: address,
    order: book.byIccid,
    orderByMatchingId: book.byMatchingId,
    operator,
    countOf: (requester, profileType) =>
      [...book.all()].filter((order) => order.requester === requester && profileTypeOf(order) === profileType).length,
    make: (profile) => newProfile(profile, { address, random }),
    inventMatchingId: () => inventMatchingId(random),
  }
}
