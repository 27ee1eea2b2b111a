/** The machine's own clock, timers and dice. */
import { randomUUID } from 'node:crypto'
import type { Clock, Random, Timers } from './outside.ts'

/** setTimeout fires at once above this; whoever asked for more looks at the clock again and asks anew. */
const longestDelayMs = 2 ** 31 - 1

export const systemClock: Clock = { now: () => Date.now() }

export const systemTimers: Timers = {
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), longestDelayMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = { uuid: () => randomUUID(), fraction: () => Math.random() }
