/** Workflow commands of GitHub Actions: an annotation for each failed scenario and for a baseline that is no longer true. */
import { blamed, type Report } from '../runner/report.ts'
import { shown } from '../scenario/mismatch.ts'

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const command = (level: 'error' | 'warning', title: string, message: string): string =>
  `::${level} title=${property(title)}::${data(message)}\n`

export function annotations({ scenarios, baseline, reason }: Report, rerun: (tags: string) => string): string {
  const accepted = new Set(baseline.accepted.map(({ requirement }) => requirement))
  const failed = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
  const lines = failed.map((scenario) => {
    const { name, slug, verdict, mismatches, reason: why = '' } = scenario
    const ids = [...blamed(scenario)]
    const isKnown = verdict === 'fail' && ids.every((id) => accepted.has(id))
    const sentences = mismatches.map(
      ({ what, expected, actual }) => `${what}: expected ${shown(expected)}, got ${shown(actual)}`,
    )
    const message = [name, ...sentences, why, rerun(`@scenario:${slug}`)].filter((line) => line !== '').join('\n')
    return command(isKnown ? 'warning' : 'error', ids.join(' ') || name, message)
  })
  const others = [...baseline.findings, ...(reason === undefined ? [] : [reason])]
  return [...lines, ...others.map((sentence) => command('error', 'conformance', sentence))].join('')
}
