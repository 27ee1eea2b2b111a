import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { remember } from './memory.ts'
import { changeTold, stateChanged, untoldChange } from './state-change.ts'
import { createFileMemory } from './store-memory.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipa-'))
  path = join(folder, 'memory.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('what is remembered is there after a start: downloads whose result is awaited, and a state change with who knows of it', async () => {
  const memory = createFileMemory(path)
  expect(await memory.load()).toEqual({ downloads: [], disclosed: {} })
  await remember(memory, { eimId: 'eim.test', transactionId: 'A1' })
  await stateChanged(memory, 'fallback')
  await changeTold(memory, 'eim.test')
  const again = createFileMemory(path)
  expect((await again.load()).downloads).toEqual([{ eimId: 'eim.test', transactionId: 'A1' }])
  expect(await untoldChange(again, 'eim.test')).toBeUndefined()
  expect(await untoldChange(again, 'other.test')).toBe('fallback')
  expect(await readdir(folder)).toEqual(['memory.json'])
})

test('a file that a kill has left half written is not looked at', async () => {
  const memory = createFileMemory(path)
  await remember(memory, { eimId: 'eim.test', transactionId: 'A1' })
  await writeFile(`${path}.new`, '{"downlo')
  expect((await createFileMemory(path).load()).downloads).toHaveLength(1)
})
