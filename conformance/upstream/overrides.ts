/** Known defects of test definitions: steps that are asked in other words, each with its reason. Every report lists those that were used. */
import { parse } from 'yaml'

export interface Override {
  /** Words of the feature's title. */
  readonly feature: string
  /** The step, without its keyword. */
  readonly step: string
  readonly instead: string
  readonly reason: string
}

export const knownOverrides: readonly Override[] = [
  {
    feature: 'eSIM Profile Management API, v0.1.0-rc.1',
    step: 'the response property "$.status" is "accepted"',
    instead: 'the response property "$.status" is "ACCEPTED"',
    reason: 'its own schema ESimProfileResponse knows ACCEPTED and COMPLETED only',
  },
]

/** YAML: a list of overrides. Throws a sentence when it is none. */
export function readOverrides(yaml: string): readonly Override[] {
  const rows: unknown = parse(yaml)
  const isRow = (row: unknown): boolean =>
    ['feature', 'step', 'instead', 'reason'].every(
      (name) => typeof (row as Record<string, unknown>)?.[name] === 'string',
    )
  if (!Array.isArray(rows) || !rows.every(isRow))
    throw new Error('overrides: a list of { feature, step, instead, reason } is wanted')
  return rows as readonly Override[]
}

/** The text of a feature with its defects mended, and a sentence for each that was. */
export function mended(text: string, overrides: readonly Override[]): { text: string; notes: readonly string[] } {
  const title = /^\s*Feature:(.*)$/m.exec(text)?.[1] ?? ''
  const notes: string[] = []
  const lines = text.split('\n').map((line, index) => {
    const step = /^\s*(?:Given|When|Then|And|But|\*)\s+(.*?)\s*$/.exec(line)?.[1]
    const found = overrides.find((row) => row.step === step && title.includes(row.feature))
    if (found === undefined || step === undefined) return line
    notes.push(`${title.trim()}, line ${index + 1}: asked as "${found.instead}", since ${found.reason}`)
    return line.replace(step, found.instead)
  })
  return { text: lines.join('\n'), notes }
}
