/** An operation on one eSIM: what was asked, by whom, and how far it has come. Dialects spell it; nothing here is on the wire. */
export interface DownloadTask {
  readonly kind: 'download'
  readonly activationCode: string
  readonly activateOnDownload: boolean
}

export interface DeleteTask {
  readonly kind: 'delete'
  /** What an enabled eSIM meets: fixed when the operation is accepted. */
  readonly whenEnabled: 'auto-disable' | 'conflict'
}

export type Task =
  | DownloadTask
  | DeleteTask
  | { readonly kind: 'enable' }
  | { readonly kind: 'disable' }
  | { readonly kind: 'set-fallback' }

export type OperationKind = Task['kind']

/** One package sent to the card. An operation passes each step at most once, so `operationId/step` names a package for ever. */
export type Step =
  | 'download'
  | 'enable'
  | 'disable'
  | 'delete'
  | 'disable-and-delete'
  | 'disable-before-delete'
  | 'set-fallback'

/** Why an operation failed, in our words; a dialect's table gives each its code and status. */
export type FailureReason =
  | 'already-installed'
  | 'not-installed'
  | 'not-disabled'
  | 'not-enabled'
  | 'download-failed'
  | 'iccid-mismatch'
  | 'fallback-not-allowed'
  | 'unreachable'
  | 'refused'

export interface Failure {
  readonly reason: FailureReason
  /** What the card, the SM-DP+ or the platform said. */
  readonly details?: string
}

export type Result =
  | { readonly outcome: 'success' | 'cancelled'; readonly completedAt: number }
  | { readonly outcome: 'failed'; readonly completedAt: number; readonly failure: Failure }

interface UnderWay {
  /** When the time limit passes, in milliseconds since the Unix epoch. */
  readonly deadline: number
  readonly step: Step
  /** The time limit has passed once; see transitions.ts. */
  readonly overdue?: true
}

/**
 * accepted: waits for its turn. dispatched: a package is on its way to the platform (no packageId yet) or waits there.
 * executing: the IPA has the package. completed: there is a result, and it never changes.
 */
export type Progress =
  | { readonly phase: 'accepted'; readonly deadline: number }
  | (UnderWay & { readonly phase: 'dispatched'; readonly packageId?: string })
  | (UnderWay & { readonly phase: 'executing'; readonly packageId: string })
  | { readonly phase: 'completed'; readonly result: Result }

export type Phase = Progress['phase']
export type At<P extends Phase> = Extract<Progress, { phase: P }>

export interface Operation<P extends Progress = Progress> {
  readonly operationId: string
  /** The dialect that accepted it and that spells its event. */
  readonly dialect: string
  readonly tenant: string
  readonly correlator: string
  readonly eid: string
  /** Absent where only the activation code knows it, until the download has brought it. */
  readonly iccid?: string
  readonly task: Task
  readonly callback?: Callback
  readonly timeLimitMs: number
  /** Milliseconds since the Unix epoch. */
  readonly acceptedAt?: number
  readonly progress: P
}

/** A request that may come again and must not do anything twice (Idempotency-Key). */
export interface Repeatable {
  readonly client: string
  readonly key: string
  /** Of what was asked: the same key with another one is a mistake. */
  readonly fingerprint: string
}

/** The same key came with two requests at the same time, and they asked for different things. */
export class RepeatedMeanwhile extends Error {}

/** Where events go. */
export interface Callback {
  readonly sink: string
  readonly credential?: SinkCredential
  /** The stream of the events is a subscription. */
  readonly subscribed?: true
  /** Absent: the one about the outcome. */
  readonly wants?: WantedEvents
}

export interface WantedEvents {
  /** When the operation is accepted. */
  readonly initial: boolean
  readonly outcome: boolean
  /** No event about anything later, in milliseconds since the Unix epoch. */
  readonly until?: number
}

/** How the sink wants to be met. Never logged, never returned, forgotten when the delivery ends. */
export interface SinkCredential {
  readonly scheme: 'Basic' | 'Bearer'
  /** What follows the scheme in `Authorization`. */
  readonly value: string
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt?: number
  /** What a new access token is to be had for, and where. */
  readonly refresh?: { readonly token: string; readonly endpoint: string }
}
