import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabaseStore } from '../emulator/eim/index.ts'
import { type Bench, createBench, EID, told } from '../emulator/eim/testing/bench.ts'
import { B, enabled, infoA, infoB } from '../emulator/eim/testing/profiles.ts'
import type { StreamEvent } from '../emulator/rest/index.ts'
import { openDatabase } from '../provider/index.ts'
import { type Postgres, postgres } from '../provider/testing/postgres-process.ts'

describe.skipIf(postgres.kind === 'absent')(
  'two eIMs on one PostgreSQL (run where a server is installed, or at DATABASE_URL)',
  () => {
    let server: Postgres
    const closers: (() => Promise<void>)[] = []
    let one: Bench
    let other: Bench

    beforeAll(async () => {
      if (postgres.kind === 'absent') throw new Error(postgres.why)
      server = await postgres.start()
      const url = await server.database()
      const open = async () => {
        const database = await openDatabase({ kind: 'postgres', url })
        const kept = await openDatabaseStore(database)
        closers.push(async () => {
          await kept.close()
          await database.close()
        })
        return createBench({ kept })
      }
      one = await told(await open(), infoA, infoB)
      other = await open()
    }, 120_000)
    afterAll(async () => {
      for (const close of closers) await close()
      await server?.close()
    })

    /** When this one has heard of an event of a package. */
    const hears = ({ eim: { events } }: Bench, packageId: string, state: string) =>
      new Promise<void>((resolve) => {
        const look = ({ event, data }: StreamEvent) => {
          const found = data as { packageId?: string; state?: string }
          if (event === 'package' && found.packageId === packageId && found.state === state) resolve()
        }
        events.subscribe(look)
        events.since(0).forEach(look)
      })
    const textOf = async (bench: Bench, after: number): Promise<string> =>
      (await bench.ask('GET', '/events', undefined, { 'last-event-id': String(after) })).body

    test('what is queued at one is fetched at the other and answered at the first; both tell the same events, resumable at either', async () => {
      const ordered = await one.order({ psmo: [{ enable: { iccid: B } }] })
      const request = await other.fetchPackage()
      expect(request.euiccPackageSigned.value.eimTransactionId).toBe(ordered.eimTransactionId)
      await one.provide(one.epr(request, [enabled]))
      expect(await other.package(ordered)).toMatchObject({ state: 'done', result: { verified: true } })
      await Promise.all([one, other].map((bench) => hears(bench, ordered.packageId, 'done')))
      const [whole, again] = [await textOf(one, 0), await textOf(other, 0)]
      expect(again).toBe(whole)
      const ids = [...whole.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
      expect(ids).toEqual(ids.map((_, index) => index + 1))
      for (const after of ids) expect(await textOf(other, after)).toBe(await textOf(one, after))
    })

    test('polls at both at once are handed the same octets, results at both at once are taken once, and then comes the next package', async () => {
      const [first, second] = [
        await one.order({ psmo: [{ disable: { iccid: B } }] }),
        await other.order({ psmo: [{ enable: { iccid: B } }] }),
      ]
      const requests = await Promise.all([one, other, one, other].map((bench) => bench.fetchPackage()))
      expect(new Set(requests.map(({ eimSignature }) => Buffer.from(eimSignature).toString('hex'))).size).toBe(1)
      const [request] = requests
      if (!request) throw new Error('nothing was handed out')
      const result = one.epr(request, [{ kind: 'disableResult', value: 'ok' }])
      const acknowledged = await Promise.all([one, other].map((bench) => bench.provide(result)))
      expect(acknowledged[0]).toEqual(acknowledged[1])
      await hears(other, first.packageId, 'done')
      const told = (await textOf(other, 0)).split('\n').filter((line) => line.includes(`"${first.packageId}"`))
      expect(told.filter((line) => line.includes('"state":"done"'))).toHaveLength(1)
      const next = (await other.fetchPackage()).euiccPackageSigned.value
      expect(next).toMatchObject({
        eidValue: EID,
        eimTransactionId: second.eimTransactionId,
        counterValue: request.euiccPackageSigned.value.counterValue + 1,
      })
    })

    test('an idempotency key that was used at one orders nothing at the other', async () => {
      const ask = (bench: Bench) =>
        bench.ask('POST', `/euiccs/${EID}/packages`, { psmo: [{ getRAT: {} }] }, { 'idempotency-key': 'same' })
      const [a, b] = await Promise.all([ask(one), ask(other)])
      expect(a?.body.packageId).toBe(b?.body.packageId)
    })
  },
)
