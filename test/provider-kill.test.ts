import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Postgres, postgres } from '../provider/testing/postgres-process.ts'
import { soak } from './kill/soak.ts'

/** A few here; `npm run soak:kill -- --times 100 --seed S` for many. */
const kills = Number(process.env['KILL_TIMES'] ?? 3)
const seed = process.env['KILL_SEED'] ?? 'every day'
const longMs = 120_000 + kills * 20_000

const judge = ({ accepted, contradictions, ...counted }: Awaited<ReturnType<typeof soak>>) => {
  if (process.env['KILL_TIMES'])
    process.stdout.write(`${JSON.stringify({ seed, accepted, ...counted, contradictions: contradictions.length })}\n`)
  expect(contradictions).toEqual([])
  expect(accepted).toBeGreaterThan(kills)
}

test(
  'a provider with its database in the process, killed at any moment, completes every accepted operation exactly once and tells it',
  async () => {
    const outcome = await soak({ kills, seed, instances: 1, storage: (folder) => ({ kind: 'embedded', folder }) })
    judge(outcome)
  },
  longMs,
)

describe.skipIf(postgres.kind === 'absent')(
  'on PostgreSQL (run where a server is installed, or at DATABASE_URL)',
  () => {
    let server: Postgres
    beforeAll(async () => {
      if (postgres.kind === 'absent') throw new Error(postgres.why)
      server = await postgres.start()
    })
    afterAll(() => server.close())

    test.each(process.env['KILL_TIMES'] ? [1, 2] : [2])(
      'so does a provider of %i instances',
      async (instances) => {
        const url = await server.database()
        const outcome = await soak({
          kills,
          seed,
          instances,
          storage: () => ({ kind: 'postgres', url, leaseMs: 1500 }),
        })
        judge(outcome)
      },
      longMs,
    )
  },
)
