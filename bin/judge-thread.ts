/** What runs in a thread of its own: the runner, so that it and what it judges have a processor each. It is loaded while the world starts. */
import { once } from 'node:events'
import { parentPort } from 'node:worker_threads'
import { type ConformanceResult, exitCode, phrases } from '../conformance/index.ts'
import type { Config } from './config-schema.ts'
import { type Judged, judge, type Wanted } from './judge.ts'

export interface Judging {
  readonly config: Config
  readonly judged: Judged
  readonly wanted: Omit<Wanted, 'write' | 'onScenario'>
}

export interface Outcome extends Pick<ConformanceResult, 'files'> {
  readonly exitCode: number
}
/** To the thread of the world. */
export type Told = { readonly text: string } | Outcome

if (parentPort === null) throw new Error('this is no thread')
const world = parentPort
const tell = (told: Told): void => world.postMessage(told)
const asked = once(world, 'message') as Promise<[Judging]>
await phrases('own') // the steps are loaded before there is anything to judge
const [{ config, judged, wanted }] = await asked
const { verdict, files } = await judge(config, judged, { ...wanted, write: (text) => tell({ text }) })
tell({ exitCode: exitCode(verdict), files })
