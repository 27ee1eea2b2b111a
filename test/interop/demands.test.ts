/** `docs/interop.md` lists what strangers' programs demand, line by line with the test that holds it: here that each test is there. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const document = read('docs/interop.md')
const sections = document.split(/^## /m).filter((section) => section.includes('| demand | test |'))

/** Rows of a table whose last cell is `file`: a title. */
const rows = sections.flatMap((section) =>
  [...section.matchAll(/^\| (.+?) \| `([^`]+\.test\.ts)`: (.+) \|$/gm)].map(
    ([, demand = '', file = '', title = '']) => ({
      demand,
      file,
      title,
    }),
  ),
)

describe('what docs/interop.md says is tested:', () => {
  it('every line of its tables has a test', () => {
    const lines = sections.flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')))
    const heads = sections.filter((section) => section.includes('\n| ')).length
    expect(lines.length - heads).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(30)
  })

  it.each(rows)('$demand', ({ file, title }) => {
    expect(read(file)).toContain(title)
  })
})
