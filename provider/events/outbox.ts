/** Brings events to their sinks: at least once, the same octets on every attempt, in order within a stream. */
import { createAlarm } from '../alarm.ts'
import { dueParcels, type Parcel } from '../store/outbox.ts'
import { type CourierParts, createCourier } from './courier.ts'
import { createPlaces } from './places.ts'

interface Post extends CourierParts {
  /** Which of those that share the database this is. */
  readonly instance?: string
}

export interface Outbox {
  /** There may be something to deliver. */
  look(): void
  close(): Promise<void>
}

const atOnce = 64
/** Until the database is asked again after it failed. */
const pauseMs = 1000

export const createOutbox = ({ instance, ...parts }: Post): Outbox => {
  const { database, outside } = parts
  const { clock, logger } = outside
  const deliver = createCourier(parts)
  const underWay = new Map<string, Promise<void>>()
  const places = createPlaces(atOnce)
  /** Whose fate was written during the present look: what it reads of them may be older. */
  const settled = new Set<string>()
  const closing = new AbortController()
  let looking: Promise<void> | undefined
  let lookAgain = false
  /** The last look found more than could be begun, or passed over tenants who have to wait. */
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
        alarm.at(await beginDue())
      } catch (error) {
        if (closing.signal.aborted) break
        logger.error({ err: error }, 'cannot read the outbox')
        alarm.at(clock.now() + pauseMs)
      }
    }
    // In the same breath as the last look at `lookAgain`: whoever asks from now on begins anew.
    looking = undefined
  }

  /** When the next one will be due. */
  const beginDue = async (): Promise<number | undefined> => {
    settled.clear()
    const without = places.waiting()
    const limit = atOnce + underWay.size
    const wanted = { now: clock.now(), limit, without, ...(instance !== undefined && { instance }) }
    const { due, next } = await dueParcels(database, wanted)
    const idle = due.filter(isIdle)
    for (const parcel of idle) if (places.hasOneFor(parcel.tenant)) begin(parcel)
    const held = idle.filter(({ eventId }) => !underWay.has(eventId))
    full = held.length + without.length > 0
    // Behind those of one who has to wait from now on there may be some of others.
    lookAgain ||= held.some(({ tenant }) => !without.includes(tenant) && places.waiting().includes(tenant))
    return next
  }

  const isIdle = ({ eventId }: Parcel): boolean => !underWay.has(eventId) && !settled.has(eventId)

  const begin = (parcel: Parcel): void => {
    places.take(parcel.tenant)
    underWay.set(parcel.eventId, bring(parcel))
  }

  const bring = async (parcel: Parcel): Promise<void> => {
    try {
      const { more, again } = await deliver(parcel, closing.signal)
      settled.add(parcel.eventId)
      leave(parcel)
      alarm.at(again)
      if (more || full) look()
    } catch (error) {
      leave(parcel)
      if (closing.signal.aborted) return
      logger.error({ eventId: parcel.eventId, err: error }, 'cannot write what became of an event')
      alarm.at(clock.now() + pauseMs)
    }
  }

  const leave = ({ eventId, tenant }: Parcel): void => {
    underWay.delete(eventId)
    places.leave(tenant)
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
