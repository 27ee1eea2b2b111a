import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { completeIcs, defaultIcs, readIcs } from './ics.ts'

test('the statement of the reference provider declares the readings of the dialect', () => {
  const yaml = readFileSync(new URL('./esim-management-0.1.reference.yaml', import.meta.url), 'utf8')
  expect(readIcs(yaml)).toEqual(completeIcs({}))
})

test('what is not declared has the reading of the dialect', () => {
  const ics = readIcs('dialect: esim-management@0.1\nreadings:\n  deleteEnabled: conflict\n')
  expect(ics.readings).toEqual({ ...defaultIcs.readings, deleteEnabled: 'conflict' })
})

test.each([
  [
    'a reading that is none',
    'dialect: d\nreadings:\n  deleteEnabled: maybe\n',
    '/readings/deleteEnabled must be equal to one of the allowed values',
  ],
  ['an unknown key', 'dialect: d\ndeletes: true\n', '(deletes)'],
  [
    'an unknown key inside',
    'dialect: d\nlimits:\n  bodyMegabytes: 1\n',
    '/limits must NOT have additional properties (bodyMegabytes)',
  ],
  ['no dialect', 'readings: {}\n', "must have required property 'dialect'"],
  ['no statement', '', 'must be object'],
])('%s is refused with a sentence that names it', (_, yaml, sentence) => {
  expect(() => readIcs(yaml)).toThrow(sentence)
})
