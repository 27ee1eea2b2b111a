/** What a card did, as it tells its surroundings: the truth that others are compared with. */

export type CardEventType =
  | 'profile-installed'
  | 'profile-enabled'
  | 'profile-disabled'
  | 'profile-deleted'
  | 'fallback-attribute-set'
  | 'fallback-attribute-unset'
  | 'notification-stored'
  | 'notification-removed'
  | 'package-executed'
  | 'eim-added'
  | 'eim-updated'
  | 'eim-deleted'
  | 'crl-loaded'
  | 'installation-failed'
  | 'session-cancelled'
  | 'refused'
  | 'malformed'

export interface EventDraft {
  readonly type: CardEventType
  /** The function of ES10 or the instruction that did it, for example `LoadEuiccPackage`. */
  readonly cause: string
  readonly iccid?: string | undefined
  readonly eimId?: string | undefined
  /** Of the notification or the result that was stored or removed. */
  readonly seqNumber?: number | undefined
  /** `refused`: the precondition that did not hold. */
  readonly check?: string | undefined
  /** `malformed`: what could not be read; `installation-failed`: the reason; `refused`: what of the fact did not hold, where it has parts. */
  readonly detail?: string | undefined
}

export interface CardEvent extends EventDraft {
  readonly eid: string
  /** Rises by one with each event of a card, over resets, too. */
  readonly sequence: number
}

export function causedBy(cause: string, event: Omit<EventDraft, 'cause'>): EventDraft {
  const { type, iccid, eimId, seqNumber, check, detail } = event
  return { type, cause, iccid, eimId, seqNumber, check, detail }
}

export function numberedEvent(event: EventDraft, eid: string, sequence: number): CardEvent {
  const { type, cause, iccid, eimId, seqNumber, check, detail } = event
  return { type, cause, iccid, eimId, seqNumber, check, detail, eid, sequence }
}
