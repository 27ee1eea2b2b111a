/** What a run leaves: text, annotations, files. */
import { reportFiles } from '../reports/files.ts'
import { annotations } from '../reports/github.ts'
import { failures, summary } from '../reports/terminal.ts'
import type { ConformanceOptions } from './options.ts'
import type { Report } from './report.ts'
import { rerunCommand } from './rerun.ts'
import { writeReports } from './store-files.ts'
import type { Verdict } from './verdict.ts'

export interface ConformanceResult {
  readonly verdict: Verdict
  readonly report: Report
  /** Paths of the report files. */
  readonly files: readonly string[]
}

export async function publish(options: ConformanceOptions, report: Report): Promise<ConformanceResult> {
  const { write = () => undefined } = options
  const rerun = options.rerun ?? ((tags: string) => rerunCommand(options, { tags, seed: report.seed }))
  write(failures(report, rerun))
  write(summary(report))
  if (options.annotate === true) write(annotations(report, rerun))
  const files = options.report === undefined ? [] : await writeReports(options.report, reportFiles(report, rerun))
  return { verdict: report.verdict, report, files }
}
