import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { judge, type Keys } from '../bin/judge.ts'
import { startWorld, type World } from '../bin/world.ts'
import { completeIcs, selfTest } from '../conformance/index.ts'
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

/** Tokens and broken JSON are one door for all dialects, and rc.2 is rc.1 but for a few words: what is asked once is not asked again. */
const elsewhere = 'not (@req:authorization/token-genuine or @req:errors/malformed-json)'
const suites = [
  ['esim-profile-management@0.1.0-rc.1', elsewhere],
  [
    'esim-profile-management@0.1.0-rc.2',
    '@req:download/eid-only or @req:identifiers/pair-must-match or @req:enable/enables',
  ],
  ['esim-remote-management@wip', elsewhere],
  ['esim-profile-management-subscriptions@wip', ''],
] as const

test.each(suites)('the reference provider passes the suite of %s', { timeout: 600_000 }, async (dialect, tags) => {
  const { verdict, report } = await judge(config, { doors: world.doors, keys }, { dialect, tags })
  const bad = report.scenarios.filter((scenario) => scenario.verdict !== 'pass' && scenario.verdict !== 'off')
  expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
  expect(verdict).toBe('pass')
})

const client = (tenant: string) => {
  const found = config.authorization.clients.find((one) => one.tenant === tenant)
  return { id: found?.clientId ?? '', secret: found?.clientSecret ?? '' }
}

test.each([
  'esim-profile-management@0.1.0-rc.2',
  'esim-remote-management@wip',
  'esim-profile-management-subscriptions@wip',
])('every wrong provider of %s is caught', { timeout: 900_000 }, async (dialect) => {
  const { catches } = await selfTest({
    over: {
      target: world.doors['provider'] ?? '',
      testbed: world.doors['console'] ?? '',
      authorization: {
        issuer: world.doors['authorization'] ?? '',
        client: client('acme'),
        otherClient: client('globex'),
        ...keys,
      },
      ics: completeIcs({ dialect, timeouts: { ...completeIcs({}).timeouts, eventSeconds: 10, redeliverySeconds: 10 } }),
    },
    fairness: false,
  })
  expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
  expect(catches.length).toBeGreaterThan(12)
})
