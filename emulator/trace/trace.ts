import { toHex } from '../../protocol/ber/index.ts'
import type { Clock, Trace, TraceEntry } from '../ports/index.ts'
import { redact } from './redact.ts'

/** A recorded message as the control API shows it. `at` is RFC 3339 with milliseconds, `octets` hex. */
export interface TraceMessage extends Omit<TraceEntry, 'octets' | 'body'> {
  /** Rises by one with each message, from 1. */
  readonly index: number
  readonly at: string
  readonly octets?: string
}

interface TraceQuery {
  /** Only messages with a higher index. */
  readonly after?: number
  readonly eid?: string
  readonly limit?: number
}

interface TracePage {
  readonly messages: readonly TraceMessage[]
  /** The `after` of the next call. */
  readonly next: number
}

/** The latest messages of every hop, oldest first. Messages beyond the capacity fall out. */
export interface TraceLog extends Trace {
  /** Index of what was recorded last, 0 before that. */
  last(): number
  read(query?: TraceQuery): TracePage
  /** Forgets every message; indices go on rising. */
  clear(): void
  /** Calls the listener with each message from now on. Returns what ends that. */
  subscribe(listener: (message: TraceMessage) => void): () => void
}

interface TraceOptions {
  readonly clock: Clock
  /** Messages kept. */
  readonly capacity?: number
}

interface Kept {
  readonly index: number
  readonly at: number
  readonly entry: TraceEntry
}

export function createTrace({ clock, capacity = 20_000 }: TraceOptions): TraceLog {
  const ring: Kept[] = []
  const listeners = new Set<(message: TraceMessage) => void>()
  let last = 0
  /** Index of the last message that is not kept any more. */
  let forgotten = 0
  const at = (index: number) => ring[(index - 1) % capacity] as Kept
  return {
    last: () => last,
    record(entry) {
      last += 1
      const kept = { index: last, at: clock.now(), entry }
      ring[(last - 1) % capacity] = kept
      forgotten = Math.max(forgotten, last - capacity)
      if (listeners.size === 0) return
      const message = toMessage(kept)
      for (const listener of listeners) listener(message)
    },
    read({ after = 0, eid, limit = Number.POSITIVE_INFINITY } = {}) {
      const messages: TraceMessage[] = []
      let next = Math.max(after, forgotten)
      while (next < last && messages.length < limit) {
        next += 1
        const kept = at(next)
        if (eid === undefined || kept.entry.eid === eid) messages.push(toMessage(kept))
      }
      return { messages, next }
    },
    clear() {
      forgotten = last
      ring.length = 0
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Octets that carry the same secret as the JSON are left out with it. They become text when somebody looks: most messages nobody reads. */
function toMessage({ index, at, entry }: Kept): TraceMessage {
  const { octets, json, ...rest } = bodyRead(entry)
  const shown = redact(json)
  const message = { index, at: new Date(at).toISOString(), ...rest, ...(json === undefined ? {} : { json: shown }) }
  if (!octets || shown !== json) return message
  return Object.defineProperty(message, 'octets', { enumerable: true, get: () => toHex(octets) })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function bodyRead(recorded: TraceEntry): Omit<TraceEntry, 'body'> {
  if (recorded.body === undefined) return recorded
  const { body, ...entry } = recorded
  if (body.length === 0) return entry
  try {
    return { ...entry, json: JSON.parse(utf8.decode(body)) }
  } catch {
    return { ...entry, octets: body }
  }
}
