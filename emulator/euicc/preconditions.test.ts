/**
 * Order is behaviour: for each pair of neighbours in a table of preconditions there is a case that fails both and gets the refusal of the first.
 * The cases stand beside their functions. They run here once more, with every look at a table noted.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { RefusalRow } from './check.ts'
import { functions } from './commands/index.ts'
import { ecoOperations } from './packages/eco.ts'
import { psmoOperations } from './packages/psmo.ts'
import './install/failures.test.ts'
import './packages/eco.test.ts'
import './packages/psmo.test.ts'
import './consumer.test.ts'
import './v1-0-1.test.ts'

type Table = readonly { readonly id: string }[]

/** By their ids: what failed first, together with its neighbour. */
const met = vi.hoisted(() => new Set<string>())

vi.mock('./check.ts', async (original) => {
  const real = await original<typeof import('./check.ts')>()
  const firstFailing: typeof real.firstFailing = (checks, facts) => {
    const found = real.firstFailing(checks, facts)
    const next = found && checks[checks.indexOf(found) + 1]
    if (next && !holds(() => next.holds(facts))) met.add(`${checks.map(({ id }) => id).join()} ${found.id}`)
    return found
  }
  return { ...real, firstFailing }
})

/** A row may take for granted what the row before it says; then it does not count as failed. */
function holds(look: () => boolean): boolean {
  try {
    return look()
  } catch {
    return true
  }
}

const room = import.meta.dirname

for (const name of readdirSync(join(room, 'commands')).filter((name) => name.endsWith('.test.ts')))
  await import(join(room, 'commands', name))

/** The tables of ES8+ stand in the sources of their commands. */
const installTables: readonly (readonly [string, Table])[] = readdirSync(join(room, 'install'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => {
    const text = readFileSync(join(room, 'install', name), 'utf8')
    return [name.replace('.ts', ''), [...text.matchAll(/\bid: '([\w-]+)'/g)].map(([, id = '']) => ({ id }))]
  })

const operationTables = Object.entries({ ...psmoOperations, ...ecoOperations }).map(
  ([name, { checks }]): readonly [string, readonly RefusalRow[]] => [name, checks],
)

const functionTables = Object.values(functions).flatMap((table) =>
  [...table.values()].map(({ name, checks }): readonly [string, readonly RefusalRow[]] => [name, checks]),
)

const noProfile = 'a profile that does not exist has no state'
const oneReason = 'a certificate is refused for one reason, and one that is refused has no role and no curve'

/** Pairs of which the one excludes the other. */
const exclusive: Readonly<Record<string, string>> = {
  'AuthenticateServer: server-certificate-valid, server-role': oneReason,
  'AuthenticateServer: server-role, server-curve': oneReason,
  'PrepareDownload: dp-certificate-valid, dp-curve': oneReason,
  'EnableProfile: profile-exists, profile-disabled': noProfile,
  'EnableEmergencyProfile: emergency-profile-exists, emergency-profile-disabled': noProfile,
  'enable: profile-exists, profile-disabled': noProfile,
  'enable: profile-disabled, profile-to-roll-back-to': 'the enabled profile is one to roll back to',
  'enable: profile-to-roll-back-to, disabling-allowed': 'without an enabled profile no policy rule forbids disabling',
  'delete: profile-disabled, not-the-rollback-profile': 'a profile to roll back to is disabled',
  'delete: not-the-rollback-profile, not-the-profile-before-fallback': 'enabling forgets the profile before fallback',
  'unsetFallbackAttribute: fallback-attribute-set, fallback-profile-disabled':
    'without the attribute no profile has it',
  'updateEim: token-absent, something-to-update': 'a token is something to update',
  'updateEim: something-to-update, key-readable': 'a key is something to update',
}

/** AddInitialEim looks at the rows of addEim behind one of its own. */
const isMet = (ids: readonly string[], at: number): boolean =>
  ids.some((_, from) => from <= at && met.has(`${ids.slice(from).join()} ${ids[at]}`))

test('every pair of neighbours has a case that fails both, unless the one excludes the other', () => {
  const pairs = [...functionTables, ...operationTables, ...installTables].flatMap(([unit, table]) => {
    const ids = table.map(({ id }) => id)
    return ids.slice(1).map((next, i) => ({ pair: `${unit}: ${ids[i]}, ${next}`, isMet: isMet(ids, i) }))
  })
  const open = new Set(pairs.filter(({ isMet }) => !isMet).map(({ pair }) => pair))
  expect([...open].filter((pair) => !(pair in exclusive))).toEqual([])
  expect(Object.keys(exclusive).filter((pair) => !open.has(pair))).toEqual([])
})
