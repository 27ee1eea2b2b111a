import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { cardSettings, startWorld } from './world.ts'

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), 'testbed.yaml')
  writeFileSync(path, content)
  return path
}

test('without any source every key has its default', () => {
  expect(readConfig({})).toMatchObject({
    host: '127.0.0.1',
    control: { port: 8080 },
    provider: { deleteEnabled: 'auto-disable' },
  })
})

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  const path = file('devices: { count: 5 }\nsmdp: { port: 1 }\neim: { esipaPort: 1, northboundPort: 1 }\n')
  const environment = { ESIM_TESTBED_EIM_ESIPA_PORT: '2', ESIM_TESTBED_SMDP_PORT: '2' }
  const config = readConfig({ file: path, environment, flags: { 'smdp.port': 3 } })
  expect(config).toMatchObject({ devices: { count: 5 }, eim: { northboundPort: 1, esipaPort: 2 }, smdp: { port: 3 } })
})

test('DATABASE_URL names the database unless the variable with our prefix does', () => {
  const environment = { DATABASE_URL: 'postgres://here/a' }
  expect(readConfig({ environment }).provider.databaseUrl).toBe('postgres://here/a')
  expect(readConfig({ environment }).eim.databaseUrl).toBe('postgres://here/a')
  const both = { ESIM_TESTBED_PROVIDER_DATABASE_URL: 'postgres://there/b', ...environment }
  expect(readConfig({ environment: both }).provider.databaseUrl).toBe('postgres://there/b')
})

const refused: [string, Parameters<typeof readConfig>[0], string][] = [
  ['an unknown key', { file: file('eim: { esipaport: 1 }') }, 'The configuration key eim.esipaport is not known.'],
  ['a wrong type', { flags: { 'devices.count': 'many' } }, 'The configuration key devices.count must be integer.'],
  [
    'a value outside the list',
    { flags: { 'provider.deleteEnabled': 'maybe' } },
    'The configuration key provider.deleteEnabled must be equal to one of the allowed values: auto-disable, conflict.',
  ],
  [
    'a habit that no card has',
    { file: file('euicc: { variants: [invented] }') },
    'The configuration key euicc.variants.0 must be equal to one of the allowed values: packageSignaturesInDer',
  ],
  [
    'an unknown environment variable',
    { environment: { ESIM_TESTBED_EIM_PORT: '1' } },
    'The environment variable ESIM_TESTBED_EIM_PORT names no configuration key.',
  ],
]

for (const [what, sources, message] of refused)
  test(`${what} stops the start with a sentence that names it`, () => {
    expect(() => readConfig(sources)).toThrow(message)
  })

test('a file that is no mapping stops the start with its name', () => {
  const path = file('- 1')
  expect(() => readConfig({ file: path })).toThrow(`The configuration file ${path} cannot be used`)
})

test('of the card only what differs is handed on, so that a recording names it', () => {
  expect(cardSettings(readConfig({}).euicc)).toEqual({})
  const path = file('euicc: { variants: [dataAtOnce], policy: { refresh: atOnce, toolkit: idle } }')
  const { euicc } = readConfig({ file: path, environment: { ESIM_TESTBED_EUICC_LATENCY: 'silicon' } })
  expect(cardSettings(euicc)).toEqual({ variants: ['dataAtOnce'], policy: { refresh: 'atOnce' } })
  expect(euicc.latency).toBe('silicon')
})

test('a testbed of consumer eUICCs does not start', async () => {
  const config = readConfig({ flags: { 'euicc.personality': 'consumer' } })
  await expect(startWorld(config)).rejects.toThrow('euicc.personality is for the command card')
})
