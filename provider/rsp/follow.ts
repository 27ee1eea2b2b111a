/** Listens to the platform for as long as the provider runs; while it cannot, it looks for changes before each new attempt. */
import type { Outside } from '../outside.ts'
import type { Package, RspPlatform } from './platform.ts'

interface Listener {
  onPackage(changed: Package): void
  /** Changes may have been missed: look for yourself. */
  onGap(): Promise<void>
}

const pauseMs = { first: 500, longest: 10_000 }

export const follow = async (
  platform: RspPlatform,
  listener: Listener,
  outside: Outside,
  signal: AbortSignal,
): Promise<void> => {
  const { logger } = outside
  const lookForChanges = () =>
    listener.onGap().catch((error: unknown) => logger.error({ err: error }, 'could not look for changes'))
  let pause = pauseMs.first
  while (!signal.aborted) {
    await lookForChanges()
    try {
      for await (const change of platform.changes()) {
        pause = pauseMs.first
        if (change.kind === 'package') listener.onPackage(change.package)
        else await lookForChanges()
      }
    } catch (error) {
      if (signal.aborted) return
      logger.warn({ why: error instanceof Error ? error.message : error }, 'lost the events of the RSP platform')
    }
    await wait(pause, { timers: outside.timers, signal })
    pause = Math.min(pause * 2, pauseMs.longest)
  }
}

interface Waiting {
  readonly timers: Outside['timers']
  /** Ends it at once. */
  readonly signal: AbortSignal
  readonly kind?: 'wait' | 'limit'
}

export const wait = (delayMs: number, { timers, signal, kind }: Waiting): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = () => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.after(delayMs, end, kind)
    signal.addEventListener('abort', end)
  })
