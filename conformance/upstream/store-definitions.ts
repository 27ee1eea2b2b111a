/** Test definitions and their OpenAPI document, read from files; the features are run from a copy in which known defects are mended. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { type Plan, planScenarios } from '../runner/cucumber.ts'
import { OptionsError } from '../runner/options.ts'
import { type Api, readApi } from './openapi.ts'
import { knownOverrides, mended, readOverrides } from './overrides.ts'

export interface Definitions {
  readonly api: Api
  readonly plan: Plan
  /** A sentence for each step that is asked in other words. */
  readonly notes: readonly string[]
  readonly close: () => Promise<void>
}

interface Sources {
  readonly features: string
  readonly openapi: string
  readonly overrides?: string
  readonly tags?: string
}

/** Throws OptionsError. */
export async function understandDefinitions({
  features,
  openapi,
  overrides,
  tags = '',
}: Sources): Promise<Definitions> {
  const folder = await mkdtemp(join(tmpdir(), 'features-'))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const api = readApi(parse(await readFile(openapi, 'utf8')))
    const more = overrides === undefined ? [] : readOverrides(await readFile(overrides, 'utf8'))
    const notes: string[] = []
    for (const file of await filesOf(features)) {
      const result = mended(await readFile(file, 'utf8'), [...more, ...knownOverrides])
      notes.push(...result.notes)
      await writeFile(join(folder, basename(file)), result.text)
    }
    const plan = await planScenarios({ paths: [join(folder, '*.feature')], library: 'upstream', tags })
    return { api, notes, plan, close }
  } catch (error) {
    await close()
    throw new OptionsError((error as Error).message, { cause: error })
  }
}

const filesOf = async (features: string): Promise<readonly string[]> =>
  features.endsWith('.feature')
    ? [features]
    : (await readdir(features)).filter((name) => name.endsWith('.feature')).map((name) => join(features, name))
