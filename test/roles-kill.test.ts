import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Postgres, postgres } from '../provider/testing/postgres-process.ts'
import { soakRoles } from './kill/roles-soak.ts'

/** Of each role. A few here; `npm run soak:kill -- --times 100 --seed S` for many. */
const kills = Number(process.env['KILL_TIMES'] ?? 3)
const seed = process.env['KILL_SEED'] ?? 'every day'
/** Bounds a hang: on a machine that does other things a kill of each role has taken a minute. */
const longMs = 600_000 + kills * 300_000

const judge = ({ packages, contradictions }: Awaited<ReturnType<typeof soakRoles>>) => {
  if (process.env['KILL_TIMES'])
    process.stdout.write(`${JSON.stringify({ seed, kills, packages, contradictions: contradictions.length })}\n`)
  expect(contradictions).toEqual([])
  expect(packages).toBeGreaterThan(kills)
}

test(
  'an IPA and an eIM with its database in the process, both killed at any moment: each package is executed once, its result verified',
  async () => judge(await soakRoles({ kills, seed, eims: 1, storage: (folder) => ({ kind: 'embedded', folder }) })),
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

    test(
      'so is it with two eIMs behind one address',
      async () => {
        const url = await server.database()
        judge(await soakRoles({ kills, seed, eims: 2, storage: () => ({ kind: 'postgres', url }) }))
      },
      longMs,
    )
  },
)
