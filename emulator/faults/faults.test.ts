import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { TraceEntry } from '../ports/index.ts'
import { createFaults, faultCatalogue, faultNames, readScenario } from './index.ts'

const A = '89049032000000000000000000000018'
const B = '89049032000000000000000000000026'

function faultsOn() {
  const entries: TraceEntry[] = []
  const trace = {
    record: (entry: TraceEntry) => void entries.push(entry),
    last: () => entries.length,
  }
  const faults = createFaults({ clock: { now: () => 0 }, trace, seed: 5 })
  /** Which of so many requests of a device are struck. */
  const strikes = (eid: string, requests: number, operation = 'GetEimPackage') =>
    Array.from({ length: requests }, () => faults.strike('server', { interface: 'ESipa', operation, eid }).length)
  return { faults, entries, strikes }
}

test('nothing is armed at the start, and nothing is struck', () => {
  const { faults, strikes } = faultsOn()
  expect(faults.isArmed('server')).toBe(false)
  expect(strikes(A, 3)).toEqual([0, 0, 0])
})

test('a plan counts the messages of each device for itself', () => {
  const { faults, strikes } = faultsOn()
  faults.on({ fault: 'eim/status', when: { nth: 2, count: 2 } })
  expect(strikes(A, 5)).toEqual([0, 1, 1, 0, 0])
  expect(strikes(B, 3)).toEqual([0, 1, 1])
})

test('a plan for one device leaves the others alone, and messages that are nobody\u2019s', () => {
  const { faults, strikes } = faultsOn()
  faults.on({ fault: 'eim/status', devices: [A] })
  expect([strikes(A, 1), strikes(B, 1)]).toEqual([[1], [0]])
  expect(faults.strike('server', { interface: 'ESipa', operation: 'GetEimPackage' })).toEqual([])
})

test('a plan may choose among the messages of a fault, and is refused when it leaves them', () => {
  const { faults, strikes } = faultsOn()
  faults.on({ fault: 'eim/status', message: 'ESipa.GetEimPackage' })
  expect([strikes(A, 1), strikes(A, 1, 'HandleNotification')]).toEqual([[1], [0]])
  expect(faults.on({ fault: 'eim/status', message: 'ES9+.AuthenticateClient' })).toBe(
    'eim/status is for ESipa.*, not for ES9+.AuthenticateClient.',
  )
})

test('chance strikes the same messages for the same seed, however devices interleave', () => {
  const run = (seed: number, order: readonly string[]) => {
    const { faults, strikes } = faultsOn()
    faults.on({ fault: 'network/delay', when: { chance: 0.4 }, seed })
    const struck: Record<string, number[]> = { [A]: [], [B]: [] }
    for (const eid of order) struck[eid]?.push(...strikes(eid, 1))
    return struck
  }
  const inTurn = Array.from({ length: 40 }, (_, i) => (i % 2 ? A : B))
  const first = run(1, inTurn)
  expect(first[A]).toContain(1)
  expect(first[A]).toContain(0)
  expect(run(1, inTurn.toSorted())).toEqual(first)
  expect(run(2, inTurn)).not.toEqual(first)
})

test('the report says what was injected, with which seed, and where it is in the trace', () => {
  const { faults, entries, strikes } = faultsOn()
  const active = faults.on({ fault: 'eim/status', parameters: { status: 502 } })
  strikes(A, 1)
  expect(active).toMatchObject({ id: 'f1', parameters: { status: 502 }, seed: 5, strikes: 0 })
  expect(faults.active()).toMatchObject([{ id: 'f1', strikes: 1 }])
  expect(faults.report()).toEqual([
    {
      index: 1,
      at: '1970-01-01T00:00:00.000Z',
      fault: 'eim/status',
      id: 'f1',
      seed: 5,
      parameters: { status: 502 },
      place: 'eIM',
      message: 'ESipa.GetEimPackage',
      occurrence: 1,
      eid: A,
      traceIndex: 1,
    },
  ])
  expect(entries).toMatchObject([
    { interface: 'ESipa', from: 'fault', operation: 'GetEimPackage', status: 'eim/status' },
  ])
  expect(faults.report(1)).toEqual([])
})

