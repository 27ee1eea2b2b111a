/** Listens to the platform for as long as the provider runs. */
import type { Outside } from '../outside.ts'
import type { Package, RspPlatform } from './platform.ts'

interface Listener {
  onPackage(changed: Package): void
  /** The connection was made or lost, so changes may have been missed: look for yourself. */
  onGap(): Promise<void>
}

const pauseMs = { first: 500, longest: 10_000 }

export const follow = async (
  platform: RspPlatform,
  listener: Listener,
  outside: Outside,
  signal: AbortSignal,
): Promise<void> => {
  let pause = pauseMs.first
  while (!signal.aborted) {
    try {
      for await (const change of platform.changes()) {
        if (change.kind === 'package') listener.onPackage(change.package)
        else {
          pause = pauseMs.first
          await listener.onGap()
        }
      }
    } catch (error) {
      if (signal.aborted) return
      outside.logger.warn(
        { why: error instanceof Error ? error.message : error },
        'lost the events of the RSP platform',
      )
    }
    await listener.onGap().catch((error: unknown) => outside.logger.error({ err: error }, 'could not look for changes'))
    await wait(outside, pause, signal)
    pause = Math.min(pause * 2, pauseMs.longest)
  }
}

const wait = ({ timers }: Outside, delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = timers.after(delayMs, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true },
    )
  })
