/** A download order and the profile that it is for: SGP.22 v2.5, 3.1.6. */
import type { Curve, PrivateKey } from '../../protocol/crypto/index.ts'
import type { ErrorResult, NotificationEvent } from '../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import type { TemplateName } from './profile/package.ts'
import type { ProfileParameters } from './profile/parameters.ts'
import type { Euicc } from './session.ts'

export type OrderState = 'released' | 'downloaded' | 'installed' | 'error' | 'unavailable'

/**
 * `bind`: a package went out. `install`, `retry`, `fail`: what the eUICC reported, or why it cancelled. `cancel`: the operator withdrew the order.
 * Unverified: the states before the release belong to ES2+, and whether an order can be cancelled after its package went out.
 */
export type OrderEvent = 'bind' | 'install' | 'retry' | 'fail' | 'cancel'

export const orderTransitions: Record<OrderState, Partial<Record<OrderEvent, OrderState>>> = {
  released: { bind: 'downloaded', retry: 'released', fail: 'error', cancel: 'unavailable' },
  downloaded: { bind: 'downloaded', install: 'installed', retry: 'released', fail: 'error', cancel: 'unavailable' },
  installed: {},
  error: {},
  unavailable: {},
}

/** The keys that the package was bound with last. An eUICC that still has its part gets the package bound with them again. */
export interface Binding {
  readonly transactionId: string
  readonly euicc: Euicc
  readonly euiccOtpk: Uint8Array
  readonly smdpOtsk: PrivateKey
}

/** What the eUICC has reported of the installation. */
export type InstallationResult =
  | { readonly kind: 'success'; readonly aid: Uint8Array }
  | ({ readonly kind: 'error' } & Pick<ErrorResult, 'bppCommandId' | 'errorReason'>)

export interface Order {
  readonly iccid: string
  readonly matchingId: string
  readonly state: OrderState
  readonly template: TemplateName
  readonly parameters: ProfileParameters
  readonly metadata: StoreMetadataRequest
  /** The only eUICC that may have it. */
  readonly eid?: string
  /** SHA-256 of the code. */
  readonly confirmationCodeHash?: Uint8Array
  readonly confirmationAttemptsLeft: number
  readonly downloadsLeft: number
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number
  /** Whether the package is bound again for an eUICC that comes with a new one-time key. */
  readonly rebinding: boolean
  /** Whether profile elements are protected by keys of their own (ReplaceSessionKeys). */
  readonly replaceSessionKeys: boolean
  readonly binding?: Binding
  readonly result?: InstallationResult
  /** What else the eUICC has told of the profile: the sequence number of the last notification of each event. */
  readonly notifications: Readonly<Partial<Record<NotificationEvent[number], number>>>
}

export const can = (order: Order | undefined, event: OrderEvent): order is Order =>
  order !== undefined && orderTransitions[order.state][event] !== undefined

/** The order after an event; the same one when the event means nothing in its state. */
export function moved(order: Order, event: OrderEvent): Order {
  const state = orderTransitions[order.state][event]
  return state === undefined ? order : { ...order, state }
}

/** The keys of the last binding, when they are on this curve. */
export const bindingOn = (order: Order | undefined, curve: Curve): Binding | undefined =>
  order?.binding?.smdpOtsk.curve === curve ? order.binding : undefined
