import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { cardSettings, startWorld, switchesOn } from './world.ts'

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

test('each switch of the laboratory that is on is named in a line of its own', () => {
  expect(switchesOn(readConfig({}))).toEqual([])
  const switches = { 'eim.trustAnyServer': true, 'ipa.trustAnyServer': true, 'ipa.packageLimit': 1 }
  const lines = switchesOn(readConfig({ flags: { ...switches, 'eim.unverifiedEid': '8904' } }))
  expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([...Object.keys(switches), 'eim.unverifiedEid'].sort())
})

test.each([
  [{ 'eim.northboundClientCa': 'ca.pem' }, 'eim.northboundClientCa needs eim.northboundTls'],
  [{ 'provider.clientKey': 'key.pem' }, 'provider.clientCertificate and provider.clientKey belong together'],
  [{ 'smdp.clientCa': 'ca.pem' }, 'provider.clientCertificate is mandatory'],
  [{ 'smds.clientCa': '/nowhere/ca.pem' }, 'smds.clientCa: /nowhere/ca.pem cannot be used'],
  [{ 'smds.clientCa': file('no certificate') }, 'cannot be used'],
])('client certificates that make no sense do not start a testbed: %j', async (flags, sentence) => {
  await expect(startWorld(readConfig({ flags }))).rejects.toThrow(sentence)
})

test('a testbed of consumer eUICCs does not start', async () => {
  const config = readConfig({ flags: { 'euicc.personality': 'consumer' } })
  await expect(startWorld(config)).rejects.toThrow('euicc.personality is for the command card')
})

test('a client proves itself by a secret or by a key of its own, and by one of them', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = pair.publicKey.export({ format: 'jwk' })
  const withClient = (client: object) => ({
    'authorization.clients': [{ clientId: 'signer', tenant: 'acme', ...client }],
  })
  for (const client of [{}, { clientSecret: 's', publicKey }, { publicKey: { ...publicKey, crv: 'P-384' } }])
    expect(() => readConfig({ flags: withClient(client) })).toThrow('authorization.clients.0')
  const doors = ['control', 'smdp', 'smds', 'provider', 'authorization'].map((section) => `${section}.port`)
  const ports = [...doors, 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort'].map((key) => [key, 0])
  const flags = {
    ...Object.fromEntries(ports),
    ...withClient({ publicKey }),
    'devices.count': 0,
    'log.level': 'silent',
  }
  const world = await startWorld(readConfig({ flags }))
  const { authorization = '', provider } = world.doors
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('signer')
    .setSubject('signer')
    .setAudience(`${authorization}/token`)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(pair.privateKey)
  const body = new URLSearchParams({
    ...{ grant_type: 'client_credentials', scope: 'iot-device-management:esims:read', client_assertion: assertion },
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  })
  const token = (await (await fetch(`${authorization}/token`, { method: 'POST', body })).json()) as {
    access_token: string
  }
  const asked = await fetch(`${provider}/esim/operations/00000000-0000-4000-8000-000000000000`, {
    headers: { authorization: `Bearer ${token.access_token}` },
  })
  expect(asked.status).toBe(404)
  await world.close()
})
