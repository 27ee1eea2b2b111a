import { expect, test } from 'vitest'
import type { CheckResult, FaultRow } from '../api/contract.ts'
import { bodyFor } from './api-call.ts'
import { afterNews, byVerdict, countsOf, placeOf } from './conformance.ts'
import { toEntry } from './entry.ts'
import { faultsByHop, isForSeveral, messagesFor, nothingWanted, switchOn, wantedOf } from './faults.ts'
import { createHaystack } from './haystack.ts'

const fault: FaultRow = {
  fault: 'smdp/corrupt-signature',
  hop: 'SM-DP+',
  message: 'ES9+.InitiateAuthentication',
  summary: 'Flip one bit.',
  parameters: {
    properties: {
      bit: { type: 'integer', default: 0, description: '' },
      twice: { type: 'boolean', default: false, description: '' },
      text: { type: 'string', default: 'x', description: '' },
    },
  },
  outcome: { procedure: 'download', shows: 'failed', sentence: '' },
}
const other: FaultRow = { ...fault, fault: 'card/busy', hop: 'card', summary: 'It has no time.' }

test('faults are found by their words, and stand by hop', () => {
  expect(faultsByHop([fault, other], '').map(([hop, rows]) => [hop, rows.length])).toEqual([
    ['SM-DP+', 1],
    ['card', 1],
  ])
  expect(faultsByHop([fault, other], 'FLIP smdp')).toEqual([['SM-DP+', [fault]]])
  expect(faultsByHop([fault, other], 'nothing')).toEqual([])
})

test('a fault is switched on with what differs from its defaults', () => {
  const plain = { ...nothingWanted, eid: '' }
  expect(switchOn(fault, plain)).toEqual({ method: 'POST', path: '/faults', body: { fault: fault.fault } })
  const values = { bit: '7', twice: 'true', text: 'x' }
  const wanted = { values, nth: '2', count: '1', chance: '0.5', seed: '7', message: 'ES9+.X' }
  expect(switchOn(fault, { ...wanted, eid: '89' }).body).toEqual({
    fault: fault.fault,
    parameters: { bit: 7, twice: true },
    devices: ['89'],
    message: 'ES9+.X',
    when: { nth: 2, count: 1, chance: 0.5 },
    seed: 7,
  })
  const on = { id: '1', fault: fault.fault, message: 'ES9+.X', since: '', strikes: 0 }
  const active = {
    ...on,
    parameters: { bit: 7, twice: true, text: 'x' },
    when: { nth: 2, count: 1, chance: 0.5 },
    seed: 7,
  }
  expect(wantedOf(active, fault)).toEqual(wanted)
  expect(
    wantedOf({ ...on, parameters: {}, when: { nth: 1, chance: 1 }, message: fault.message, seed: 0 }, fault),
  ).toEqual(nothingWanted)
})

test('a fault that is for several messages is narrowed to one that was seen', () => {
  const seen = [
    { interface: 'ES9+', operation: 'GetBoundProfilePackage' },
    { interface: 'ES10', operation: 'SELECT ISD-R' },
    { interface: 'ES10', operation: 'GetEID' },
    { interface: 'API', operation: 'POST /esim/enable' },
  ]
  const all = { ...fault, message: '*' }
  expect([isForSeveral(fault), isForSeveral(all)]).toEqual([false, true])
  expect(messagesFor(all, seen)).toEqual(['ES10.GetEID', 'ES9+.GetBoundProfilePackage'])
  expect(messagesFor({ ...fault, message: 'ES9+.*' }, seen)).toEqual(['ES9+.GetBoundProfilePackage'])
})

test('a strike stands where it was done and is no trouble of its own', () => {
  const data = {
    index: 1,
    at: '2026-01-01T00:00:00.000Z',
    interface: 'ES9+',
    from: 'fault',
    to: 'SM-DP+',
    operation: 'InitiateAuthentication',
    status: fault.fault,
  }
  expect(toEntry({ id: 1, event: 'message', data }, createHaystack())).toMatchObject({
    interface: 'fault',
    from: 'SM-DP+',
    to: 'SM-DP+',
    operation: fault.fault,
    trouble: '',
  })
})

const check = (name: string, verdict: CheckResult['verdict'], more: Partial<CheckResult> = {}): CheckResult => ({
  ...{
    name,
    feature: '',
    claims: [],
    verdict,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1000,
    mismatches: [],
    eids: [],
  },
  ...more,
})

test('a conformance run grows with its news', () => {
  const begun = afterNews(undefined, { state: 'running', startedAt: 'now' })
  const grown = afterNews(begun, { state: 'running', total: 2, result: check('a', 'pass') })
  expect(grown).toMatchObject({ state: 'running', total: 2, results: [{ name: 'a' }] })
  expect(afterNews(grown, { state: 'ended', verdict: 'pass' })).toMatchObject({
    state: 'ended',
    verdict: 'pass',
    total: 2,
  })
  expect(afterNews(undefined, { state: 'ended' })).toBeUndefined()
})

test('what is bad stands first', () => {
  const results = [check('a', 'off'), check('b', 'pass'), check('c', 'fail'), check('d', 'pass')]
  expect(byVerdict(results).map(({ name }) => name)).toEqual(['c', 'b', 'd', 'a'])
  expect(countsOf(results)).toEqual([
    ['fail', 1],
    ['pass', 2],
    ['off', 1],
  ])
})

test('a check is found in the timeline by its time and its devices', () => {
  const entry = (id: number, at: string, eid: string, status = '9000') =>
    toEntry(
      {
        id,
        event: 'message',
        data: { index: id, at, eid, interface: 'ES10', from: 'eUICC', to: 'IPA', operation: 'x', status },
      },
      createHaystack(),
    )
  const entries = [
    entry(1, '2026-01-01T00:00:00.100Z', 'A', '6985'),
    entry(2, '2026-01-01T00:00:00.200Z', 'B', '6985'),
    entry(3, '2026-01-01T00:00:00.300Z', 'B'),
    entry(4, '2026-01-01T00:00:09.000Z', 'B', '6985'),
  ].filter((row) => row !== undefined)
  expect(placeOf(check('a', 'fail', { eids: ['B'] }), entries)?.id).toBe(2)
  expect(placeOf(check('a', 'fail'), entries)?.id).toBe(1)
  expect(placeOf(check('a', 'fail', { eids: ['C'] }), entries)).toBeUndefined()
})

test('the body of a call begins with the identifiers of the chosen device', () => {
  const row = { eid: 'E', owner: 'acme', reachable: true, sequence: 1, iccids: ['1', '2'], enabled: '1', waiting: 0 }
  const example = { esim: { eid: 'x', iccid: 'y' }, list: ['z'], sink: 's' }
  expect(bodyFor(example, row)).toEqual({ esim: { eid: 'E', iccid: '2' }, list: ['z'], sink: 's' })
  expect(bodyFor(example, undefined)).toBe(example)
})
