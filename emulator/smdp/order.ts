/** A download order and the profile that it is for: SGP.22 v2.5, 3.1.6. */
import { createHash } from 'node:crypto'
import type { Curve, PrivateKey } from '../../protocol/crypto/index.ts'
import type { ErrorResult, NotificationEvent } from '../../protocol/sgp22/index.ts'
import type { StoreMetadataRequest } from '../../protocol/sgp32/index.ts'
import type { Euicc } from '../rsp-server/index.ts'
import type { BrokenProfileName } from './profile/broken.ts'
import type { TemplateName } from './profile/package.ts'
import type { ProfileParameters } from './profile/parameters.ts'
import type { ProfileType } from './profile/types.ts'

export type OrderState =
  | 'available'
  | 'allocated'
  | 'linked'
  | 'confirmed'
  | 'released'
  | 'downloaded'
  | 'installed'
  | 'error'
  | 'unavailable'

/**
 * By the operator (ES2+): `allocate` and `link` reserve the profile, without and with an EID; `confirm`; `release`; `giveBack` and
 * `cancel` withdraw the order, so that the profile can be ordered again or not.
 * By the eUICC (ES9+): `bind`: a package went out. `install`, `retry`, `fail`: what it reported, or why it cancelled.
 * Unverified: whether an order can be withdrawn after its package went out. The profile is not given to another then.
 */
export type OrderEvent =
  | 'allocate'
  | 'link'
  | 'confirm'
  | 'release'
  | 'giveBack'
  | 'cancel'
  | 'bind'
  | 'install'
  | 'retry'
  | 'fail'

const endings = { giveBack: 'available', cancel: 'unavailable' } as const

/** An event absent from a row is refused in that state. */
export const orderTransitions: Record<OrderState, Partial<Record<OrderEvent, OrderState>>> = {
  available: { allocate: 'allocated', link: 'linked', cancel: 'unavailable' },
  allocated: { confirm: 'confirmed', ...endings },
  linked: { confirm: 'confirmed', ...endings },
  confirmed: { release: 'released', ...endings },
  released: { bind: 'downloaded', retry: 'released', fail: 'error', ...endings },
  downloaded: { bind: 'downloaded', install: 'installed', retry: 'released', fail: 'error', cancel: 'unavailable' },
  installed: {},
  error: endings,
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
  /** Absent until the order is confirmed. Empty: only the eUICC of the order finds it. */
  readonly matchingId?: string
  readonly state: OrderState
  readonly template: TemplateName
  /** What a card is to refuse the profile for. */
  readonly fault?: BrokenProfileName
  readonly parameters: ProfileParameters
  readonly metadata: StoreMetadataRequest
  /** The only eUICC that may have it. */
  readonly eid?: string
  /** functionRequesterIdentifier of the operator. Absent: ordered by the owner of the testbed. */
  readonly requester?: string
  /** SHA-256 of the code. */
  readonly confirmationCodeHash?: Uint8Array
  /** Where an event tells the eUICC of the order. */
  readonly smdsAddress?: string
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

/** What the operator says to an order when it confirms it. */
export interface Confirmation {
  /** Empty: only the eUICC of the order finds it. */
  readonly matchingId: string
  readonly confirmationCode?: string
  /** Wrong codes after which the order is in error; 3 by default. */
  readonly confirmationAttempts?: number
  /** Packages handed out at most; 10 by default. */
  readonly downloads?: number
}

/** What ES2+ calls it. */
export const profileTypeOf = ({ fault, template }: Order): ProfileType => fault ?? template

/** For any eUICC, or for this one only. */
export const reserved = (profile: Order, eid?: string): Order =>
  eid === undefined ? moved(profile, 'allocate') : { ...moved(profile, 'link'), eid }

export function confirmed(order: Order, confirmation: Confirmation): Order {
  const { matchingId, confirmationCode, confirmationAttempts = 3, downloads = 10 } = confirmation
  return {
    ...moved(order, 'confirm'),
    matchingId,
    confirmationAttemptsLeft: confirmationAttempts,
    downloadsLeft: downloads,
    ...(confirmationCode !== undefined && { confirmationCodeHash: sha256(confirmationCode) }),
  }
}

/** A profile that can be ordered again stays the operator's, and forgets the order that it was in. */
export function withdrawn(order: Order, event: 'giveBack' | 'cancel'): Order {
  const moving = moved(order, event)
  if (moving.state !== 'available') return moving
  const { matchingId: _m, eid: _e, confirmationCodeHash: _c, ...rest } = moving
  const { binding: _b, result: _r, smdsAddress: _s, ...profile } = rest
  return { ...profile, notifications: {} }
}

/** Nothing more can come of the order. */
export const isOver = ({ state }: Order): boolean =>
  state === 'available' || state === 'unavailable' || state === 'installed' || state === 'error'

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text, 'utf8').digest()

/** The keys of the last binding, when they are on this curve. */
export const bindingOn = (order: Order | undefined, curve: Curve): Binding | undefined =>
  order?.binding?.smdpOtsk.curve === curve ? order.binding : undefined
