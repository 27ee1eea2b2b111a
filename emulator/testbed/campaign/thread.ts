/** What runs in a thread of its own: one part of a campaign. */
import { parentPort, workerData } from 'node:worker_threads'
import { runPart } from './part.ts'

await runPart(workerData, (progress) => parentPort?.postMessage(progress))
