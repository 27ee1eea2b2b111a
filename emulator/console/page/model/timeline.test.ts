import { expect, test } from 'vitest'
import type { Message } from '../api/contract.ts'
import { type Entry, laneOf, toEntry } from './entry.ts'
import { episodesOf } from './episodes.ts'
import { createHaystack } from './haystack.ts'
import { followed } from './operation.ts'
import { columnsOf } from './strip.ts'
import { createSelection, matcherOf, noFilter, positionOf, soloed, toggled } from './timeline.ts'

const EID = '89049032010000000000000000000138'
const haystack = createHaystack()
const read = (event: Parameters<typeof toEntry>[0]) => toEntry(event, haystack)
const message = (id: number, more: Partial<Message>): Entry =>
  read({
    id,
    event: 'message',
    data: {
      index: id,
      at: '2026-01-01T00:00:00.000Z',
      interface: 'ES10',
      from: 'IPA',
      to: 'eUICC',
      operation: 'GetEID',
      ...more,
    },
  }) as Entry

const run = [
  message(1, { interface: 'API', operation: 'POST /esim/enable', correlation: { 'x-correlator': 'c1' } }),
  message(2, {
    interface: 'API',
    operation: 'POST /esim/enable',
    status: '202',
    eid: EID,
    correlation: { 'x-correlator': 'c1', operationId: 'op1' },
  }),
  message(3, { interface: 'ESipa', operation: 'GetEimPackage', eid: 'other' }),
  message(4, { operation: 'LoadEuiccPackage', eid: EID }),
  message(5, { operation: 'LoadEuiccPackage', status: '6985', eid: EID }),
  message(6, { interface: 'event', operation: 'POST http://sink', eid: EID, correlation: { operationId: 'op1' } }),
  message(7, { operation: 'GetEID', eid: EID }),
]

const idsOf = (entries: readonly Entry[]) => entries.map(({ id }) => id)

test('a filter keeps what matches all of it', () => {
  const find = (filter: Partial<typeof noFilter>) => idsOf(run.filter(matcherOf({ ...noFilter, ...filter }, haystack)))
  expect(find({ eid: 'other' })).toEqual([3])
  expect(find({ hidden: ['ES10', 'event'] })).toEqual([1, 2, 3])
  expect(find({ onlyTrouble: true })).toEqual([5])
  expect(find({ text: 'ENABLE op1' })).toEqual([2])
})

test('a selection looks at what is new, and at everything again when known rows have changed', () => {
  const entries = run.slice(0, 5)
  const select = createSelection({ ...noFilter, onlyTrouble: true }, haystack)
  expect(idsOf(select(entries, 0).rows)).toEqual([5])
  expect(select(entries, 0)).toBe(select(entries, 0))
  const late = message(8, {})
  entries.push(late)
  expect(idsOf(select(entries, 0).rows)).toEqual([5])
  late.trouble = 'found later'
  expect(idsOf(select(entries, 1).rows)).toEqual([5, 8])
  expect(idsOf(select([...entries], 1).rows)).toEqual([5, 8])
  expect(select([], 1).rows).toEqual([])
})

test('an operation is followed from its POST to its event, with what its device did in between', () => {
  const [first] = run
  expect([...followed(run, first as Entry)].sort()).toEqual([1, 2, 4, 5, 6])
  expect([...followed(run, run[2] as Entry)]).toEqual([3])
})

test('a request that names nothing is followed by what its answer names', () => {
  const bare = message(1, { interface: 'API', from: 'API consumer', to: 'provider', operation: 'POST /esim/enable' })
  const answer = message(2, {
    interface: 'API',
    from: 'provider',
    to: 'API consumer',
    operation: 'POST /esim/enable',
    status: '202',
    correlation: { operationId: 'op1' },
  })
  for (const start of [bare, answer])
    expect([...followed([bare, answer, ...run.slice(5)], start)].sort()).toEqual([1, 2, 6])
})

test('identifiers in the content tie messages, too', () => {
  const order = message(9, { interface: 'northbound', json: { packageId: 'P1', result: { operationId: 'op1' } } })
  expect(followed([...run, order], order).has(1)).toBe(true)
})

test('positions are found by number, also where the number is missing', () => {
  expect([0, 3, 7, 99].map((id) => positionOf(run, id))).toEqual([0, 2, 6, 7])
})

test('interfaces are hidden one by one, or all but one', () => {
  expect(toggled(toggled([], 'ES10'), 'ES10')).toEqual([])
  expect(soloed(soloed([], 'ES10'), 'ES10')).toEqual([])
  expect(soloed([], 'ES10')).not.toContain('ES10')
})

test('a sink stands where the API consumer stands', () => {
  expect(laneOf('sink')).toBe(laneOf('API consumer'))
})

test('the strip has the shares of the interfaces, and marks trouble', () => {
  const [first, second] = columnsOf(run.slice(0, 6), 2)
  expect(first?.counts[0]).toBe(2)
  expect([first?.hasTrouble, second?.hasTrouble]).toEqual([false, true])
  expect(columnsOf([], 100)).toEqual([])
})

test('what a card refused is trouble, what it did is not', () => {
  const of = (type: string, check = 'iccid-known') =>
    read({ id: 1, event: 'card', data: { eid: EID, sequence: 1, at: '', type, cause: 'Enable', check } })
  expect(of('refused', 'immediate-enable-allowed')?.trouble).toBe('')
  expect(of('refused')?.trouble).toBe('Enable refused: iccid-known')
  expect(of('profile-enabled')?.trouble).toBe('')
  expect(read({ id: 1, event: 'package', data: {} })).toBeUndefined()
})

test('a text is searched once, however many say it', () => {
  const texts = createHaystack()
  const [first, second, again] = ['One two', 'three', 'One two'].map(texts.add)
  expect(again).toBe(first)
  const holds = texts.search('two')
  expect([first, second, 99].map((number) => holds(number ?? 0))).toEqual([true, false, false])
  expect(holds(texts.add('twofold'))).toBe(true)
})

test('what went wrong is told by what it began with: troubles of one device that follow closely are one episode', () => {
  const wrong = (id: number, second: number, more: Partial<Message> = {}) =>
    message(id, { at: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`, status: '6985', eid: EID, ...more })
  const sink = { interface: 'event', status: 'ECONNREFUSED', operation: 'POST http://sink' }
  const troubles = [
    ...[wrong(1, 0), wrong(2, 1), wrong(3, 2, sink), wrong(4, 3, { eid: 'other' })],
    ...[wrong(5, 4), wrong(6, 30, sink), wrong(7, 40, { operation: 'Other' })],
  ]
  expect(episodesOf(troubles).map(({ first, last, count }) => [first.id, last.id, count])).toEqual([
    [7, 7, 1],
    [3, 6, 2],
    [1, 5, 3],
    [4, 4, 1],
  ])
  const of = (id: number, eimTransactionId: string) => wrong(id, 0, { correlation: { eimTransactionId } })
  expect(episodesOf([of(1, 'a'), of(2, 'b'), of(3, 'b')]).map(({ first, count }) => [first.id, count])).toEqual([
    [2, 2],
    [1, 1],
  ])
})
