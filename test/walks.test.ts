import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** docs/walks.md leads through the code: where it leads is there. */
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

const steps = [...read('docs/walks.md').matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(([, file, name]) => [
  file,
  name,
])

test.each(steps)('%s has %s', (file = '', name = '') => {
  expect(read(file)).toContain(name)
})

test('there are five walks', () => {
  expect(read('docs/walks.md').match(/^## /gm)).toHaveLength(5)
})
