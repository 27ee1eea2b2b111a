/** What a route may ask for. */
import type { Callback, Operation, Repeatable, Task } from './operations/operation.ts'
import type { ProfileOrders } from './rsp/orders.ts'
import type { Profile } from './rsp/platform.ts'
import type { Subscription } from './subscriptions/subscription.ts'

export interface NewOperation {
  readonly dialect: string
  readonly tenant: string
  readonly correlator: string
  readonly eid: string
  readonly iccid?: string
  readonly task: Task
  readonly callback?: Callback
  readonly repeatable?: Repeatable
}

export interface OperationsService {
  /** Durable when it answers. Of requests with one Idempotency-Key only the first makes an operation. */
  accept(asked: NewOperation): Promise<Operation>
  /** undefined, and nothing written, while another operation on the eUICC is not completed. */
  acceptIfIdle(asked: NewOperation): Promise<Operation | undefined>
  isBusy(eid: string): Promise<boolean>
  /** An operation on this eSIM is not completed. */
  isUnderWay(esim: { readonly eid: string; readonly iccid: string }): Promise<boolean>
  /** The operation that this request has made before, as it was accepted then; undefined when it is new. */
  repeated(request: Repeatable): Promise<Operation | 'another-request' | undefined>
  /** undefined also for an operation of another tenant, and for one completed so long ago that it is not kept. */
  find(tenant: string, operationId: string): Promise<Operation | undefined>
}

export interface OwnedProfile extends Profile {
  readonly eid: string
}

export interface EsimIdentifiers {
  readonly eid?: string
  readonly iccid?: string
}

export type Unknown = { readonly kind: 'unknown' }
export type NotAPair = { readonly kind: 'not-a-pair' }
export type Found<T> = { readonly kind: 'found'; readonly value: T }

/** What the platform knows, as far as it is the tenant's own: whatever belongs to another tenant is unknown. */
export interface ProfilesService {
  onEuicc(tenant: string, eid: string): Promise<Found<readonly OwnedProfile[]> | Unknown>
  find(
    tenant: string,
    esim: EsimIdentifiers & { readonly iccid: string },
  ): Promise<Found<OwnedProfile> | Unknown | NotAPair>
  /** All that the identifiers stand for: one eSIM, or those of an eUICC. */
  select(tenant: string, esim: EsimIdentifiers): Promise<Found<readonly OwnedProfile[]> | Unknown | NotAPair>
}

export interface NewSubscription extends Omit<Subscription, 'subscriptionId' | 'startsAt' | 'status'> {
  /** Whether the operation that was completed last, of those that it is about, is told at once. */
  readonly initialEvent: boolean
}

/** What belongs to another tenant is not there. */
export interface SubscriptionsService {
  /** undefined: there is one already that tells the same to the same sink. */
  create(asked: NewSubscription): Promise<Subscription | undefined>
  find(tenant: string, subscriptionId: string): Promise<Subscription | undefined>
  list(tenant: string, expiresBefore?: number): Promise<readonly Subscription[]>
  /** false: it is not there. */
  delete(tenant: string, subscriptionId: string): Promise<boolean>
}

export interface Services {
  readonly operations: OperationsService
  readonly profiles: ProfilesService
  readonly orders: ProfileOrders
  readonly subscriptions: SubscriptionsService
  /** The eUICC in the device with this IMEI, where the configuration says it. */
  eidOf(imei: string): string | undefined
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** undefined: events may go there; otherwise a sentence that says why not, `name` being what the request calls it. */
  sinkProblem(sink: string, name?: string): string | undefined
}
