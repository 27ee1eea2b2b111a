/** A conformance run as the stream tells of it. */
import type { CheckResult, ConformanceRun } from '../api/contract.ts'
import type { Entry } from './entry.ts'

/** An event of the stream. */
export type ConformanceNews =
  | { readonly state: 'running'; readonly startedAt: string }
  | { readonly state: 'running'; readonly total: number; readonly result: CheckResult }
  | { readonly state: 'ended'; readonly verdict?: string; readonly reason?: string }

export function afterNews(run: ConformanceRun | undefined, news: ConformanceNews): ConformanceRun | undefined {
  if ('startedAt' in news) return { state: 'running', startedAt: news.startedAt, total: 0, results: [] }
  if (!run) return undefined
  if ('result' in news) return { ...run, total: news.total, results: [...run.results, news.result] }
  return { ...run, ...news }
}

const order: Readonly<Record<CheckResult['verdict'], number>> = { fail: 0, error: 1, skip: 2, pass: 3, off: 4 }

/** What is bad first, then as they came. */
export const byVerdict = (results: readonly CheckResult[]): readonly CheckResult[] =>
  results.toSorted((a, b) => order[a.verdict] - order[b.verdict])

export function countsOf(results: readonly CheckResult[]): readonly (readonly [CheckResult['verdict'], number])[] {
  const counts = new Map<CheckResult['verdict'], number>()
  for (const { verdict } of results) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => order[a] - order[b])
}

/** Where a check is in the timeline: the first trouble of its devices in its time, else their last message, else the last one of anybody. */
export function placeOf({ startedAt, durationMs, eids }: CheckResult, entries: readonly Entry[]): Entry | undefined {
  const from = Date.parse(startedAt)
  const isOwn = ({ at, eid }: Entry) =>
    at >= from && at <= from + durationMs + 1 && (eids.length === 0 || eids.includes(eid))
  const own = entries.filter(isOwn)
  return own.find(({ trouble }) => trouble !== '') ?? own.at(-1)
}
