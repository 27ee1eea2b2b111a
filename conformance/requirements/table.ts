/** Which requirement has which checks and which mutants, as a table. */
import type { Mutant } from '../mutants/layer.ts'
import type { Requirement } from './requirement.ts'

export interface Coverage {
  readonly requirement: Requirement
  /** Names of the scenarios that claim it. */
  readonly checks: readonly string[]
  /** Ids of the wrong providers that its checks must catch. */
  readonly mutants: readonly string[]
}

export const coverageOf = (
  requirements: readonly Requirement[],
  scenarios: readonly { readonly name: string; readonly claims: readonly string[] }[],
  mutants: readonly Mutant[],
): readonly Coverage[] =>
  requirements.map((requirement) => ({
    requirement,
    checks: scenarios.filter(({ claims }) => claims.includes(requirement.id)).map(({ name }) => name),
    mutants: mutants.filter(({ breaks }) => breaks === requirement.id).map(({ id }) => id),
  }))

export const coverageTable = (rows: readonly Coverage[]): string =>
  [
    '| requirement | level | statement | source | checks | mutants |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ requirement: { id, level, text, source }, checks, mutants }) => {
      const from = `${source.document}, ${source.section}`
      return `| \`${id}\` | ${level} | ${text} | ${from} | ${checks.length} | ${mutants.length} |`
    }),
    '',
  ].join('\n')
