/** `openProvider` in a thread of its own, which is loaded at once and has its database ready when it is asked. So it and the devices have a processor each. */
import { Worker } from 'node:worker_threads'
import type { ProviderConfig } from '../provider/index.ts'
import type { Config } from './config-schema.ts'
import { type OpenProvider, openProvider, type ProviderDoors } from './provider-doors.ts'
import { storageOf } from './provider-plan.ts'
import type { Told } from './provider-thread.ts'

/** Virtual time goes on when nothing of this process has anything to do, and would not know of a thread. */
export const provideApart = ({ provider, time }: Config): OpenProvider =>
  provider.enabled && time === 'real' ? loadProvider(storageOf(provider)) : openProvider

function loadProvider(storage: ProviderConfig['storage']): OpenProvider {
  const thread = new Worker(new URL('./provider-thread.js', import.meta.url), { workerData: storage })
  thread.unref() // nobody waits for one that is never asked
  const failed = new Promise<never>((_, reject) => thread.once('error', reject))
  return async (plan, { observe }) => {
    thread.ref()
    const opened = new Promise<ProviderDoors['doors']>((resolve) =>
      thread.on('message', (told: Told) => ('doors' in told ? resolve(told.doors) : observe(told.seen))),
    )
    thread.postMessage(plan)
    const doors = await Promise.race([opened, failed])
    thread.once('error', (error) => {
      throw error // as it would be without a thread: nobody is left who could answer
    })
    const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
    const close = async () => {
      thread.postMessage('close')
      await Promise.race([ended, failed])
    }
    return { doors, close }
  }
}
