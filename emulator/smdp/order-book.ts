/** Orders as the operator places them and as the functions of ES9+ find them. */
import { formatActivationCode, isEid } from '../../protocol/identifiers/index.ts'
import type { Random } from '../ports/index.ts'
import { check, type FieldRule, newProfile, type ProfileRequest, type Shop } from './new-profile.ts'
import { type Confirmation, can, confirmed, isOver, moved, type Order, reserved, withdrawn } from './order.ts'
import type { SmdpStore } from './store-database.ts'

/** What is absent is made up, the same each time from the same random octets. */
export interface OrderRequest extends Partial<Confirmation> {
  readonly profile?: ProfileRequest
  readonly eid?: string
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number
  /** False: a package is never bound to a second one-time key. */
  readonly rebinding?: boolean
  /** Where the eUICC of the EID is to learn of the order. */
  readonly smdsAddress?: string
  /** True: profile elements are protected with keys of their own. */
  readonly replaceSessionKeys?: boolean
}

/** What the operator may see of an order. */
export interface OrderStatus
  extends Pick<Order, 'iccid' | 'matchingId' | 'state' | 'eid' | 'result' | 'notifications' | 'metadata'> {
  /** Absent until the order is confirmed. */
  readonly activationCode?: string
}

export type ReleasedOrder = OrderStatus & Required<Pick<OrderStatus, 'matchingId' | 'activationCode'>>

export interface Orders {
  /** DownloadOrder, ConfirmOrder and ReleaseProfile at once. Throws RangeError for an order that cannot be: a malformed identifier, or one that is taken. */
  create(request?: OrderRequest): ReleasedOrder
  get(iccid: string): OrderStatus | undefined
  list(): readonly OrderStatus[]
  /** Withdraws an order that has not been carried out. False: it is not there or too late. */
  cancel(iccid: string): boolean
}

export interface OrderBook extends Orders {
  byIccid(iccid: string): Order | undefined
  byMatchingId(matchingId: string): Order | undefined
  /** The first that waits for this eUICC, or else the first that is about to. */
  forEid(eid: string): Order | undefined
  put(order: Order): void
  all(): Iterable<Order>
}

interface Store extends Shop {
  /** Ended orders, the latest so many. By default all. */
  readonly kept?: number | undefined
  readonly onMoved?: (order: Order, before: Order | undefined) => void
  readonly store?: SmdpStore | undefined
}

export function createOrderBook(shop: Store): OrderBook {
  const orders = new Map<string, Order>()
  const ended = new Set<string>()
  const byMatching = createIndex(({ matchingId }) => matchingId || undefined)
  const byEid = createIndex(({ eid }) => eid)
  const byIccid = (iccid: string) => orders.get(iccid)
  const place = (order: Order) => {
    const before = orders.get(order.iccid)
    for (const index of [byMatching, byEid]) index.move(before, order)
    orders.set(order.iccid, order)
    if (isOver(order) && order.state !== 'available') ended.add(order.iccid)
    else ended.delete(order.iccid)
    const [oldest] = ended
    if (oldest !== undefined && ended.size > (shop.kept ?? Number.POSITIVE_INFINITY)) forget(oldest)
  }
  const put = (order: Order) => {
    const before = orders.get(order.iccid)
    shop.store?.putOrder(order)
    place(order)
    shop.onMoved?.(order, before)
  }
  const forget = (iccid: string) => {
    const order = orders.get(iccid)
    if (order) for (const index of [byMatching, byEid]) index.remove(order)
    orders.delete(iccid)
    ended.delete(iccid)
    shop.store?.removeOrder(iccid)
  }
  for (const order of shop.store?.orders ?? []) place(order)
  const byMatchingId = (matchingId: string) => byMatching.find(matchingId).map(byIccid)[0]
  return {
    create(request = {}) {
      const order = releasedOrder(request, shop)
      if (orders.has(order.iccid)) throw new RangeError(`ICCID ${order.iccid} is ordered already`)
      if (byMatchingId(order.matchingId)) throw new RangeError(`matchingId ${order.matchingId} is in use`)
      put(order)
      return { ...statusOf(order, shop.address), ...findableBy(order, shop.address) }
    },
    get(iccid) {
      const order = byIccid(iccid)
      return order && statusOf(order, shop.address)
    },
    list: () => Array.from(orders.values(), (order) => statusOf(order, shop.address)),
    cancel(iccid) {
      const order = byIccid(iccid)
      if (!can(order, 'cancel')) return false
      put(withdrawn(order, 'cancel'))
      return true
    },
    byIccid,
    byMatchingId,
    forEid(eid) {
      const waiting = byEid.find(eid).map(byIccid)
      return waiting.find((order) => can(order, 'bind')) ?? waiting.find((order) => can(order, 'release'))
    },
    put,
    all: () => orders.values(),
  }
}

