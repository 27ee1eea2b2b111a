import { expect, test } from 'vitest'
import { dialects } from '../dialects/index.ts'
import { defaultIcs } from '../ics/ics.ts'
import { holdsUnder, requirementsOf } from '../requirements/index.ts'
import { mutants } from './index.ts'
import { portMutants } from './port.ts'
import { selfTest } from './self-test.ts'

test('every mutant has an id of its own and breaks a requirement that exists', () => {
  const all = [...mutants, ...portMutants]
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  const known = dialects.flatMap(({ id }) => requirementsOf(id)).map(({ id }) => id)
  expect(all.map(({ breaks }) => breaks).filter((id) => !known.includes(id))).toEqual([])
})

test('every requirement at SHALL has a wrong provider that breaks it', () => {
  const broken = new Set([...mutants, ...portMutants].map(({ breaks }) => breaks))
  const rows = dialects.flatMap(({ id }) => requirementsOf(id)).filter(({ level }) => level === 'SHALL')
  expect(rows.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([])
})

test('every mutant is caught by the requirement it breaks, and a layer that changes nothing is not blamed', async () => {
  const { catches, off, blamed } = await selfTest()
  const escaped = catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))
  expect({ escaped, blamed }).toEqual({ escaped: [], blamed: [] })
  // those that are off are asked elsewhere: under other readings, with limits that are declared, under faults
  const rows = new Map(requirementsOf('esim-management@0.1').map((row) => [row.id, row]))
  const isUsual = (id: string): boolean =>
    holdsUnder(rows.get(id) ?? {}, defaultIcs) && !/\/(time-limit|retention)$|\/faults\//.test(id)
  expect(off.map(({ breaks }) => breaks).filter(isUsual)).toEqual([])
}, 900_000)
