/** A badge: as JSON for shields.io (endpoint schema 1), and as an SVG that needs nobody. */
import type { Report } from '../runner/report.ts'
import type { Verdict } from '../runner/verdict.ts'

const colours: Record<Verdict, readonly [string, string]> = {
  pass: ['brightgreen', '#2e7d32'],
  fail: ['red', '#b3261e'],
  error: ['lightgrey', '#616161'],
  skip: ['yellowgreen', '#6b7a1e'],
  off: ['lightgrey', '#616161'],
}

function saying({ verdict, requirements, dialect }: Report) {
  const decided = requirements.filter((result) => result.verdict === 'pass' || result.verdict === 'fail')
  const passed = decided.filter((result) => result.verdict === 'pass').length
  return { label: dialect, message: verdict === 'error' ? 'not asked' : `${passed} of ${decided.length}` }
}

export function badgeJson(report: Report): string {
  return `${JSON.stringify({ schemaVersion: 1, ...saying(report), color: colours[report.verdict][0] })}\n`
}

/** Verdana at 11 pixels is about 6.6 wide a letter. */
const widthOf = (text: string): number => Math.round(text.length * 6.6) + 12

export function badgeSvg(report: Report): string {
  const { label, message } = saying(report)
  const [left, right] = [widthOf(label), widthOf(message)]
  const text = (x: number, content: string): string =>
    `<text x="${x}" y="14" fill="#fff" font-family="Verdana,sans-serif" font-size="11" text-anchor="middle">${content}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}">`,
    `<title>${label}: ${message}</title>`,
    `<rect width="${left}" height="20" rx="3" fill="#444"/>`,
    `<rect x="${left}" width="${right}" height="20" rx="3" fill="${colours[report.verdict][1]}"/>`,
    text(left / 2, label),
    text(left + right / 2, message),
    '</svg>\n',
  ].join('')
}
