import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { judge, type Keys } from '../bin/judge.ts'
import { startWorld, type World } from '../bin/world.ts'
import { newSigningKey } from '../provider/index.ts'

/** The reference provider is judged in every dialect but the one that `npm start` judges: over the real stack, as `up` starts it. */
const ports = [
  ...['control.port', 'eim.esipaPort', 'eim.northboundPort', 'eim.onomondoPort', 'smdp.port', 'smds.port'],
  ...['provider.port', 'authorization.port'],
]
const config = readConfig({
  flags: { ...Object.fromEntries(ports.map((port) => [port, 0])), 'devices.count': 0, 'log.level': 'silent' },
})
const keys: Keys = { signingKey: newSigningKey() }

let world: World
beforeAll(async () => {
  world = await startWorld(config, keys)
})
afterAll(() => world.close())

test.each([
  'esim-profile-management@0.1.0-rc.1',
  'esim-profile-management@0.1.0-rc.2',
  'esim-remote-management@wip',
  'esim-profile-management-subscriptions@wip',
])('the reference provider passes the suite of %s', { timeout: 300_000 }, async (dialect) => {
  const { verdict, report } = await judge(config, { doors: world.doors, keys }, { dialect })
  const bad = report.scenarios.filter((scenario) => scenario.verdict !== 'pass' && scenario.verdict !== 'off')
  expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
  expect(verdict).toBe('pass')
})