/** ICCIDs by another property of their orders, in the order in which they came. */
interface Index {
  find(key: string): readonly string[]
  move(before: Order | undefined, after: Order): void
  remove(order: Order): void
}

function createIndex(keyOf: (order: Order) => string | undefined): Index {
  const iccids = new Map<string, Set<string>>()
  const drop = (key: string | undefined, iccid: string) => {
    if (key === undefined) return
    const left = iccids.get(key)
    left?.delete(iccid)
    if (left?.size === 0) iccids.delete(key)
  }
  return {
    find: (key) => [...(iccids.get(key) ?? [])],
    move(before, after) {
      const [from, to] = [before && keyOf(before), keyOf(after)]
      if (from === to) return
      drop(from, after.iccid)
      if (to !== undefined) iccids.set(to, (iccids.get(to) ?? new Set()).add(after.iccid))
    },
    remove: (order) => drop(keyOf(order), order.iccid),
  }
}

type Findable = Order & Required<Pick<Order, 'matchingId'>>

const findableBy = ({ matchingId, confirmationCodeHash }: Findable, smdpAddress: string) => ({
  matchingId,
  activationCode: formatActivationCode({
    smdpAddress,
    matchingId,
    ...(confirmationCodeHash && { confirmationCodeRequired: true as const }),
  }),
})

const isFindable = (order: Order): order is Findable => order.matchingId !== undefined

function statusOf(order: Order, address: string): OrderStatus {
  const { iccid, state, result, notifications, metadata, binding } = order
  const eid = order.eid ?? binding?.euicc.eid
  return {
    iccid,
    state,
    metadata,
    notifications,
    ...(isFindable(order) && findableBy(order, address)),
    ...(eid !== undefined && { eid }),
    ...(result && { result }),
  }
}

function releasedOrder(request: OrderRequest, shop: Shop): Findable {
  const { profile = {}, eid, expiresAt, smdsAddress, rebinding = true, replaceSessionKeys = false } = request
  const made = newProfile(profile, shop)
  const matchingId = request.matchingId ?? inventMatchingId(shop.random)
  const order = moved(confirmed(reserved(made, eid), { ...request, matchingId }), 'release')
  const released = {
    ...order,
    matchingId,
    rebinding,
    replaceSessionKeys,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(smdsAddress !== undefined && { smdsAddress }),
  }
  check(wellFormed, released)
  return released
}

const wellFormed: readonly FieldRule<Findable>[] = [
  { field: 'eid', must: '32 digits', holds: ({ eid }) => eid === undefined || isEid(eid) },
  {
    field: 'matchingId',
    must: 'upper-case letters, digits and hyphens',
    holds: ({ matchingId }) => /^[0-9A-Z-]+$/.test(matchingId),
  },
]

const TOKEN_LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** In groups of five, as operators print them. */
export function inventMatchingId(random: Random): string {
  const letters = Array.from(random.octets(20), (octet) => TOKEN_LETTERS[octet % TOKEN_LETTERS.length])
  return letters.join('').replace(/.{5}(?=.)/g, '$&-')
}
