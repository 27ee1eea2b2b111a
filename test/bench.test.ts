/** `npm run bench` with what earlier runs have printed: nothing is measured here. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const row = (ratio: number) => ({
  ...{ name: 'a package, of <some> octets', value: 100 * ratio, unit: 'µs', baseline: 100, ratio },
  ...{ target: '<= 2 times the cost', holds: ratio <= 2 },
})
const saved = (name: string, ratio: number): string => {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify([row(ratio)]))
  return file
}
const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('../dist/bench/index.js', import.meta.url)), ...args], {
    encoding: 'utf8',
  })

test('two earlier runs are put beside each other: 1 when a target that held is missed, and a page of the second', () => {
  const [before, after, page] = [saved('before.json', 1.5), saved('after.json', 3), join(folder, 'page.html')]
  const worse = bench('--compare', before, after, '--html', page)
  expect(worse).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/a package, of <some> octets +150 µs \(1\.50?\) +300 µs/),
  })
  expect(readFileSync(page, 'utf8')).toMatch(
    /<td>a package, of &#60;some&#62; octets<\/td>.*<td class="misses">misses</,
  )
  const better = bench('--compare', after, before, '--json')
  expect(better.status).toBe(0)
  expect(JSON.parse(better.stdout)).toMatchObject([{ name: 'a package, of <some> octets', broken: false }])
}, 600_000)
