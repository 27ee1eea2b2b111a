/** Work that nobody waits for, in the turnstile of its key. When it fails it is logged, and something is done again a little later. */
import { createAlarm } from '../alarm.ts'
import type { Outside } from '../outside.ts'
import { PlatformUnavailable } from '../rsp/platform.ts'
import { DatabaseUnavailable } from '../store/database.ts'
import { Overtaken } from './executor.ts'
import { createTurnstile } from './turnstile.ts'

type Work = () => Promise<unknown>

export interface Background {
  /** Ends when the work has ended, whatever became of it. However often it fails, one `again` waits for each key. */
  run(key: string, work: Work, again: Work): Promise<void>
  /** Something of this key is at work, or waits for it. */
  has(key: string): boolean
  /** When this returns nothing is under way any more, and nothing will be. */
  close(): Promise<void>
}

const retryMs = 1000

export const createBackground = (outside: Outside): Background => {
  const { clock, logger } = outside
  const turnstile = createTurnstile()
  const stuck = new Map<string, Work>()
  let closing = false

  const run: Background['run'] = async (key, work, again) => {
    try {
      await turnstile.enter(key, async () => {
        if (!closing) await work()
      })
    } catch (error) {
      if (closing) return
      if (error instanceof PlatformUnavailable)
        logger.warn({ key, why: error.message }, 'the RSP platform does not answer')
      else if (error instanceof Overtaken) logger.info({ key, why: error.message }, 'another instance was faster')
      else if (error instanceof DatabaseUnavailable)
        logger.warn({ key, why: error.message }, 'the database does not answer')
      else logger.error({ key, err: error }, 'work on operations failed')
      stuck.set(key, again)
      retries.at(clock.now() + retryMs)
    }
  }

  const retries = createAlarm(outside, () => {
    const failed = [...stuck]
    stuck.clear()
    for (const [key, again] of failed) void run(key, again, again)
  })

  return {
    run,
    has: turnstile.has,
    close() {
      closing = true
      retries.stop()
      return turnstile.idle()
    },
  }
}
