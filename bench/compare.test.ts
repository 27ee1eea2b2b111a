import { expect, test } from 'vitest'
import { compare, toComparison } from './compare.ts'
import { toPage } from './page.ts'
import type { Row } from './row.ts'

const row = (name: string, ratio: number | null, more: Partial<Row> = {}): Row => ({
  ...{
    name,
    value: 10,
    unit: 'µs',
    baseline: ratio === null ? null : 5,
    ratio,
    target: '<= 2 times the cost',
    holds: true,
  },
  ...more,
})

test('what costs more beside its baseline is worse, what is faster beside it is better, and a tenth is noise', () => {
  const before = [
    row('cost', 1),
    row('speed', 10, { target: '>= 5 times as fast' }),
    row('noise', 1),
    row('alone', null),
  ]
  const after = [
    row('cost', 1.5),
    row('speed', 15, { target: '>= 5 times as fast' }),
    row('noise', 1.1),
    row('alone', null, { value: 5, target: 'at most 20 µs' }),
  ]
  expect(compare(before, after).map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual([
    'cost: worse',
    'speed: better',
    'noise: same',
    'alone: better',
  ])
})

test('rows of one run only are named, and a target that does not hold any more is broken', () => {
  const changes = compare([row('gone', 1), row('kept', 1)], [row('kept', 3, { holds: false }), row('new', 1)])
  expect(changes.map(({ name, verdict, broken }) => [name, verdict, broken])).toEqual([
    ['gone', 'gone', false],
    ['kept', 'worse', true],
    ['new', 'new', false],
  ])
  expect(toComparison(changes)).toContain('BROKEN')
})

test('the page has the rows and the plots, and asks nobody for anything', () => {
  const plots = [{ title: 'A <plot>', unit: 'devices', bars: [{ label: '1000', value: 3 }] }]
  const page = toPage([row('a & b', 1.2)], plots, 'Node')
  expect(page).toContain('a &#38; b')
  expect(page).toContain('A &#60;plot&#62;')
  expect(page.match(/<svg /g)).toHaveLength(2)
  expect(page).not.toMatch(/(src|href)=|url\(|@import/)
})
