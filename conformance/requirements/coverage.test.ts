import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { requirementCoverage, scenariosOf } from '../catalogue.ts'
import { dialects } from '../dialects/index.ts'
import { slug } from '../runner/cucumber.ts'
import { claimTags, requirementsOf } from './index.ts'

const features = new URL('../features/', import.meta.url)
const folders = readdirSync(features)
const textsOf = (folder: string) => {
  const url = new URL(`${folder}/`, features)
  return readdirSync(url).map((name) => readFileSync(new URL(name, url), 'utf8'))
}

describe.each(dialects)('$id', ({ id, prefix }) => {
  const ids = requirementsOf(id).map((requirement) => requirement.id)

  test('every requirement has a scenario that is asked', async () => {
    const rows = await requirementCoverage(id)
    expect(rows.filter(({ checks }) => checks.length === 0).map(({ requirement }) => requirement.id)).toEqual([])
  })

  test('no requirement is written twice, and each begins with the name of the API', () => {
    expect(ids.filter((one, index) => ids.indexOf(one) !== index || !one.startsWith(`${prefix}/`))).toEqual([])
    expect(ids).not.toEqual([])
  })

  test('each scenario can be named alone', async () => {
    const slugs = (await scenariosOf({ dialect: id })).map(({ name }) => slug(name))
    expect(slugs.filter((one, index) => slugs.indexOf(one) !== index)).toEqual([])
  })
})

describe.each(folders)('features of %s', (folder) => {
  const texts = textsOf(folder)

  test('claim requirements that exist in a dialect that is asked them', () => {
    const claimed = new Set(texts.flatMap((text) => [...text.matchAll(/@req:\S+/g)].map(([tag]) => tag)))
    const asked = dialects.filter((dialect) => dialect.features.includes(folder))
    const known = new Set(asked.flatMap(({ id }) => requirementsOf(id).flatMap((row) => claimTags(id, row.id))))
    expect([...claimed].filter((tag) => !known.has(tag))).toEqual([])
  })

  test('have no scenario without a claim', () => {
    const scenarios = texts.flatMap((text) => [...text.matchAll(/^(.*)\n {2}Scenario(?: Outline)?: (.*)$/gm)])
    expect(scenarios.filter(([, before = '']) => !before.includes('@req:')).map(([, , name]) => name)).toEqual([])
  })
})
