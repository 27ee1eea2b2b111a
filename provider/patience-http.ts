/** A signal for one exchange: aborts when the provider closes, or after a while. (AbortSignal.any leaks on a long-lived source in Node 20.) */
import { setMaxListeners } from 'node:events'

export interface Patience {
  readonly signal: AbortSignal
  /** From now on. */
  lasts(ms: number): void
  /** The exchange is over. */
  end(): void
}

export const createPatience = (closing: AbortSignal, ms: number): Patience => {
  const controller = new AbortController()
  const abort = () => controller.abort(new Error(closing.aborted ? 'closing' : 'timed out'))
  let timer: NodeJS.Timeout | undefined
  const lasts = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(abort, ms).unref()
  }
  // Many exchanges at once are no leak.
  setMaxListeners(0, closing)
  closing.addEventListener('abort', abort, { once: true })
  lasts(ms)
  if (closing.aborted) abort()
  return {
    signal: controller.signal,
    lasts,
    end() {
      clearTimeout(timer)
      closing.removeEventListener('abort', abort)
    },
  }
}
