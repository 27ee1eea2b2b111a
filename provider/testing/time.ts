/** Time that passes when a test says so. */
import type { Clock, Timers } from '../outside.ts'

export interface ManualTime extends Clock, Timers {
  /** Runs what falls due on the way, in order. What is due already when it is asked for does not wait for this. */
  pass(ms: number): void
}

export const createManualTime = (start: number): ManualTime => {
  let now = start
  const pending = new Set<{ readonly at: number; readonly task: () => void }>()
  const nextDue = (until: number) => [...pending].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    after(delayMs, task) {
      const timer = { at: now + Math.max(delayMs, 0), task }
      pending.add(timer)
      if (delayMs <= 0) queueMicrotask(() => pending.delete(timer) && task())
      return () => pending.delete(timer)
    },
    pass(ms) {
      const until = now + ms
      for (let due = nextDue(until); due; due = nextDue(until)) {
        pending.delete(due)
        now = Math.max(now, due.at)
        due.task()
      }
      now = until
    },
  }
}
