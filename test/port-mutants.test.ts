/** Wrong providers whose layer is at their port to the platform: the reference provider over the whole stack, with something between it and its eIM. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { startWorld } from '../bin/world.ts'
import { hasty, huntAtPort, startPortProxy } from '../conformance/index.ts'
import { eidRange } from '../emulator/testbed/index.ts'
import { createLogger, newSigningKey, scopesOf, startAuthorizationServer, startProvider } from '../provider/index.ts'
import { ephemeral } from './testing/judged-world.ts'

const dialect = 'esim-management@0.1'
const audience = 'https://provider.testbed.example'
const tenants = ['acme', 'globex'] as const

async function startOverPort() {
  const flags = { ...ephemeral, 'provider.enabled': false, 'devices.count': 0, 'log.level': 'error' }
  const world = await startWorld(readConfig({ flags }))
  const port = await startPortProxy(String(world.doors['eimNorthbound']))
  const signingKey = newSigningKey()
  const clients = tenants.map((tenant) => ({
    clientId: tenant,
    clientSecret: `${tenant}-secret`,
    scopes: scopesOf([dialect]),
  }))
  const issuer = await startAuthorizationServer({ port: 0, audience, tokenTtl: 3600, clients }, signingKey)
  const provider = await startProvider({
    port: 0,
    issuer: issuer.url,
    audience,
    rsp: { kind: 'eim', url: port.url },
    tenants: tenants.map((tenant) => ({ clientId: tenant, tenant })),
    deviceOwners: tenants.map((tenant) => {
      const { from, to } = eidRange(tenant)
      return { tenant, eidFrom: from, eidTo: to }
    }),
    dialects: { [dialect]: {} },
    logger: createLogger('error'),
    sinks: { allowHttp: true, allowPrivateAddresses: true, timeoutMs: 5000, retry: { initialMs: 200 } },
  })
  const clientOf = (id: string) => ({ id, secret: `${id}-secret` })
  return {
    port,
    right: {
      target: provider.url,
      testbed: String(world.doors['console']),
      authorization: { issuer: issuer.url, client: clientOf('acme'), otherClient: clientOf('globex'), signingKey },
      ics: hasty,
    },
    async close() {
      await provider.close()
      await issuer.close()
      await port.close()
      await world.close()
    },
  }
}

let stack: Awaited<ReturnType<typeof startOverPort>>
beforeAll(async () => {
  stack = await startOverPort()
})
afterAll(() => stack.close())

test('each is caught by the requirement that it breaks', async () => {
  const catches = await huntAtPort(stack.right, stack.port.wear)
  expect(catches.length).toBeGreaterThanOrEqual(8)
  expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
}, 600_000)
