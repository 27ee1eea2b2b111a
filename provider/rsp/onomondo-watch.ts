/** Packages of an eIM that tells of nothing by itself: which of them have not ended, and when to look at them again. */
import type { Outside } from '../outside.ts'
import type { Package } from './platform.ts'

export interface Watch {
  /** It has not ended; `state`: where it is. Known ones stay where they were last told to be. */
  add(packageId: string, state: Package['state']): void
  /** Where it is now; a package that has ended is watched no more. */
  moved(packageId: string, state: Package['state'] | undefined): void
  list(): readonly (readonly [packageId: string, state: Package['state']])[]
  /** Until the next look; with nothing under way nobody waits for that, and what begins ends it. */
  rest(): Promise<void>
}

interface Around {
  readonly outside: Pick<Outside, 'timers'>
  readonly pollMs: number
  readonly closing: AbortSignal
}

export const isOpen = (state: Package['state'] | undefined): boolean => state === 'queued' || state === 'delivered'

export const createWatch = ({ outside, pollMs, closing }: Around): Watch => {
  const underWay = new Map<string, Package['state']>()
  /** Ends a rest. */
  let wake = () => {}
  return {
    add(packageId, state) {
      if (underWay.has(packageId)) return
      const wasIdle = underWay.size === 0
      underWay.set(packageId, state)
      if (wasIdle) wake()
    },
    moved(packageId, state) {
      if (state !== undefined && isOpen(state)) underWay.set(packageId, state)
      else underWay.delete(packageId)
    },
    list: () => [...underWay],
    rest: () =>
      new Promise((resolve) => {
        const end = () => {
          cancel()
          closing.removeEventListener('abort', end)
          resolve()
        }
        const cancel = outside.timers.after(pollMs, end, underWay.size > 0 ? 'wait' : 'limit')
        closing.addEventListener('abort', end)
        wake = end
      }),
  }
}
