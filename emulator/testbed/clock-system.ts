import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random, Time } from '../ports/index.ts'

export const systemRandom: Random = { octets: randomBytes }

/** The machine's own time. Nothing of it keeps the process alive. */
export const systemTime: Time = {
  now: Date.now,
  delay: (ms) => sleep(ms, undefined, { ref: false }),
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
  every(ms, call) {
    const timer = setInterval(call, ms).unref()
    return { want() {}, stop: () => clearInterval(timer) }
  },
}
