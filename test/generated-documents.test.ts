import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allCommands } from '../bin/commands/index.ts'
import { configSchema } from '../bin/config-schema.ts'
import { dialectIds, requirementCoverage } from '../conformance/index.ts'
import { commandLine, configuration, errorCodes, mutants, requirements, type SchemaNode } from './generated/tables.ts'
import { type Message, tour } from './generated/tour.ts'

/** Documents that are written from code and recordings: `npx vitest run test/generated-documents.test.ts -u`. */
const recording = new URL('../fixtures/sessions/one-download.ndjson', import.meta.url)
const messages = (): readonly Message[] =>
  readFileSync(recording, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

const documents: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['configuration.md', () => configuration(configSchema as SchemaNode)],
  [
    'requirements.md',
    async () =>
      requirements(await Promise.all(dialectIds.map(async (id) => [id, await requirementCoverage(id)] as const))),
  ],
  ['mutants.md', mutants],
  ['error-codes.md', errorCodes],
  ['command-line.md', async () => commandLine(await allCommands())],
  ['tour.md', () => tour(messages())],
]

test.each(documents)('docs/%s is as the code has it', async (name, write) => {
  await expect(await write()).toMatchFileSnapshot(`../docs/${name}`)
})

test('every message of the tour is known, down to its last octet', () => {
  const text = tour(messages())
  expect(text.match(/^## /gm)).toHaveLength(13)
  expect(text).not.toContain('<- ')
})
