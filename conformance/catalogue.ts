/** What the runner knows, to be read by people and programs: scenarios, phrases, requirements with their checks. */

import type { Readings } from './ics/ics.ts'
import { mutants } from './mutants/index.ts'
import { claimsOf, claimTags, requirementsOf } from './requirements/index.ts'
import { type Coverage, coverageOf } from './requirements/table.ts'
import { type Library, type Listed, listScenarios, phrasesOf } from './runner/cucumber.ts'
import { OptionsError } from './runner/options.ts'
import { planOf } from './runner/run.ts'

type Selection = Parameters<typeof planOf>[0]

/** Throws OptionsError. */
export async function scenariosOf(selection: Selection): Promise<readonly Listed[]> {
  try {
    return await listScenarios(await planOf(selection))
  } catch (error) {
    throw error instanceof OptionsError ? error : new OptionsError((error as Error).message, { cause: error })
  }
}

/** Throws OptionsError. */
export async function requirementCoverage(dialect: string): Promise<readonly Coverage[]> {
  const listed = await scenariosOf({ dialect })
  const scenarios = listed.map(({ name, tags }) => ({
    name,
    claims: claimsOf(dialect, tags),
  }))
  return coverageOf(requirementsOf(dialect), scenarios, mutants)
}

export const phrases = (library: Library): Promise<readonly string[]> => phrasesOf(library)

/** As a tag expression: the scenarios whose verdict depends on these choices. */
export function scenariosOfReadings(dialect: string, readings: Partial<Readings>): string {
  const names = Object.keys(readings)
  const claims = requirementsOf(dialect)
    .filter(({ reading = {} }) => names.some((name) => name in reading))
    .flatMap(({ id }) => claimTags(dialect, id))
  const tags = Object.entries(readings).map(([name, word]) => `@reading:${name}=${word}`)
  return [...claims, ...tags].join(' or ')
}
