import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../bin/config.ts'
import { judge, type Keys } from '../bin/judge.ts'
import { limitRounds, startRight, usualRounds } from '../bin/reference.ts'
import { startWorld, type World } from '../bin/world.ts'
import { dialectIds, holdsUnder, type mutants, requirementsOf, runConformance, selfTest } from '../conformance/index.ts'
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
const only: Readonly<Record<string, string>> = {
  'esim-profile-management@0.1.0-rc.1': elsewhere,
  'esim-profile-management@0.1.0-rc.2':
    '@req:download/eid-only or @req:identifiers/pair-must-match or @req:enable/enables',
  'esim-remote-management@wip': elsewhere,
}
const judgedHere = dialectIds.filter((id) => id !== 'esim-management@0.1')

test.each(judgedHere)('the reference provider passes the suite of %s', { timeout: 600_000 }, async (dialect) => {
  const tags = only[dialect] ?? ''
  const { verdict, report } = await judge(config, { doors: world.doors, keys }, { dialect, tags })
  const bad = report.scenarios.filter((scenario) => scenario.verdict !== 'pass' && scenario.verdict !== 'off')
  expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
  expect(verdict).toBe('pass')
})

/** Those of rc.2 are those of rc.1 but for what a download names. */
const onlyOf = (dialect: string) => {
  const elsewhere = new Set(
    dialect.endsWith('rc.1') ? requirementsOf('esim-profile-management@0.1.0-rc.2').map(({ id }) => id) : [],
  )
  return ({ breaks }: (typeof mutants)[number]): boolean => !elsewhere.has(breaks)
}

test.each(usualRounds.filter(({ dialect }) => dialect !== 'esim-management@0.1'))(
  'every wrong provider of $dialect is caught',
  { timeout: 900_000 },
  async ({ dialect, only }) => {
    const isOwn = onlyOf(dialect)
    const { right, close } = await startRight({ flags: {}, dialect })
    const { catches, off } = await selfTest({
      over: right,
      fairness: false,
      only: (mutant) => only(mutant) && isOwn(mutant),
    }).finally(close)
    expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
    expect(off.filter(({ breaks }) => holdsUnder(requirement(dialect, breaks), right.ics))).toEqual([])
    expect(catches).not.toEqual([])
  },
)

const requirement = (dialect: string, wanted: string) => requirementsOf(dialect).find(({ id }) => id === wanted) ?? {}

// side by side: most of it is waiting
test.concurrent.each(limitRounds)(
  'limits that $dialect may declare hold, and have been seen to break',
  { timeout: 600_000 },
  async (round) => {
    const { right, close } = await startRight(round)
    try {
      const tags = '@needs:operation-time-limit or @needs:operation-retention'
      const { report } = await runConformance({ ...right, dialect: round.dialect, tags })
      expect(report.scenarios.map(({ verdict, mismatches }) => ({ verdict, mismatches }))).toEqual(
        report.scenarios.map(() => ({ verdict: 'pass', mismatches: [] })),
      )
      const { catches } = await selfTest({ over: right, fairness: false, only: round.only })
      expect(catches.filter(({ caught }) => !caught).map(({ mutant, by }) => ({ id: mutant.id, by }))).toEqual([])
      expect(catches).not.toEqual([])
    } finally {
      await close()
    }
  },
)
