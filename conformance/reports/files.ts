/** The files of a report folder. */
import type { Report } from '../runner/report.ts'
import { badgeJson, badgeSvg } from './badge.ts'
import { ctrf } from './ctrf.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'

export const reportFiles = (report: Report, rerun: (tags: string) => string): Readonly<Record<string, string>> => ({
  'report.html': html(report, rerun),
  'junit.xml': junit(report),
  'report.json': ctrf(report, rerun),
  'badge.json': badgeJson(report),
  'badge.svg': badgeSvg(report),
})
