/** The same done to every device of a fleet, on all cores. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createHistogram, type HistogramSummary } from './histogram.ts'
import { type PartOptions, type Progress, runPart } from './part.ts'
import { type Step, steps } from './world.ts'

export interface CampaignOptions extends Pick<PartOptions, 'devices' | 'seed' | 'now' | 'template'> {
  /** Each has an eIM, an SM-DP+ and its part of the devices. 0: in this thread. */
  readonly threads: number
  /** Told several times a second. */
  readonly onProgress?: (summary: CampaignSummary) => void
}

export interface CampaignSummary {
  readonly devices: number
  readonly done: number
  readonly failed: number
  /** The first of them. */
  readonly failures: readonly string[]
  readonly seconds: number
  readonly devicesPerSecond: number
  /** Of all threads. */
  readonly cpuMillisecondsPerDevice: number
  readonly durations: Readonly<Record<Step, HistogramSummary>>
}

const FAILURES_KEPT = 10

/** Rejects when a thread has ended otherwise than by being done. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignSummary> {
  const { devices, seed, now, template, threads, onProgress } = options
  const tally = createTally(devices)
  const tell = (progress: Progress) => {
    tally.add(progress)
    onProgress?.(tally.summary())
  }
  const parts = Array.from({ length: Math.max(1, threads) }, (_, index) => ({
    ...{ devices, seed, now, template },
    index,
    of: Math.max(1, threads),
  }))
  await Promise.all(parts.map((part) => (threads === 0 ? runPart(part, tell) : inThread(part, tell))))
  return tally.summary()
}

function inThread(workerData: PartOptions, tell: (progress: Progress) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), { workerData })
    worker.on('message', tell)
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with ${code}`))))
  })
}

function createTally(devices: number) {
  const start = performance.now()
  const { user, system } = process.cpuUsage()
  const histograms = steps.map((step) => [step, createHistogram()] as const)
  const failures: string[] = []
  let done = 0
  let failed = 0
  return {
    add(progress: Progress) {
      done += progress.done
      failed += progress.failures.length
      failures.push(...progress.failures.slice(0, FAILURES_KEPT - failures.length))
      for (const [step, histogram] of histograms) histogram.add(progress.durations[step])
    },
    summary(): CampaignSummary {
      const seconds = (performance.now() - start) / 1000
      const spent = process.cpuUsage({ user, system })
      const durations = Object.fromEntries(histograms.map(([step, { summary }]) => [step, summary]))
      return {
        ...{ devices, done, failed, failures: [...failures], seconds },
        devicesPerSecond: done / seconds,
        cpuMillisecondsPerDevice: (spent.user + spent.system) / 1000 / Math.max(1, done),
        durations: durations as CampaignSummary['durations'],
      }
    },
  }
}
