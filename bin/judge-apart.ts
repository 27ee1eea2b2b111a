/** `judge` in a thread of its own, which is loaded at once and asked later. */
import { Worker } from 'node:worker_threads'
import type { Judging, Outcome, Told } from './judge-thread.ts'

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
        thread.on('message', (told: Told) => ('text' in told ? write(told.text) : resolve(told))),
      )
      thread.postMessage(judging)
      return Promise.race([told, failed])
    },
    end: () => thread.terminate(),
  }
}
