/** What a scenario knows while it runs. Steps and rules share it; the rules are in the modules beside it. */
import type { Tenant } from '../authorization/client-http.ts'
import type { ForgedToken } from '../authorization/forge.ts'
import type { OperationName, RequestName, ShownEsim, Told } from '../dialects/dialect.ts'
import type { Exchange } from '../runner/http.ts'
import type { Session } from '../runner/session.ts'
import type { Delivery, Inbox } from '../sink/inbox.ts'
import type { Device, Lease, OrderShape, ProfileShape } from '../testbed/http.ts'
import type { LentDevice } from '../testbed/shelf.ts'
import type { Mismatch } from './mismatch.ts'

export interface Scenario {
  readonly session: Session
  /** Unique in the run: the id of the started test case. */
  readonly id: string
  readonly tags: readonly string[]
  readonly draft: Draft
  readonly devices: ScenarioDevice[]
  readonly operations: Operation[]
  readonly inboxes: Map<string, Inbox>
  readonly events: ReceivedEvent[]
  readonly subscriptions: Subscription[]
  /** Every request of the API with its answer, oldest first. */
  readonly exchanges: Exchange[]
  /** The latest request that a step was about, with its answer. */
  asked: Asked | undefined
  /** Answers to a row of requests that one step sent. */
  batch: Trial[]
  /** Lists of eSIMs that were shown while operations were executed. */
  readonly sightings: (readonly ShownEsim[])[]
  readonly mismatches: Mismatch[]
  /** What only the card could have told, where nobody sees the card. */
  readonly unverified: Set<string>
  /** Ends the step: the target is wrong and the scenario cannot go on. */
  readonly fail: (mismatch: Mismatch) => never
  /** Remembers that the target is wrong and goes on; the scenario fails at its end. */
  readonly note: (mismatch: Mismatch) => void
}

export interface Asked {
  /** Absent for a request outside the API. */
  readonly name?: RequestName
  readonly exchange: Exchange
}

/** A device: described first, leased from the testbed when first used. */
export interface ScenarioDevice {
  readonly name: string
  readonly tenant: Tenant
  readonly profiles: { readonly alias: string; readonly shape: ProfileShape }[]
  readonly orders: { readonly alias: string; readonly shape: OrderShape }[]
  /** The scenario has cut it off. */
  unreachable: boolean
  /** Something about it was asked for and not refused. */
  used: boolean
  leased: Promise<LeasedDevice> | undefined
}

export interface LeasedDevice {
  readonly lent: LentDevice
  readonly lease: Lease
  /** The card when the scenario got it. */
  readonly before: Device
}

export type Credentials =
  | { readonly kind: 'valid'; readonly tenant: Tenant }
  | { readonly kind: 'scopes'; readonly scopes: readonly string[] }
  | { readonly kind: 'forged'; readonly forgery: ForgedToken }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'none' }

/** The next request, as the steps have described it so far. */
export interface Draft {
  credentials: Credentials
  /** `new`: a UUID for each request. */
  correlator: 'new' | 'none' | { readonly value: string }
  contentType: string
  /** Changes to the body of the next request, in order; an undefined value removes. */
  edits: { readonly path: string; readonly value: unknown }[]
  /** Identifiers that the next body names instead of its own, or beside. */
  names: { readonly eid?: string; readonly iccid?: string }
  /** The next body as it is, instead of JSON. */
  rawBody: string | undefined
  /** Name of the scenario's sink. */
  sink: string
}

/** One of several requests that a step sends, with what was wrong about it. */
export interface Trial {
  readonly label: string
  readonly requirement?: string
  readonly exchange: Exchange
}

/** An operation that the target accepted. */
export interface Operation {
  readonly name: OperationName
  readonly operationId: string
  readonly eid: string
  readonly iccid: string
  readonly device: ScenarioDevice
  /** The card's latest event when the request was sent. */
  readonly baseline: number
  readonly activates: boolean
  readonly accepted: Exchange
  /** Its name in the scenario. */
  alias: string
  /** The first answer that showed it completed. */
  completed: Exchange | undefined
}

/** The end of an operation, in the runner's words. */
export interface OperationResult extends Told {
  readonly outcome: string
}

/** A subscription that the target accepted. */
export interface Subscription {
  readonly id: string
  readonly created: Exchange
  /** Name of its sink. */
  readonly sink: string
}

export interface ReceivedEvent {
  readonly delivery: Delivery
  readonly inbox: Inbox
  readonly operationId: string
  /** Settled when everything about this delivery has been looked at. */
  readonly examined: Promise<void>
}

export const newDraft = (tenant: Tenant = 'own'): Draft => ({
  credentials: { kind: 'valid', tenant },
  correlator: 'new',
  contentType: 'application/json',
  edits: [],
  names: {},
  rawBody: undefined,
  sink: '',
})

export function latestExchange({ asked }: Scenario): Exchange {
  if (asked === undefined) throw new Error('no request was sent yet')
  return asked.exchange
}

export function latestOperation({ operations }: Scenario): Operation {
  const operation = operations.at(-1)
  if (operation === undefined) throw new Error('no operation was accepted yet')
  return operation
}

export function latestSubscription({ subscriptions }: Scenario): Subscription {
  const subscription = subscriptions.at(-1)
  if (subscription === undefined) throw new Error('no subscription was accepted yet')
  return subscription
}

export function operationNamed({ operations }: Scenario, alias: string): Operation {
  const operation = operations.find((candidate) => candidate.alias === alias)
  if (operation === undefined) throw new Error(`the scenario has no operation "${alias}"`)
  return operation
}
