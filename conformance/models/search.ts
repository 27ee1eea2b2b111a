/** Random sequences, shrunk to the smallest that fails. */
import fc from 'fast-check'
import type { Dialect } from '../dialects/dialect.ts'
import type { Mismatch } from '../scenario/mismatch.ts'
import type { Scenario } from '../scenario/model.ts'
import type { Call } from './esims.ts'
import { type Batch, curlScript } from './script.ts'
import { shrunk } from './shrunk.ts'
import { shape, tryOut } from './trial.ts'

const esim = fc.constantFrom('A', 'B')
const anyCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ operation: fc.constantFrom('enable', 'disable'), esim }) },
  { weight: 2, arbitrary: fc.record({ operation: fc.constantFrom('set-fallback', 'delete'), esim }) },
  {
    weight: 1,
    arbitrary: fc.record({ operation: fc.constantFrom('download', 'enable', 'delete'), esim: fc.constant('N') }),
  },
)
/** Only of what the dialect has. */
const callsOf = ({ routes }: Dialect): fc.Arbitrary<Call> => {
  const started = new Set(Object.values(routes).map(({ starts }) => starts))
  return anyCall.filter(({ operation }) => started.has(operation))
}

const batchOf = (dialect: Dialect) => fc.array(callsOf(dialect), { minLength: 1, maxLength: 3 })

export interface Found {
  readonly mismatches: readonly Mismatch[]
  /** Reproduces the smallest sequence that failed. */
  readonly script: string
  readonly world: Scenario
}

interface Search {
  readonly runs: number
  readonly batches: number
}

/** The smallest sequence that the model does not explain; nothing when it explains all. */
export async function search(scenario: Scenario, { runs, batches }: Search): Promise<Found | undefined> {
  const { session } = scenario
  let trials = 0
  let latest: Scenario | undefined
  const fails = async (sequence: readonly Batch[]): Promise<boolean> => {
    const world = await tryOut(scenario, sequence, `${++trials}`)
    if (world.mismatches.length > 0) latest = world
    return world.mismatches.length > 0
  }
  const sequences = fc.array(batchOf(session.dialect), { minLength: 1, maxLength: batches })
  const { counterexample } = await fc.check(
    fc.asyncProperty(sequences, async (sequence) => !(await fails(sequence))),
    { seed: session.seed | 0, numRuns: runs, endOnFailure: true },
  )
  if (counterexample === null) return undefined
  const end = session.clock.now() + LONGEST_MS
  const stillFails = async (smaller: readonly Batch[]) => session.clock.now() < end && fails(smaller)
  const smallest = await shrunk(counterexample[0], stillFails)
  if (latest === undefined) throw new Error('a sequence failed, and nothing was wrong')
  return { mismatches: latest.mismatches, world: latest, script: scriptOf(scenario, smallest, `seed ${session.seed}`) }
}

/** A smaller sequence is a courtesy: the search for it ends. */
const LONGEST_MS = 60_000

/** One sequence as it is written; nothing when the model explains it. */
export async function trial(scenario: Scenario, sequence: readonly Batch[]): Promise<Found | undefined> {
  const world = await tryOut(scenario, sequence, 'trial')
  if (world.mismatches.length === 0) return undefined
  return { mismatches: world.mismatches, world, script: scriptOf(scenario, sequence, `seed ${scenario.session.seed}`) }
}

const scriptOf = ({ session }: Scenario, sequence: readonly Batch[], seed: string): string =>
  curlScript(sequence, {
    dialect: session.dialect,
    target: session.target,
    testbed: session.testbed.url,
    issuer: session.authorization.issuer,
    seed,
    lease: {
      owner: session.authorization.owners.own,
      profiles: shape.profiles.map((profile) => profile.shape),
      orders: shape.orders.map((order) => order.shape),
    },
    paths: {
      A: '.profiles[0]',
      B: '.profiles[1]',
      ...(session.dialect.abilities.includes('activation-code') && { N: '.orders[0]' }),
    },
  })
