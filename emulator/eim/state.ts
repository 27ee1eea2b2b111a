/** What the eIM knows of one eUICC, and what a step on it gives: the next state, the answer, and what others are to be told. */
import type { PublicKey } from '../../protocol/crypto/index.ts'
import type { IpaCapabilities, Sgp32Version } from '../../protocol/sgp32/index.ts'
import type { Euicc, Inject, Package, PackageResult, Profile } from './model.ts'

export interface EuiccState {
  readonly eid: string
  /**
   * One per CI. The first one's CI is named in the initial configuration, so the eUICC signs package results under it. None: only its EID is known
   * yet, and nothing it says is believed.
   */
  readonly identities: readonly EuiccIdentity[]
  /** Version of SGP.32 of this eUICC and its IPA. Absent: that of this eIM. */
  readonly specification?: Sgp32Version
  readonly counterValue: number
  readonly associationToken?: number
  /** Of the packages sent last, newest first: in SGP.32 v1.0.1 results are signed together with the signature of their package. */
  readonly eimSignatures?: readonly { readonly counterValue: number; readonly eimSignature: Uint8Array }[]
  /** Milliseconds since the Unix epoch, here and below. */
  readonly lastContactAt?: number
  /** seqNumber of the result believed last. Results must rise above it. */
  readonly sequenceNumber: number
  readonly inventory: Inventory
  /** Where its IPA listens; packages are brought there. Absent: it polls. */
  readonly inject?: Inject
  /** What the IPA has said of its eUICC and itself, in answers to data requests. */
  readonly ipa?: IpaKnowledge
  /** Handed to the IPA and not answered to our satisfaction. */
  readonly exchange?: Exchange
  /** Transactions of the packages that were given up without an answer last, newest first. */
  readonly givenUp?: readonly string[]
  /** In order of arrival. */
  readonly waiting: readonly Package[]
}

/** CERT.EUICC.ECDSA and CERT.EUM.ECDSA below one CI; or only the key, where somebody has vouched for it. */
export interface EuiccIdentity {
  readonly publicKey: PublicKey
  readonly certified?: {
    readonly ciPKId: Uint8Array
    readonly euiccCertificate: Uint8Array
    readonly eumCertificate: Uint8Array
  }
}

/** Octets are DER. */
export interface IpaKnowledge {
  readonly capabilities?: IpaCapabilities
  readonly deviceInfo?: Uint8Array
  readonly euiccInfo1?: Uint8Array
  readonly euiccInfo2?: Uint8Array
}

export interface Inventory {
  readonly profiles: readonly Profile[]
  readonly at?: number
  /** The eUICC counts results and notifications together: nothing older than this changes the inventory. */
  readonly sequenceNumber: number
  /** There is more than the results told: the eUICC is to be asked with listProfileInfo. */
  readonly stale: boolean
  /** The last question failed: not before. */
  readonly askAt?: number
}

/** One package of the queue with the IPA. */
export interface Exchange {
  readonly package: Package
  /**
   * Under the same package, `inventory`: the listProfileInfo that follows it; `results`: the question for the results that the eUICC keeps, because it
   * has refused the package as a replay.
   */
  readonly purpose: 'order' | 'inventory' | 'results'
  /** Of `results`: the exchange that was refused. */
  readonly replayed?: Exchange
  /** Of this exchange: result and package are paired by it. */
  readonly eimTransactionId: string
  readonly counterValue?: number
  /** GetEimPackageResponse as it was sent, for every repetition. Absent: to be made with the next request. */
  readonly message?: Uint8Array
  readonly deliveries: number
  /** An answer could not be believed: not handed out again before. Ends the polling of an IPA that asks until nothing is left. */
  readonly heldUntil?: number
  /** What the package will be done with when the inventory is known, or when no better result is found. */
  readonly result?: PackageResult
}

export type Effect =
  /** A package is new or its state has changed. */
  | { readonly kind: 'package'; readonly package: Package; readonly idempotencyKey?: string }
  | { readonly kind: 'inventory' }
  /** A package waits: the IPA may be woken. */
  | { readonly kind: 'queued' }
  /** For the SM-DP+ at the address: PendingNotification, verified. */
  | { readonly kind: 'notification'; readonly address: string; readonly pendingNotification: Uint8Array }

export interface Turn<Answer> {
  /** Absent: nothing changes. */
  readonly state?: EuiccState
  readonly effects: readonly Effect[]
  readonly answer: Answer
}

export function newEuicc(eid: string, ...identities: readonly EuiccIdentity[]): EuiccState {
  return {
    eid,
    identities,
    counterValue: 0,
    sequenceNumber: -1,
    inventory: { profiles: [], sequenceNumber: -1, stale: true },
    waiting: [],
  }
}

export const toTime = (at: number): string => new Date(at).toISOString()

export function toEuicc({
  inject,
  eid,
  specification,
  counterValue,
  associationToken,
  lastContactAt,
  inventory,
  waiting,
}: EuiccState): Euicc {
  return {
    eid,
    counterValue,
    ...(specification && { specification }),
    ...(inject && { inject }),
    ...(associationToken !== undefined && { associationToken }),
    ...(lastContactAt !== undefined && { lastContactAt: toTime(lastContactAt) }),
    ...(inventory.at !== undefined && { inventoryAt: toTime(inventory.at) }),
    waitingPackages: waiting.length,
    profiles: inventory.profiles,
  }
}

/** exactOptionalPropertyTypes: a member that goes away is left out, not undefined. */
export function without<T extends object, K extends keyof T>(value: T, ...names: readonly K[]): Omit<T, K> {
  const rest = { ...value }
  for (const name of names) delete rest[name]
  return rest
}
