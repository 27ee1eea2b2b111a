import type { EventSource, StreamEvent } from '../rest/index.ts'

export interface EventRing extends EventSource {
  append(event: string, data: unknown): void
  /** Id of the event appended last. */
  readonly last: number
}

/**
 * The latest events in order. Ids rise by one, from 1 or from behind `last`. Who resumes behind an event that is not kept any more, or was of another
 * process, is told of the `gap` first.
 */
export function createEventRing(capacity: number, behind = 0): EventRing {
  const ring: StreamEvent[] = []
  const listeners = new Set<(event: StreamEvent) => void>()
  let last = behind
  return {
    get last() {
      return last
    },
    append(event, data) {
      last += 1
      const row = { id: last, event, data }
      ring[(last - behind - 1) % capacity] = row
      for (const listener of listeners) listener(row)
    },
    since(id) {
      const forgotten = last - ring.length
      const gapless = id >= forgotten && id <= last
      const from = gapless ? id : forgotten
      const rows = Array.from({ length: last - from }, (_, i) => ring[(from - behind + i) % capacity] as StreamEvent)
      return gapless ? rows : [{ id: forgotten, event: 'gap', data: { after: id } }, ...rows]
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
