/** ES2+.HandleDownloadProgressInfo: SGP.22 v2.5, 5.3.5. To one operator after the other message, until it is taken or given up. */
import type { CallerOptions } from '../../rsp-server/index.ts'
import { callServer } from '../../rsp-server/index.ts'
import type { Operator } from './function.ts'

export interface Callbacks {
  /** Returns at once. */
  tell(requester: string, message: object): void
}

export interface CallbackOptions extends CallerOptions {
  operator(requester: string): Operator
  delay(milliseconds: number): Promise<void>
}

const HOP = { interface: 'ES2+', from: 'SM-DP+', to: 'operator' } as const

/** Before each further attempt. */
const DELAYS_MS = [1_000, 5_000, 30_000, 300_000]

export function createCallbacks(options: CallbackOptions): Callbacks {
  const queues = new Map<string, Promise<void>>()
  const deliver = async (base: string, message: object): Promise<void> => {
    const url = `${base.replace(/\/$/, '')}/gsma/rsp2/es2plus/handleDownloadProgressInfo`
    const call = { hop: HOP, operation: 'HandleDownloadProgressInfo', url, request: message }
    for (const delayMs of DELAYS_MS) {
      if ((await callServer(options, call)) === 'done') return
      await options.delay(delayMs)
    }
    await callServer(options, call)
  }
  return {
    tell(requester, message) {
      const { url } = options.operator(requester)
      if (url === undefined) return
      const before = queues.get(requester) ?? Promise.resolve()
      queues.set(
        requester,
        before.then(() => deliver(url, message)),
      )
    },
  }
}
