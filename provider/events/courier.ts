/** One attempt to bring an event to its sink, and what is written of it. */
import type { RetryPolicy } from '../config.ts'
import type { Outside } from '../outside.ts'
import type { Database, Queries } from '../store/database.ts'
import { endParcel, type Parcel, postpone } from '../store/outbox.ts'
import { createCredentials } from './credentials.ts'
import { type EndReason, type Fate, fateOf, type Reception } from './delivery.ts'
import type { Refresh } from './refresh-http.ts'
import type { SendEvent } from './sink-http.ts'

export interface CourierParts {
  readonly database: Database
  readonly send: SendEvent
  readonly refresh: Refresh
  readonly retry: RetryPolicy
  readonly outside: Outside
  /** What has become of an event about a subscription, in the transaction that writes it. */
  settled?(queries: Queries, parcel: Parcel, how: EndReason): Promise<void>
}

interface Attempted {
  /** There may be something to deliver now that could not be delivered before. */
  readonly more: boolean
  /** When this event is due again. */
  readonly again?: number
}

/** Rejects when what has become of the event cannot be written. After `closing` nothing is written of an attempt that failed. */
export type Courier = (parcel: Parcel, closing: AbortSignal) => Promise<Attempted>

export const createCourier = ({ database, send, refresh, retry, settled, outside }: CourierParts): Courier => {
  const { clock, random, logger } = outside
  const credentials = createCredentials({ database, clock, refresh })

  const attempt = async (parcel: Parcel, closing: AbortSignal): Promise<Fate> => {
    const reception = await meet(parcel, closing)
    if (typeof reception === 'string') return { kind: 'ended', reason: reception }
    return fateOf({ parcel, reception, now: clock.now(), chance: random.fraction() }, retry)
  }

  const meet = async (
    parcel: Parcel,
    closing: AbortSignal,
  ): Promise<Reception | 'credential-expired' | 'sink-not-allowed'> => {
    const held = await credentials.ready(parcel, closing)
    if (held.kind === 'ready') return send(held.parcel, closing)
    if (held.kind === 'expired') return 'credential-expired'
    return held.kind === 'not-allowed' ? 'sink-not-allowed' : held
  }

  const write = async (parcel: Parcel, attempts: number, fate: Fate): Promise<Attempted> => {
    if (fate.kind === 'ended') return { more: await finish(parcel, attempts, fate.reason) }
    await postpone(database, parcel.eventId, attempts, fate.at)
    return { more: false, again: fate.at }
  }

  const finish = (parcel: Parcel, attempts: number, reason: EndReason): Promise<boolean> => {
    const end = { at: clock.now(), reason }
    if (!parcel.callback.subscribed) return endParcel(database, parcel.eventId, attempts, end)
    return database.transaction(async (queries) => {
      await endParcel(queries, parcel.eventId, attempts, end)
      await settled?.(queries, parcel, reason)
      return true
    })
  }

  return async (parcel, closing) => {
    const fate = await attempt(parcel, closing)
    if (closing.aborted && fate.kind === 'again') return { more: false }
    const { eventId, correlator } = parcel
    const attempts = parcel.attempts + 1
    const attempted = await write(parcel, attempts, fate)
    logger.info({ eventId, correlator, attempts, ...fate }, 'event')
    return attempted
  }
}
