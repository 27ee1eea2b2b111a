import { expect, test } from 'vitest'
import { claimTags, requirementsOf } from '../requirements/index.ts'
import { tagsOf } from './select.ts'

const dialect = 'esim-management@0.1'
const known = requirementsOf(dialect)
const eitherOf = (ids: readonly { readonly id: string }[]) =>
  ids.flatMap(({ id }) => claimTags(dialect, id)).join(' or ')

test('a requirement is selected by its id, also without its first word, in both spellings of a claim', () => {
  const expected = '@req:esim-management/enable/enables or @req:enable/enables'
  expect(tagsOf({ requirements: ['esim-management/enable/enables'] }, dialect)).toBe(expected)
  expect(tagsOf({ requirements: ['enable/enables'] }, dialect)).toBe(expected)
  expect(tagsOf({ tags: 'not (@req:esim-management/enable/enables)' }, dialect)).toBe(`not ((${expected}))`)
})

test('a group is selected by the beginning of its ids', () => {
  const group = known.filter(({ id }) => id.startsWith('esim-management/delivery/'))
  expect(tagsOf({ requirements: ['delivery'] }, dialect)).toBe(eitherOf(group))
})

test('a section is selected by its words, and tags narrow what was selected', () => {
  const rows = known.filter(({ source }) => source.document === 'RFC 6750')
  expect(tagsOf({ sections: ['rfc 6750'], tags: 'not @slow' }, dialect)).toBe(`(not @slow) and (${eitherOf(rows)})`)
})

test('what nobody knows is refused with a hint', () => {
  expect(() => tagsOf({ requirements: ['enable/enabels'] }, dialect)).toThrow('perhaps esim-management/enable/')
  expect(() => tagsOf({ sections: ['Chapter 99'] }, dialect)).toThrow('"Chapter 99"')
  expect(() => tagsOf({ requirements: ['enable'], tags: '@scenario:one' }, dialect)).toThrow('one scenario')
})
