import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { executed, read, root, within } from './testing/sentences.ts'

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
const folder = mkdtempSync(join(tmpdir(), 'sentences-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('every command of this project within a sentence is one that there is, and somebody executes it', () => {
  const known = within.map(({ command }) => ({ command, row: executed.find(({ pattern }) => pattern.test(command)) }))
  expect(known.filter(({ row }) => !row)).toEqual([])
  for (const { command } of known) {
    const [, script] = /^npm (?:run )?(?:--silent )?(\S+)/.exec(command) ?? []
    if (script && !['ci', 'pack'].includes(script)) expect(Object.keys(scripts)).toContain(script)
    for (const [file] of command.matchAll(/\S+\.(?:test\.ts|mjs)/g)) expect(read(file)).not.toBe('')
  }
})

test.each(executed.flatMap(({ command, form }) => (form ? [[command, form] as const] : [])))(
  'what stands for %s ends with 0',
  (_, form) => {
    const words = form.map((word) => word.replace('FOLDER', folder))
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: root,
      encoding: 'utf8',
      timeout: 600_000,
    })
    expect({ status, ...(status ? { stdout, stderr } : {}) }).toEqual({ status: 0 })
  },
  900_000,
)
