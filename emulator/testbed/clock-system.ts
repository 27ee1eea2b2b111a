import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock, Random } from '../ports/index.ts'

export const systemClock: Clock = { now: Date.now }

export const systemRandom: Random = { octets: randomBytes }

/** Does not keep the process alive. */
export const systemDelay = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false })

/** Calls again and again with the interval in between, until ended. Does not keep the process alive. */
export function every(milliseconds: number, call: () => void): () => void {
  const timer = setInterval(call, milliseconds).unref()
  return () => clearInterval(timer)
}
