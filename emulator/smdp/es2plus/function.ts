/** A function of ES2+ as a row: what must hold before it, in order, and what it does. SGP.22 v2.5, 5.3. */
import type { StatusCode } from '../../../protocol/codes/index.ts'
import { type Check, firstBroken, type Requester, statusOf } from '../../rsp-server/index.ts'
import type { ProfileRequest } from '../new-profile.ts'
import type { Order } from '../order.ts'
import type { ProfileType } from '../profile/types.ts'

/** What an operator may order, and where it is told of progress. */
export interface Operator {
  /** Base URL of ES2+ at the operator. Absent: nothing is told. */
  readonly url?: string
  /** How many profiles of each type it may have made; a type that is absent is none of its own. Absent: all, without limit. */
  readonly profileTypes?: Readonly<Partial<Record<ProfileType, number>>>
}

/** What a function may know beside its request. */
export interface Shop {
  /** Of activation codes. */
  readonly smdpAddress: string
  order(iccid: string): Order | undefined
  orderByMatchingId(matchingId: string): Order | undefined
  operator(requester: string): Operator
  /** Profiles of this type that were made for the requester. */
  countOf(requester: string, profileType: ProfileType): number
  make(profile: ProfileRequest): Order
  inventMatchingId(): string
}

export interface Es2Changes<Answer> {
  readonly order: Order
  /** The order is released: an SM-DS that it names must know before it is kept. */
  readonly announces?: true
  readonly answer: Answer
}

export type Es2Result<Answer> =
  | ({ readonly kind: 'ok' } & Es2Changes<Answer>)
  | { readonly kind: 'refused'; readonly check: string; readonly status: StatusCode }

interface Es2Row<Request, Facts, Answer> {
  readonly facts: (shop: Shop, request: Request, requester: Requester) => Facts
  readonly checks: readonly Check<Facts>[]
  readonly run: (facts: Facts) => Es2Changes<Answer>
}

export type Es2Function<Request, Answer> = (shop: Shop, request: Request, requester: Requester) => Es2Result<Answer>

/** The first check that does not hold decides. */
export function es2Function<Request, Facts, Answer>(row: Es2Row<Request, Facts, Answer>): Es2Function<Request, Answer> {
  return (shop, request, requester) => {
    const facts = row.facts(shop, request, requester)
    const broken = firstBroken(row.checks, facts)
    if (broken) return { kind: 'refused', check: broken.id, status: statusOf(broken.refusal) }
    return { kind: 'ok', ...row.run(facts) }
  }
}

/** What ConfirmOrder, CancelOrder and ReleaseProfile look at. */
export interface OrderFacts<Request> {
  readonly shop: Shop
  readonly request: Request
  readonly order: Order | undefined
  readonly requester: Requester
}

export const orderFacts = <Request extends { readonly iccid: string }>(
  shop: Shop,
  request: Request,
  requester: Requester,
): OrderFacts<Request> => ({ shop, request, order: shop.order(request.iccid), requester })

/** Whose order it is: one without a requester is anybody's. */
export const isOwn = (order: Order | undefined, { functionRequesterIdentifier }: Requester): boolean =>
  order?.requester === undefined || order.requester === functionRequesterIdentifier

export const orderKnown: Check<OrderFacts<unknown>> = {
  id: 'iccid-known',
  holds: ({ order }) => order !== undefined,
  refusal: '8.2.1/3.9',
}

export const orderOwn: Check<OrderFacts<unknown>> = {
  id: 'iccid-of-the-requester',
  holds: ({ order, requester }) => isOwn(order, requester),
  refusal: '8.2.1/1.2',
}

interface Named {
  readonly eid?: string
  readonly matchingId?: string
}

const agrees = (asked: string | undefined, known: string | undefined): boolean =>
  asked === undefined || known === undefined || asked === known

export const eidOfTheOrder: Check<OrderFacts<Named>> = {
  id: 'eid-of-the-order',
  holds: ({ order, request }) => agrees(request.eid, order?.eid),
  refusal: '8.1.1/3.10',
}

export const matchingIdOfTheOrder: Check<OrderFacts<Named>> = {
  id: 'matching-id-of-the-order',
  holds: ({ order, request }) => agrees(request.matchingId, order?.matchingId),
  refusal: '8.2.6/3.10',
}

/** What a check has shown to be there. */
export function proven<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a fact is missing and no check said so')
  return value
}
