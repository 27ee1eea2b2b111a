/** Runs that are kept. */
import { count, instant, list, record, text } from './words.ts'

export const keptRun = record({
  ...{ runId: text, title: text, keptAt: instant, size: count },
  ...{ startedAt: text, devices: count, events: count },
})
export const keptRuns = record({ runs: list(keptRun) })
export const snapshot = record({ title: { type: 'string', maxLength: 120 } }, ['title'])
