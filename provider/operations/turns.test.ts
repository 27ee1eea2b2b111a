import { EventEmitter, once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock, systemRandom, systemTimers } from '../clock-system.ts'
import { createLogger } from '../logger.ts'
import type { Database } from '../store/database.ts'
import { migrate } from '../store/migrations.ts'
import { openEmbeddedDatabase } from '../store/store-pglite.ts'
import { createTurns, type Turns } from './turns.ts'

/** Beats come every quarter of it; whether an instance is given up is decided by the tests alone. */
const leaseMs = 40
const [first, second] = ['89049032000000000000000000000001', '89049032000000000000000000000002']

let database: Database
const channel = new EventEmitter()
const started: Turns[] = []
beforeAll(async () => {
  const embedded = await openEmbeddedDatabase()
  await migrate(embedded)
  database = {
    ...embedded,
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      if (sql.startsWith('select pg_notify')) channel.emit('work', parameters[1])
      // Nobody dies of a slow machine.
      return embedded.query<Row>(
        sql.replace('< clock_timestamp()', "< clock_timestamp() - interval '1 hour'"),
        parameters,
      )
    },
    shared: {
      leaseMs,
      async listen(_channel, hear) {
        channel.on('work', hear)
        return async () => void channel.off('work', hear)
      },
    },
  }
})
beforeEach(async () => {
  for (const turns of started.splice(0)) await turns.close()
})
afterAll(async () => {
  for (const turns of started) await turns.close()
  await database.close()
})

const outside = { clock: systemClock, timers: systemTimers, random: systemRandom, logger: createLogger('silent') }
const start = async () => {
  const turns = createTurns(database, outside)
  started.push(turns)
  const told = new EventEmitter()
  const work: string[] = []
  await turns.start({
    onWork(eid) {
      work.push(eid)
      told.emit(eid)
    },
    onWaiting: (eid) => told.emit(`waiting ${eid}`),
    onChange: () => told.emit('change'),
  })
  return { turns, work, workOn: (eid: string) => once(told, eid), changed: () => once(told, 'change') }
}

test('an eUICC is kept by the instance that took it; another one that has work for it tells it', async () => {
  const [one, other] = [await start(), await start()]
  expect([await one.turns.take(first), await one.turns.take(first)]).toEqual([true, true])
  const told = one.workOn(first)
  expect(await other.turns.take(first)).toBe(false)
  await told
  expect([one.turns.has(first), other.turns.has(first), other.work]).toEqual([true, false, []])
})

test('one that leaves hands on what it had', async () => {
  const [one, other] = [await start(), await start()]
  await one.turns.take(first)
  await one.turns.close()
  expect(await other.turns.take(first)).toBe(true)
})

test('one that was given up while it slept forgets its turns before anything else, and looks at each eUICC anew', async () => {
  const [sleeper, other] = [await start(), await start()]
  await sleeper.turns.take(first)
  await sleeper.turns.take(second)
  const woken = Promise.all([sleeper.workOn(first), sleeper.workOn(second)])
  await database.query('delete from instance where instance = $1', [sleeper.turns.instance])
  expect(await other.turns.take(first)).toBe(true)
  await woken
  expect([sleeper.turns.has(first), sleeper.turns.has(second)]).toEqual([false, false])
  const told = other.workOn(first)
  expect(await sleeper.turns.take(first)).toBe(false)
  await told
  expect(await sleeper.turns.take(second)).toBe(true)
  await sleeper.changed()
  expect(sleeper.work).toEqual([first, second])
})