test('faults go one by one, with their device, or all at once; the report stays', () => {
  const { faults, strikes } = faultsOn()
  faults.on({ fault: 'eim/status', devices: [A, B] })
  faults.on({ fault: 'eim/garbage', devices: [A] })
  faults.on({ fault: 'network/delay' })
  strikes(A, 1)
  faults.clear(A)
  expect(faults.active().map(({ fault, devices }) => [fault, devices])).toEqual([
    ['eim/status', [B]],
    ['network/delay', undefined],
  ])
  expect([faults.off('f3'), faults.off('f3')]).toEqual([true, false])
  faults.clear()
  expect(faults.active()).toEqual([])
  expect(faults.isArmed('server')).toBe(false)
  expect(faults.report()).toHaveLength(3)
})

test.each([
  ['card/cat-busi', {}, 'There is no fault card/cat-busi'],
  ['card/power-loss', { executd: true }, 'card/power-loss: the parameter executd is not known.'],
  ['eim/status', { status: 200 }, 'eim/status: the parameter status must be >= 400.'],
  ['eim/status', { status: '500' }, 'eim/status: the parameter status must be integer.'],
])('%s with %j is refused: %s', (fault, parameters, reason) => {
  expect(faultsOn().faults.on({ fault, parameters })).toContain(reason)
})

test('every row says enough: a place, parameters whose defaults fit, an outcome in words, a source', () => {
  const { faults } = faultsOn()
  expect(faultNames.length).toBeGreaterThanOrEqual(30)
  expect(new Set(Object.values(faultCatalogue).map(({ place }) => place.hop)).size).toBe(5)
  for (const [name, row] of Object.entries(faultCatalogue)) {
    expect(name).toMatch(/^(card|ipa|eim|smdp|network)\/[a-z0-9-]+$/)
    expect(faults.on({ fault: name })).toMatchObject({ fault: name })
    for (const text of [row.summary, row.outcome.sentence]) expect(text, name).toMatch(/^[A-Z].*\.$/)
    expect(row.source.length, name).toBeGreaterThan(5)
    if (row.outcome.shows === 'failed') expect(row.outcome.code, name).toMatch(/^ESIM_/)
  }
})

const folder = 'fixtures/scenarios'

test.each(readdirSync(folder))('the scenario %s can be read', (file) => {
  expect(readScenario(parse(readFileSync(`${folder}/${file}`, 'utf8')))).toMatchObject({ faults: expect.any(Array) })
})

test.each([
  [{ faults: [], sede: 1 }, 'the scenario has the unknown key sede.'],
  [{ faults: [{ fault: 'eim/status', wen: {} }] }, 'faults.0 has the unknown key wen.'],
  [{ faults: [{ fault: 'nothing' }] }, 'faults.0.fault must be equal to one of the allowed values: card/cat-busy'],
  [
    { faults: [{ fault: 'eim/status', parameters: { status: 1 } }] },
    'eim/status: the parameter status must be >= 400.',
  ],
  [{}, "the scenario must have required property 'faults'."],
])('the scenario %j is refused: %s', (scenario, reason) => {
  expect(readScenario(scenario)).toContain(reason)
})

test('the report has the latest strikes, as many as are kept', () => {
  const trace = { record: () => {}, last: () => 0 }
  const faults = createFaults({ clock: { now: () => 0 }, trace, keptStrikes: 2 })
  faults.on({ fault: 'eim/status' })
  for (let i = 0; i < 3; i++) faults.strike('server', { interface: 'ESipa', operation: 'GetEimPackage', eid: A })
  expect(faults.report().map(({ index }) => index)).toEqual([2, 3])
})
