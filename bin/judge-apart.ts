/** `judge` in a thread of its own, which is loaded at once and asked later. */
import { Worker } from 'node:worker_threads'
import type { ConformanceResult } from '../conformance/index.ts'
import type { Judging } from './judge-thread.ts'

type Outcome = Pick<ConformanceResult, 'verdict' | 'files'>
type Message = { readonly text: string } | Outcome

export interface JudgeApart {
  readonly judge: (judging: Judging, write: (text: string) => void) => Promise<Outcome>
  readonly end: () => Promise<unknown>
}

export function loadJudge(): JudgeApart {
  const thread = new Worker(new URL('./judge-thread.js', import.meta.url))
  const failed = new Promise<never>((_, reject) => thread.once('error', reject))
  failed.catch(() => undefined) // told to whoever asks
  return {
    judge: (judging, write) => {
      const told = new Promise<Outcome>((resolve) =>
        thread.on('message', (message: Message) => ('text' in message ? write(message.text) : resolve(message))),
      )
      thread.postMessage(judging)
      return Promise.race([told, failed])
    },
    end: () => thread.terminate(),
  }
}
