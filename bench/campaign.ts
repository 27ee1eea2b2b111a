/** A campaign beside its bare cryptography, and that cryptography on one thread, on a thread for each core, and on the thread pool of node:crypto. */
import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { createHistogram, openCampaign } from '../emulator/testbed/index.ts'
import { macOnly, segmentsOf } from './card.ts'
import { bare } from './cryptography.ts'
import { measure, median } from './measure.ts'
import type { Plot } from './page.ts'
import type { Row } from './row.ts'

/** Of the minimal profile. */
const PROFILE_OCTETS = 1644

/**
 * Of one device, counted at node:crypto: its key is made, and parsed here and there; its certificate is signed and verified, those below the CI are known; a
 * download as in procedures.ts; a package signed and verified, its result, too, and the notification that the profile is enabled, which eIM and SM-DP+ verify.
 */
const needed = bare({
  signatures: 1 + 8 + 2 + 1,
  verifications: 1 + 9 + 2 + 2,
  keyPairs: 1 + 2,
  newPrivateKeys: 1,
  newPublicKeys: 1,
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

export async function campaignRows(): Promise<{ readonly rows: readonly Row[]; readonly plots: readonly Plot[] }> {
  const campaign = await campaignRow()
  const cryptography = await ratesOfCryptography()
  return { rows: [campaign.row, ...cryptography.rows], plots: [...campaign.plots, cryptography.plot] }
}

async function campaignRow(): Promise<{ readonly row: Row; readonly plots: readonly Plot[] }> {
  const histograms = new Map<string, ReturnType<typeof createHistogram>>()
  const throughAllSteps = await openCampaign(
    { template: 'minimal', seed: 'bench', now: Date.now() },
    (step, duration) => {
      const histogram = histograms.get(step) ?? createHistogram()
      histograms.set(step, histogram)
      histogram.record(duration)
    },
  )
  let number = 0
  const row = await measure({
    name: campaignName,
    ours: () => throughAllSteps(++number),
    baseline: needed,
    goal: { kind: 'times the cost', atMost: 4 },
    pace: 'sustained',
  })
  const plots = [...histograms].map(([step, { summary }]) => ({
    ...{ title: `Campaign: ${step}`, unit: 'devices' },
    bars: summary.classes.map(({ upTo, count }) => ({ label: `<= ${upTo.toFixed(1)} ms`, value: count })),
  }))
  return { row, plots }
}

/** Of each round, for each core. */
const PAIRS = 500
const ROUNDS = 9
const message = randomBytes(300)

/** Signatures made and verified: by the clock, in turns. */
async function ratesOfCryptography(): Promise<{ readonly rows: readonly Row[]; readonly plot: Plot }> {
  const threads = Array.from({ length: cores }, () => new Worker(inAThread, { eval: true }))
  const ways = [() => onOneThread(PAIRS), () => onThreads(threads), () => onThePool(PAIRS * cores)]
  const pairs = [PAIRS, PAIRS * cores, PAIRS * cores]
  const rounds: number[][] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const rates: number[] = []
    for (const [i, way] of ways.entries()) rates.push(await rateOf(pairs[i] ?? 0, way))
    rounds.push(rates)
  }
  await Promise.all(threads.map((thread) => thread.terminate()))
  return toRates(rounds.slice(1)) // the first has warmed up
}

function toRates(rounds: readonly (readonly number[])[]): { readonly rows: readonly Row[]; readonly plot: Plot } {
  const rate = (way: number): number => median(rounds.map((round) => round[way] ?? 0))
  const ratio = (way: number): number => median(rounds.map((round) => (round[way] ?? 0) / (round[0] ?? 1)))
  const rows = rateNames.map((name, i): Row => {
    const measured = { value: rate(i + 1), unit: 'pairs/s', baseline: rate(0), ratio: ratio(i + 1) }
    return { name, ...measured, target: 'none', holds: true }
  })
  const labels = ['one thread', `${cores} worker threads`, 'thread pool']
  const bars = labels.map((label, i) => ({ label, value: rate(i) }))
  return { rows, plot: { title: 'Signatures made and verified', unit: 'a second', bars } }
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
  const { parentPort } = require('node:worker_threads')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const message = randomBytes(300)
  parentPort.on('message', (pairs) => {
    for (let i = 0; i < pairs; i++) verify('sha256', message, publicKey, sign('sha256', message, privateKey))
    parentPort.postMessage('done')
  })
`

const onThreads = (threads: readonly Worker[]): Promise<unknown> =>
  Promise.all(
    threads.map((thread) => {
      const done = once(thread, 'message')
      thread.postMessage(PAIRS)
      return done
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
