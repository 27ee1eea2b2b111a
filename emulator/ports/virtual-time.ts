/**
 * A clock that stands still while anything can run, and goes on to the next instant that somebody waits for when nothing can. Limits and rhythms that
 * nobody wants are passed on the way, each at its instant and in order, but never pull it. docs/time.md says how it is known that nothing can run.
 */
import type { Time } from './ports.ts'

export interface VirtualTime extends Time {
  readonly isPaused: boolean
  /** Goes on by so much, whoever waits or does not, and resolves when what that set off has come to rest. */
  advance(ms: number): Promise<void>
  /** Does not go on by itself any more. */
  pause(): void
  resume(): void
}

export interface VirtualTimeOptions {
  /** Milliseconds since the Unix epoch. */
  readonly start: number
  /** Resolves when nothing can run that does not wait for this clock. */
  readonly settled: () => Promise<void>
}

interface Timer {
  readonly at: number
  readonly isAwaited: () => boolean
  readonly ring: () => void
}

interface Goal {
  readonly at: number
  readonly reached: () => void
}

export function createVirtualTime({ start, settled }: VirtualTimeOptions): VirtualTime {
  let now = start
  let isPaused = false
  let isRunning = false
  const timers: Timer[] = []
  const goals: Goal[] = []

  const set = (timer: Timer): (() => void) => {
    const behind = timers.findIndex(({ at }) => at > timer.at)
    timers.splice(behind < 0 ? timers.length : behind, 0, timer)
    if (timer.isAwaited()) run()
    return () => {
      const index = timers.indexOf(timer)
      if (index >= 0) timers.splice(index, 1)
    }
  }
  const nextGoal = (): number | undefined =>
    goals[0]?.at ?? (isPaused ? undefined : timers.find((timer) => timer.isAwaited())?.at)

  /** One instant further; false when there is nowhere to go. */
  const step = (): boolean => {
    const goal = nextGoal()
    if (goal === undefined) return false
    const [first] = timers
    if (first && first.at <= goal) {
      now = Math.max(now, first.at)
      timers.shift()
      first.ring()
    } else {
      now = Math.max(now, goal)
      goals.shift()?.reached()
    }
    return true
  }
  async function goOn(): Promise<void> {
    do await settled()
    while (step())
    isRunning = false
  }
  function run(): void {
    if (isRunning) return
    isRunning = true
    void goOn()
  }
  const at = (ms: number) => now + Math.max(ms, 0)

  return {
    get isPaused() {
      return isPaused
    },
    now: () => now,
    delay: (ms) => new Promise((resolve) => void set({ at: at(ms), isAwaited: () => true, ring: resolve })),
    after: (ms, call, kind) => set({ at: at(ms), isAwaited: () => kind === 'wait', ring: call }),
    every(ms, call) {
      let isWanted = false
      let takeBack = () => {}
      const next = () => {
        takeBack = set({ at: at(ms), isAwaited: () => isWanted, ring })
      }
      const ring = () => {
        next()
        call()
      }
      next()
      return {
        want(wanted) {
          isWanted = wanted
          if (wanted) run()
        },
        stop: () => takeBack(),
      }
    },
    advance(ms) {
      return new Promise((resolve) => {
        const goal = { at: at(ms), reached: resolve }
        const behind = goals.findIndex((other) => other.at > goal.at)
        goals.splice(behind < 0 ? goals.length : behind, 0, goal)
        run()
      })
    },
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      run()
    },
  }
}
