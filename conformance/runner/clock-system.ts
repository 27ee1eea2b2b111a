import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The runner's own clock: milliseconds since the Unix epoch, monotonic, with fractions. */
export interface Clock {
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

const WATCH_MS = 10

/** The longest time since it was made, in milliseconds, for which this process could not attend to anything. */
export interface HoldUps {
  readonly longestMs: () => number
  readonly stop: () => void
}

export function watchHoldUps(): HoldUps {
  const delays = monitorEventLoopDelay({ resolution: WATCH_MS })
  delays.enable()
  return { longestMs: () => Math.max(0, delays.max / 1e6 - WATCH_MS), stop: () => delays.disable() }
}

const TICK_MS = 50

/** Rings when so much time is over in which this process could attend to its sockets: a slow machine prolongs it. */
export function patience(milliseconds: number, over: () => void): { readonly end: () => void } {
  let ticks = Math.ceil(milliseconds / TICK_MS)
  const timer = setInterval(() => {
    if (--ticks > 0) return
    clearInterval(timer)
    over()
  }, TICK_MS)
  return { end: () => clearInterval(timer) }
}

export interface Wait {
  readonly clock: Clock
  readonly timeoutMs: number
  /** Asking costs somebody a request: ask seldom. */
  readonly costly?: boolean
}

const pauses = { local: { first: 2, longest: 25 }, costly: { first: 15, longest: 250 } } // milliseconds
const GROWTH = 1.6

/**
 * Asks again, with growing pauses, until there is an answer. `undefined` when the time is over: the caller says what that means.
 * When this process is held up, a pause takes longer than it should; that time is not the target's and does not count.
 */
export async function until<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  { clock, timeoutMs, costly = false }: Wait,
) {
  const { first, longest } = costly ? pauses.costly : pauses.local
  let waited = 0
  for (let pause = first; ; pause = Math.min(pause * GROWTH, longest)) {
    const asked = clock.now()
    const answer = await ask()
    if (answer !== undefined || waited > timeoutMs) return answer
    waited += clock.now() - asked + pause
    await clock.sleep(pause)
  }
}
