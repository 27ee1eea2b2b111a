/** Brings events to their sinks: at least once, the same octets on every attempt, in order within a stream. */
import { createAlarm } from '../alarm.ts'
import type { RetryPolicy } from '../config.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { dueParcels, endParcel, nextAttempt, type Parcel, postpone } from '../store/outbox.ts'
import { endedBeforehand, type Fate, fateOf } from './delivery.ts'
import type { SendEvent } from './sink-http.ts'

interface Post {
  readonly database: Database
  readonly send: SendEvent
  readonly retry: RetryPolicy
  readonly outside: Outside
}

export interface Outbox {
  /** There may be something to deliver. */
  look(): void
  close(): Promise<void>
}

const atOnce = 32
/** Until the database is asked again after it failed. */
const pauseMs = 1000

export const createOutbox = ({ database, send, retry, outside }: Post): Outbox => {
  const { clock, random, logger } = outside
  const underWay = new Map<string, Promise<void>>()
  /** Whose fate was written during the present look: what it reads of them may be older. */
  const settled = new Set<string>()
  const closing = new AbortController()
  let looking: Promise<void> | undefined
  let lookAgain = false

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
        const due = await dueParcels(database, now, atOnce + underWay.size)
        for (const parcel of due) if (isIdle(parcel) && underWay.size < atOnce) begin(parcel)
        alarm.at(await nextAttempt(database, now))
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
      await deliver(parcel)
      settled.add(parcel.eventId)
      underWay.delete(parcel.eventId)
      look()
    } catch (error) {
      underWay.delete(parcel.eventId)
      if (closing.signal.aborted) return
      logger.error({ eventId: parcel.eventId, err: error }, 'cannot write what became of an event')
      alarm.at(clock.now() + pauseMs)
    }
  }

  const deliver = async (parcel: Parcel): Promise<void> => {
    const fate = await attempt(parcel)
    if (closing.signal.aborted && fate.kind === 'again') return
    const { eventId, correlator } = parcel
    const attempts = parcel.attempts + 1
    if (fate.kind === 'again') await postpone(database, eventId, attempts, fate.at)
    else await endParcel(database, eventId, attempts, { at: clock.now(), reason: fate.reason })
    logger.info({ eventId, correlator, attempts, ...fate }, 'event')
  }

  const attempt = async (parcel: Parcel): Promise<Fate> => {
    const reason = endedBeforehand(parcel, clock.now())
    if (reason) return { kind: 'ended', reason }
    const reception = await send(parcel, closing.signal)
    if (reception === 'sink-not-allowed') return { kind: 'ended', reason: reception }
    return fateOf({ parcel, reception, now: clock.now(), chance: random.fraction() }, retry)
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
