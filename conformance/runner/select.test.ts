import { expect, test } from 'vitest'
import { requirementsOf } from '../requirements/index.ts'
import { tagsOf } from './select.ts'

const known = requirementsOf('esim-management@0.1')

test('a requirement is selected by its id, also without its first word', () => {
  const expected = '@req:esim-management/enable/enables'
  expect(tagsOf({ requirements: ['esim-management/enable/enables'] }, known)).toBe(expected)
  expect(tagsOf({ requirements: ['enable/enables'] }, known)).toBe(expected)
})

test('a group is selected by the beginning of its ids', () => {
  const group = known.filter(({ id }) => id.startsWith('esim-management/delivery/')).map(({ id }) => `@req:${id}`)
  expect(tagsOf({ requirements: ['delivery'] }, known)).toBe(group.join(' or '))
})

test('a section is selected by its words, and tags narrow what was selected', () => {
  const ids = known.filter(({ source }) => source.document === 'RFC 6750').map(({ id }) => `@req:${id}`)
  expect(tagsOf({ sections: ['rfc 6750'], tags: 'not @slow' }, known)).toBe(`(not @slow) and (${ids.join(' or ')})`)
})

test('what nobody knows is refused with a hint', () => {
  expect(() => tagsOf({ requirements: ['enable/enabels'] }, known)).toThrow('perhaps esim-management/enable/')
  expect(() => tagsOf({ sections: ['Chapter 99'] }, known)).toThrow('"Chapter 99"')
  expect(() => tagsOf({ requirements: ['enable'], tags: '@scenario:one' }, known)).toThrow('one scenario')
})
