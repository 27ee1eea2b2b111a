/** Brings events to their sinks: at least once, the same octets on every attempt, in order within a stream. */
import { createAlarm } from '../alarm.ts'
import type { RetryPolicy } from '../config.ts'
import type { Outside } from '../outside.ts'
import type { Database, Queries } from '../store/database.ts'
import { dueParcels, endParcel, type Parcel, postpone } from '../store/outbox.ts'
import { createCredentials } from './credentials.ts'
import { type EndReason, type Fate, fateOf, type Reception } from './delivery.ts'
import type { Refresh } from './refresh-http.ts'
import type { SendEvent } from './sink-http.ts'

interface Post {
  readonly database: Database
  readonly send: SendEvent
  readonly refresh: Refresh
  readonly retry: RetryPolicy
  readonly outside: Outside
  /** What has become of an event about a subscription, in the transaction that writes it. */
  settled?(queries: Queries, parcel: Parcel, how: EndReason): Promise<void>
  /** Which of those that share the database this is. */
  readonly instance?: string
}

export interface Outbox {
  /** There may be something to deliver. */
  look(): void
  close(): Promise<void>
}

const atOnce = 32
/** Until the database is asked again after it failed. */
const pauseMs = 1000

export const createOutbox = ({ database, send, refresh, retry, settled: tell, outside, instance }: Post): Outbox => {
  const { clock, random, logger } = outside
  const credentials = createCredentials({ database, clock, refresh })
  const underWay = new Map<string, Promise<void>>()
  /** Whose fate was written during the present look: what it reads of them may be older. */
  const settled = new Set<string>()
  const closing = new AbortController()
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** The last look found more than could be begun. */
  let full = false

  const look = (): void => {
    lookAgain = true
    looking ??= sendDue()
  }

  const alarm = createAlarm(outside, look)

  const sendDue = async (): Promise<void> => {
    while (lookAgain && !closing.signal.aborted) {
      lookAgain = false
      try {
        const now = clock.now()
        settled.clear()
        const limit = atOnce + underWay.size
        const { due, next } = await dueParcels(database, { now, limit, ...(instance !== undefined && { instance }) })
        const idle = due.filter(isIdle)
        for (const parcel of idle.slice(0, atOnce - underWay.size)) begin(parcel)
        full = underWay.size >= atOnce
        alarm.at(next)
      } catch (error) {
        if (closing.signal.aborted) break
        logger.error({ err: error }, 'cannot read the outbox')
        alarm.at(clock.now() + pauseMs)
      }
    }
    // In the same breath as the last look at `lookAgain`: whoever asks from now on begins anew.
    looking = undefined
  }

  const isIdle = ({ eventId }: Parcel): boolean => !underWay.has(eventId) && !settled.has(eventId)

  const begin = (parcel: Parcel): void => {
    underWay.set(parcel.eventId, bring(parcel))
  }

  const bring = async (parcel: Parcel): Promise<void> => {
    try {
      const more = await deliver(parcel)
      settled.add(parcel.eventId)
      underWay.delete(parcel.eventId)
      if (more || full) look()
    } catch (error) {
      underWay.delete(parcel.eventId)
      if (closing.signal.aborted) return
      logger.error({ eventId: parcel.eventId, err: error }, 'cannot write what became of an event')
      alarm.at(clock.now() + pauseMs)
    }
  }

  /** Whether there may be something to deliver now that could not be delivered before. */
  const deliver = async (parcel: Parcel): Promise<boolean> => {
    const fate = await attempt(parcel)
    if (closing.signal.aborted && fate.kind === 'again') return false
    const { eventId, correlator } = parcel
    const attempts = parcel.attempts + 1
    const more = await write(parcel, attempts, fate)
    logger.info({ eventId, correlator, attempts, ...fate }, 'event')
    return more
  }

  const write = async (parcel: Parcel, attempts: number, fate: Fate): Promise<boolean> => {
    if (fate.kind === 'ended') return finish(parcel, attempts, fate.reason)
    await postpone(database, parcel.eventId, attempts, fate.at)
    alarm.at(fate.at)
    return false
  }

  const finish = (parcel: Parcel, attempts: number, reason: EndReason): Promise<boolean> => {
    const end = { at: clock.now(), reason }
    if (!parcel.callback.subscribed) return endParcel(database, parcel.eventId, attempts, end)
    return database.transaction(async (queries) => {
      await endParcel(queries, parcel.eventId, attempts, end)
      await tell?.(queries, parcel, reason)
      return true
    })
  }

  const attempt = async (parcel: Parcel): Promise<Fate> => {
    const reception = await meet(parcel)
    if (typeof reception === 'string') return { kind: 'ended', reason: reception }
    return fateOf({ parcel, reception, now: clock.now(), chance: random.fraction() }, retry)
  }

  const meet = async (parcel: Parcel): Promise<Reception | 'credential-expired' | 'sink-not-allowed'> => {
    const held = await credentials.ready(parcel, closing.signal)
    if (held.kind === 'ready') return send(held.parcel, closing.signal)
    if (held.kind === 'expired') return 'credential-expired'
    return held.kind === 'not-allowed' ? 'sink-not-allowed' : held
  }

  return {
    look,
    async close() {
      closing.abort()
      alarm.stop()
      await looking
      await Promise.all(underWay.values())
    },
  }
}
