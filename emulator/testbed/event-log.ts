import type { EventSource, StreamEvent } from '../rest/index.ts'

/** A bounded stream of events under one rising number, which a reader can join again behind the last one it saw. */
export interface EventLog extends EventSource {
  append(event: string, data: unknown): void
}

export function createEventLog(capacity = 50_000): EventLog {
  const ring: StreamEvent[] = []
  const listeners = new Set<(event: StreamEvent) => void>()
  let last = 0
  return {
    append(event, data) {
      last += 1
      const entry = { id: last, event, data }
      ring[(last - 1) % capacity] = entry
      for (const listener of listeners) listener(entry)
    },
    since(id) {
      const first = Math.max(id, last - ring.length) + 1
      return Array.from(
        { length: Math.max(0, last - first + 1) },
        (_, i) => ring[(first + i - 1) % capacity] as StreamEvent,
      )
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
