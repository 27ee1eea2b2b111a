/** The runner's own clock: milliseconds since the Unix epoch, monotonic, with fractions. */
export interface Clock {
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 100

export interface Wait {
  readonly clock: Clock
  readonly timeoutMs: number
}

/**
 * Asks again, with growing pauses, until there is an answer. `undefined` when the time is over: the caller says what that means.
 * When this process is held up, a pause takes longer than it should; that time is not the target's and does not count.
 */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined, { clock, timeoutMs }: Wait) {
  let waited = 0
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const asked = clock.now()
    const answer = await ask()
    if (answer !== undefined || waited > timeoutMs) return answer
    waited += clock.now() - asked + pause
    await clock.sleep(pause)
  }
}
