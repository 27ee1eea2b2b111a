import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { slug } from '../runner/cucumber.ts'
import { planOf } from '../runner/run.ts'
import { requirementsOf } from './index.ts'

const folder = new URL('../features/esim-management-0.1/', import.meta.url)
const features = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
const claimed = new Set(features.flatMap((text) => [...text.matchAll(/@req:(\S+)/g)].map(([, id]) => id)))
const known = requirementsOf('esim-management@0.1').map(({ id }) => id)

test('every requirement has a scenario', () => {
  expect(known.filter((id) => !claimed.has(id))).toEqual([])
})

test('every scenario claims requirements that exist', () => {
  expect([...claimed].filter((id) => id === undefined || !known.includes(id))).toEqual([])
})

test('no scenario is without a claim', () => {
  const scenarios = features.flatMap((text) => [...text.matchAll(/^(.*)\n {2}Scenario(?: Outline)?: (.*)$/gm)])
  expect(scenarios.filter(([, before = '']) => !before.includes('@req:')).map(([, , name]) => name)).toEqual([])
})

test('no requirement is written twice', () => {
  expect(new Set(known).size).toBe(known.length)
})

test('each scenario can be named alone', async () => {
  const { scenarios } = await planOf({ dialect: 'esim-management@0.1' })
  const slugs = scenarios.map(({ name }) => slug(name))
  expect(slugs.filter((one, index) => slugs.indexOf(one) !== index)).toEqual([])
})
