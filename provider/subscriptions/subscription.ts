/** A standing wish to be told of completed operations: of which, where to, and until when. Dialects spell it; nothing here is on the wire. */
import type { SinkCredential } from '../operations/operation.ts'

/** All that are there must hold. */
export interface Filter {
  readonly eid?: string
  readonly iccid?: string
  readonly operationId?: string
}

/** inactive: events were given up; it is active again once one is delivered. expired, deleted: it has ended. */
export type SubscriptionStatus = 'active' | 'inactive' | 'expired' | 'deleted'

export type EndReason = 'expired' | 'max-events' | 'token-expired' | 'deleted' | 'undeliverable'

export interface Subscription {
  readonly subscriptionId: string
  readonly dialect: string
  readonly tenant: string
  readonly correlator: string
  readonly sink: string
  readonly credential?: SinkCredential
  readonly filter: Filter
  /** What the dialect shows of it again; never a credential. */
  readonly shown: unknown
  readonly maxEvents?: number
  /** Milliseconds since the Unix epoch, as the other times. */
  readonly startsAt: number
  /** As the consumer has asked. */
  readonly expiresAt?: number
  readonly status: SubscriptionStatus
}

/** So long before the credential expires, at most, does a subscription end: the event that says so must still get through. */
const farewellMs = 60_000

/** When it ends by itself, and why; undefined: never. */
export const endOf = ({
  startsAt,
  expiresAt = Number.POSITIVE_INFINITY,
  credential,
}: Pick<Subscription, 'startsAt' | 'expiresAt' | 'credential'>):
  | { readonly at: number; readonly reason: EndReason }
  | undefined => {
  const tokenExpiresAt = credential?.expiresAt ?? Number.POSITIVE_INFINITY
  const tokenEndsAt = tokenExpiresAt - Math.min(farewellMs, (tokenExpiresAt - startsAt) / 2)
  if (expiresAt === Number.POSITIVE_INFINITY && tokenExpiresAt === Number.POSITIVE_INFINITY) return undefined
  return expiresAt <= tokenEndsAt
    ? { at: expiresAt, reason: 'expired' }
    : { at: Math.floor(tokenEndsAt), reason: 'token-expired' }
}
