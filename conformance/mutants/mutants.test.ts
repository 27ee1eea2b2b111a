import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dialects } from '../dialects/index.ts'
import { requirementsOf } from '../requirements/index.ts'
import { mutants } from './index.ts'
import { portMutants } from './port.ts'
import { mutantTable, portMutantTable, selfTest } from './self-test.ts'

test('every mutant has an id of its own and breaks a requirement that exists', () => {
  const all = [...mutants, ...portMutants]
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  const known = dialects.flatMap(({ id }) => requirementsOf(id)).map(({ id }) => id)
  expect(all.map(({ breaks }) => breaks).filter((id) => !known.includes(id))).toEqual([])
})

test('every mutant is caught by the requirement it breaks, and a layer that changes nothing is not blamed', async () => {
  const { catches, blamed } = await selfTest()
  const escaped = catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))
  const known = new Set(requirementsOf('esim-management@0.1').map(({ id }) => id))
  const count = mutants.filter(({ breaks }) => known.has(breaks)).length
  expect({ count: catches.length, escaped, blamed }).toEqual({ count, escaped: [], blamed: [] })
}, 900_000)

test('the published tables are the catalogues', () => {
  const text = readFileSync(new URL('../../docs/mutants.md', import.meta.url), 'utf8')
  expect(text).toContain(mutantTable())
  expect(text).toContain(portMutantTable())
})
