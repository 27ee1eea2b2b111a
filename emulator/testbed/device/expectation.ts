import type { Rhythm, Time } from '../../ports/index.ts'

/** So long a device goes on asking for something that does not come, by a clock that goes where somebody waits. More than twice the time limit of an operation. */
const PATIENCE_MS = 3 * 3_600_000

export interface Expectation {
  expect(packageId: string, isOpen: boolean): void
  polled(failed: boolean): void
  stop(): void
}

/** Whether somebody waits for the next poll: a package is open or something could not be delivered, and it has not been so for too long. */
export function createExpectation({ now }: Time, rhythm: Rhythm, isReachable: () => boolean): Expectation {
  const open = new Set<string>()
  let failing = false
  let until = 0
  const reconsider = () => rhythm.want(isReachable() && (failing || open.size > 0) && now() < until)
  return {
    expect(packageId, isOpen) {
      if (isOpen) open.add(packageId)
      else open.delete(packageId)
      until = now() + PATIENCE_MS
      reconsider()
    },
    polled(failed) {
      if (failed && !failing) until = Math.max(until, now() + PATIENCE_MS)
      failing = failed
      reconsider()
    },
    stop() {
      rhythm.want(false)
      rhythm.stop()
    },
  }
}
