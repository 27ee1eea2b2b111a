import type { EventSource, StreamEvent } from '../rest/index.ts'

/**
 * A bounded stream of events under one rising number, which a reader can join again behind the last one it saw. Who joins where events are not kept any
 * more is told of the `gap` first.
 */
export interface EventLog extends EventSource {
  append(event: string, data: unknown): void
  /** Forgets every event; numbers go on rising. */
  clear(): void
  /** Number of the last event. */
  readonly last: number
}

export function createEventLog(capacity = 50_000): EventLog {
  const ring: StreamEvent[] = []
  const listeners = new Set<(event: StreamEvent) => void>()
  let last = 0
  /** Number of the last event that is not kept any more. */
  let forgotten = 0
  return {
    append(event, data) {
      last += 1
      const entry = { id: last, event, data }
      ring[(last - 1) % capacity] = entry
      forgotten = Math.max(forgotten, last - capacity)
      for (const listener of listeners) listener(entry)
    },
    clear() {
      forgotten = last
      ring.length = 0
    },
    get last() {
      return last
    },
    since(id) {
      const isGapless = id >= forgotten && id <= last
      const from = isGapless ? id : forgotten
      const kept = Array.from({ length: last - from }, (_, i) => ring[(from + i) % capacity] as StreamEvent)
      return isGapless ? kept : [{ id: from, event: 'gap', data: { after: id } }, ...kept]
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
