/** A campaign beside its bare cryptography, and that cryptography on one thread, on a thread for each core, and on the thread pool of node:crypto. */
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runCampaign } from '../emulator/testbed/index.ts'
import { macOnly, segmentsOf } from './card.ts'
import { bare } from './cryptography.ts'
import { cpuMicroseconds, median } from './measure.ts'
import type { Plot } from './page.ts'
import type { Row } from './row.ts'

const DEVICES = 60
/** The compiler has seen enough after the first devices. */
const WARM_UP = 15
const COST_AT_MOST = 4
/** Of the minimal profile. */
const PROFILE_OCTETS = 4000

/**
 * Of one device: its certificate is signed and verified, those below the CI are known; a download as in procedures.ts; a package signed and verified, its
 * result, too.
 */
const needed = bare({
  signatures: 1 + 8 + 2,
  verifications: 2 + 9 + 2,
  keyPairs: 1 + 2,
  agreements: 2,
  protect: segmentsOf(PROFILE_OCTETS),
  unprotect: segmentsOf(PROFILE_OCTETS),
  macOnly,
})

const campaignName = 'campaign, a device: onboarded, downloaded, enabled, made the fallback'
const cores = availableParallelism()
const rateNames = [`on ${cores} worker threads`, 'on the thread pool of node:crypto'].map(
  (where) => `signing and verifying ${where}, beside one thread`,
)
export const campaignNames: readonly string[] = [campaignName, ...rateNames]

const campaignOf = (devices: number) =>
  runCampaign({ devices, threads: 0, template: 'minimal', seed: 'bench', now: Date.now() })

export async function campaignRows(): Promise<{ readonly rows: readonly Row[]; readonly plots: readonly Plot[] }> {
  await campaignOf(WARM_UP)
  const { cpuMillisecondsPerDevice, durations, failed } = await campaignOf(DEVICES)
  if (failed > 0) throw new Error(`${failed} devices failed`)
  const value = cpuMillisecondsPerDevice * 1000
  const baseline = median(Array.from({ length: DEVICES }, () => costOf(needed)))
  const ratio = value / baseline
  const threads = await ratesOfCryptography()
  return {
    rows: [
      {
        ...{ name: campaignName, value, unit: 'µs' },
        ...{ baseline, ratio, target: `<= ${COST_AT_MOST} times the cost`, holds: ratio <= COST_AT_MOST },
      },
      ...threads.rows,
    ],
    plots: [
      ...Object.entries(durations).map(([step, { classes }]) => ({
        ...{ title: `Campaign: ${step}`, unit: 'devices' },
        bars: classes.map(({ upTo, count }) => ({ label: `<= ${upTo.toFixed(1)} ms`, value: count })),
      })),
      threads.plot,
    ],
  }
}

function costOf(run: () => void): number {
  const start = cpuMicroseconds()
  run()
  return cpuMicroseconds() - start
}

const PAIRS = 2_000
const message = randomBytes(300)

/** Signatures made and verified. The time is that of a clock: what is compared ran on the same machine one after the other. */
async function ratesOfCryptography(): Promise<{ readonly rows: readonly Row[]; readonly plot: Plot }> {
  const one = await rateOf(PAIRS, () => onOneThread(PAIRS))
  const threads = await rateOf(PAIRS * cores, () => onThreads(cores))
  const pool = await rateOf(PAIRS * cores, () => onThePool(PAIRS * cores))
  const unit = 'pairs/s'
  const rows = rateNames.map((name, i): Row => {
    const value = i === 0 ? threads : pool
    return { ...{ name, value, unit, baseline: one, ratio: value / one }, ...{ target: 'none', holds: true } }
  })
  return {
    rows,
    plot: {
      ...{ title: 'Signatures made and verified', unit: 'a second' },
      bars: [
        { label: 'one thread', value: one },
        { label: `${cores} worker threads`, value: threads },
        { label: 'thread pool', value: pool },
      ],
    },
  }
}

async function rateOf(pairs: number, run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return (pairs * 1000) / (performance.now() - start)
}

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

function onOneThread(pairs: number): void {
  for (let i = 0; i < pairs; i++) verify('sha256', message, keys.publicKey, sign('sha256', message, keys.privateKey))
}

const inAThread = `
  const { generateKeyPairSync, randomBytes, sign, verify } = require('node:crypto')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const message = randomBytes(300)
  for (let i = 0; i < ${PAIRS}; i++) verify('sha256', message, publicKey, sign('sha256', message, privateKey))
`

const onThreads = (cores: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: cores }, () => {
      const worker = new Worker(inAThread, { eval: true })
      return new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject))
    }),
  )

const signOnPool = promisify(sign)
const verifyOnPool = promisify(verify)
/** As many under way as keep every thread of the pool busy. */
const UNDER_WAY = 64

async function onThePool(pairs: number): Promise<void> {
  let left = pairs
  const lane = async () => {
    while (left-- > 0) {
      const signature = await signOnPool('sha256', message, keys.privateKey)
      await verifyOnPool('sha256', message, keys.publicKey, signature)
    }
  }
  await Promise.all(Array.from({ length: UNDER_WAY }, lane))
}
