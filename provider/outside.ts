/** What the provider is handed and never reaches for. */
import type { Logger } from 'pino'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export interface Timers {
  /** Runs `task` once after `delayMs`; the answer takes it back. */
  after(delayMs: number, task: () => void): () => void
}

export interface Random {
  uuid(): string
  /** At least 0, less than 1. */
  fraction(): number
}

export interface Outside {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly logger: Logger
}
