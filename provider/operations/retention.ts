/** Completed operations are kept for a while, then forgotten: unreadable at once, removed a little later. */
import { createAlarm } from '../alarm.ts'
import type { Outside } from '../outside.ts'
import type { Database } from '../store/database.ts'
import { forgetEvents } from '../store/dead-letters.ts'
import { firstCompletion, purgeCompleted } from '../store/operations.ts'
import type { Background } from './background.ts'
import type { Operation } from './operation.ts'

interface Kept {
  readonly database: Database
  readonly outside: Outside
  readonly retentionMs: number
}

export interface Retention {
  keeps(operation: Operation): boolean
  /** Something has been completed, or may have been. */
  look(): void
  stop(): void
}

/** Between two removals. */
const pauseMs = 60_000

export const createRetention = ({ database, outside, retentionMs }: Kept, background: Background): Retention => {
  const { clock } = outside
  const purge = async (): Promise<void> => {
    await purgeCompleted(database, clock.now() - retentionMs)
    await forgetEvents(database, clock.now() - retentionMs)
    const first = await firstCompletion(database)
    if (first !== undefined) alarm.at(Math.max(first + retentionMs, clock.now() + pauseMs))
  }
  const alarm = createAlarm(outside, () => void background.run('retention', purge, purge), 'limit')
  return {
    keeps: ({ progress }) => progress.phase !== 'completed' || clock.now() < progress.result.completedAt + retentionMs,
    look: () => alarm.at(clock.now() + pauseMs),
    stop: alarm.stop,
  }
}
