/** What the provider is handed and never reaches for. */
import type { Logger } from 'pino'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Told of work of other threads: a clock that goes on when nothing can run waits for it. */
  during?<T>(work: Promise<T>): Promise<T>
}

export interface Timers {
  /** Runs `task` once after `delayMs`; the answer takes it back. `limit`: nobody waits for it, something else must only not take longer. */
  after(delayMs: number, task: () => void, kind?: 'wait' | 'limit'): () => void
}

export interface Random {
  uuid(): string
  /** At least 0, less than 1. */
  fraction(): number
}

/** Secrets of the body are in it; whoever keeps it removes them. Headers are not. */
export interface ObservedMessage {
  readonly interface: 'API' | 'event'
  readonly from: string
  readonly to: string
  /** Method and path, or the address of the sink. */
  readonly operation: string
  readonly status?: string
  readonly json?: unknown
  readonly eid?: string
  readonly correlation: Readonly<Record<string, string>>
}

export type Observe = (message: ObservedMessage) => void

export interface Outside {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly logger: Logger
  /** Told of each message at the edge. */
  readonly observe?: Observe
}
