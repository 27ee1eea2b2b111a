/** Wakes up at the earliest of the instants it was given. Whoever is woken looks at the clock: a timer may be early or late. */
import type { Outside } from './outside.ts'

export interface Alarm {
  /** Milliseconds since the Unix epoch; undefined asks for nothing. */
  at(instant: number | undefined): void
  stop(): void
}

export const createAlarm = (
  { clock, timers }: Pick<Outside, 'clock' | 'timers'>,
  ring: () => void,
  kind: 'wait' | 'limit' = 'wait',
): Alarm => {
  let pending: { readonly instant: number; readonly cancel: () => void } | undefined
  const stop = () => {
    pending?.cancel()
    pending = undefined
  }
  return {
    at(instant) {
      if (instant === undefined || (pending && pending.instant <= instant)) return
      stop()
      const wake = () => {
        pending = undefined
        ring()
      }
      const cancel = timers.after(instant - clock.now(), wake, kind)
      pending = { instant, cancel }
    },
    stop,
  }
}
