/** `npm run fuzz -- [--count N] [--seed S] [--from I]`: mutated inputs of the decoder and of the card. Ends with 1 at a crash, a hang or an untyped error. */
import { parseArgs } from 'node:util'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { gatherCorpus } from './corpus.ts'
import { fuzz } from './run.ts'

const LONGEST_MS = 10_000

if (isMainThread) watch()
else await work(workerData)

interface Work {
  readonly seed: number
  readonly from: number
  readonly count: number
  /** The input under way. */
  readonly progress: Int32Array
}

/** The worker may hang: somebody else has to look at the clock. */
function watch(): void {
  const { values } = parseArgs({
    options: { count: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' } },
  })
  const progress = new Int32Array(new SharedArrayBuffer(4)).fill(-1)
  const data: Work = {
    seed: Number(values.seed ?? 1),
    from: Number(values.from ?? 0),
    count: Number(values.count ?? 1_000_000),
    progress,
  }
  const worker = new Worker(new URL(import.meta.url), { workerData: data })
  let seen = -1
  const timer = setInterval(() => {
    const now = Atomics.load(progress, 0)
    if (now >= 0 && now === seen) {
      console.log(`input ${now} of seed ${data.seed} takes more than ${LONGEST_MS} ms`)
      process.exit(1)
    }
    seen = now
  }, LONGEST_MS)
  worker.once('error', (error) => {
    console.log(error.message)
    process.exitCode = 1
  })
  worker.once('exit', () => clearInterval(timer))
}

async function work({ seed, from, count, progress }: Work): Promise<void> {
  const corpus = await gatherCorpus()
  const start = performance.now()
  const onInput = (input: number) => void Atomics.store(progress, 0, input)
  const inputs = fuzz(corpus, { seed, from, count, onInput })
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  Atomics.store(progress, 0, -1)
  for (const [name, number] of inputs) console.log(`${String(number).padStart(9)}  ${name}`)
  console.log(`${String(count).padStart(9)}  inputs in ${seconds} s, seed ${seed}: no crash, no hang, no untyped error`)
}
