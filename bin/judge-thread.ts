/** What runs in a thread of its own: the runner, so that it and what it judges have a processor each. It is loaded while the world starts. */
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'
import type { Config } from './config-schema.ts'
import { type Judged, judge, type Wanted } from './judge.ts'

export interface Judging {
  readonly config: Config
  readonly judged: Judged
  readonly wanted: Omit<Wanted, 'write' | 'onScenario'>
}

if (parentPort === null) throw new Error('this is no thread')
const [{ config, judged, wanted }] = (await once(parentPort, 'message')) as [Judging]
const write = (text: string): void => parentPort?.postMessage({ text })
const { verdict, files } = await judge(config, judged, { ...wanted, write })
parentPort.postMessage({ verdict, files })
