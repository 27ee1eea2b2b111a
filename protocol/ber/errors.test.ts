import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeErrorCodes } from './index.ts'

test('docs/errors.md lists every code with its meaning', () => {
  const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  const rows = [...document.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(([, code, meaning]) => [code, meaning])
  expect(rows).toEqual(Object.entries(decodeErrorCodes))
})

test('every code of the table is thrown somewhere, and no other', () => {
  const files = ['reader.ts', 'primitives.ts', 'constructed.ts', 'schema.ts']
  const source = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n')
  const thrown = [...source.matchAll(/fail\((?:[^()]*\?)?[^()]*\)|DecodeError\('[a-z-]+'/g)].flatMap(([call]) =>
    [...call.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code),
  )
  expect(new Set(thrown)).toEqual(new Set(Object.keys(decodeErrorCodes)))
})
