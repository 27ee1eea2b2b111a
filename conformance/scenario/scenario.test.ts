import { describe, expect, test } from 'vitest'
import type { SinkAnswer } from '../sink/inbox.ts'
import { mostEnabled } from './card.ts'
import { auditEvents, withoutRetries } from './event-rules.ts'
import { iccidCore, sameIccid } from './iccid.ts'
import { valueAt, withValueAt } from './json-path.ts'
import type { ReceivedEvent, Scenario } from './model.ts'
import { secretsOf } from './secrets.ts'

describe('an ICCID', () => {
  test('is the same with and without its check digit, and with a filler', () => {
    expect(sameIccid('8988303000000000268', '89883030000000002685')).toBe(true)
    expect(sameIccid('8988303000000000268F', '8988303000000000268')).toBe(true)
    expect(iccidCore('89883030000000002685')).toBe(iccidCore('8988303000000000268'))
  })

  test('is another when a digit differs', () => {
    expect(sameIccid('8988303000000000268', '8988303000000000269')).toBe(false)
    expect(sameIccid('8988303000000000268', '898830300000000026')).toBe(true)
    expect(sameIccid('8988303000000000268', '89883030000000002')).toBe(false)
  })
})

describe('a path', () => {
  test('reads members and elements', () => {
    expect(valueAt({ esims: [{ state: 'enabled' }] }, '$.esims[0].state')).toBe('enabled')
    expect(valueAt({}, '$.esim.iccid')).toBeUndefined()
  })

  test('replaces, adds and removes without touching the original', () => {
    const body = { esim: { eid: '1', iccid: '2' }, sink: 's' }
    expect(withValueAt(body, '$.esim.iccid', 3)).toEqual({ esim: { eid: '1', iccid: 3 }, sink: 's' })
    expect(withValueAt(body, '$.more.deep', true)).toEqual({ ...body, more: { deep: true } })
    expect(withValueAt(body, '$.esim.eid', undefined)).toEqual({ esim: { iccid: '2' }, sink: 's' })
    expect(body).toEqual({ esim: { eid: '1', iccid: '2' }, sink: 's' })
  })
})

test('the secrets of every kind of sinkCredential are known', () => {
  const body = JSON.stringify({ secret: 'secret-one', accessToken: 'secret-two', refreshToken: 'secret-three' })
  expect(secretsOf(body)).toEqual(['secret-one', 'secret-two', 'secret-three'])
  expect(secretsOf(undefined)).toEqual([])
})

test('of the history of a card it is known how many eSIMs were enabled at one time, also when it was for a moment', () => {
  const event = (type: string, iccid: string) => ({ eid: '', sequence: 0, at: '', cause: '', type, iccid })
  const before = [
    { iccid: '1', state: 'enabled' },
    { iccid: '2', state: 'disabled' },
  ] as const
  const swap = [event('profile-disabled', '1'), event('profile-enabled', '2')]
  expect(mostEnabled(before, swap)).toBe(1)
  expect(mostEnabled(before, [...swap].reverse())).toBe(2)
  expect(mostEnabled(before, [])).toBe(0)
})

describe('deliveries', () => {
  const delivered = (
    operationId: string,
    id: string,
    answer: SinkAnswer = { status: 204 },
    { at = 0, heldUpMs = 0 } = {},
  ): ReceivedEvent => {
    const json = { id, source: 'urn:provider', data: { operationId } }
    const moment = { at, pacedAt: at, heldUp: { recentMs: heldUpMs, totalMs: heldUpMs } }
    const delivery = { ...moment, index: 0, method: 'POST', headers: {}, body: JSON.stringify(json), json, answer }
    return {
      delivery,
      inbox: { url: '', deliveries: [], script: () => undefined, onDelivery: () => undefined },
      operationId,
      examined: Promise.resolve(),
    }
  }
  const audit = (...events: readonly ReceivedEvent[]) =>
    auditEvents({ events } as unknown as Scenario).map(({ requirement }) => requirement)
  const failed = { status: 500 }

  test.each([
    ['one of each operation is right', [delivered('1', 'a'), delivered('2', 'b')], []],
    ['a retry after 500 is right', [delivered('1', 'a', failed), delivered('1', 'a')], []],
    ['a retry after silence is right', [delivered('1', 'a', 'silence'), delivered('1', 'a')], []],
    [
      'a retry of what a runner that was held up may have answered late is right',
      [
        delivered('1', 'a', { status: 204 }, { heldUpMs: 300 }),
        delivered('1', 'a', { status: 204 }, { at: 800, heldUpMs: 300 }),
      ],
      [],
    ],
    [
      'a second one at once is wrong, also when the runner was held up a little',
      [
        delivered('1', 'a', { status: 204 }, { heldUpMs: 300 }),
        delivered('1', 'a', { status: 204 }, { at: 5, heldUpMs: 300 }),
      ],
      ['events/exactly-one'],
    ],
    [
      'a second one after a while is wrong, when nothing held the runner up',
      [delivered('1', 'a'), delivered('1', 'a', { status: 204 }, { at: 5000 })],
      ['events/exactly-one'],
    ],
    ['a second one after 204 is wrong', [delivered('1', 'a'), delivered('1', 'a')], ['events/exactly-one']],
    ['a second event is wrong', [delivered('1', 'a'), delivered('1', 'b')], ['events/exactly-one']],
    [
      'a retry with another id is wrong',
      [delivered('1', 'a', failed), delivered('1', 'b')],
      ['delivery/same-event-on-retry'],
    ],
    [
      'a retry after 410 is wrong',
      [delivered('1', 'a', { status: 410 }), delivered('1', 'a')],
      ['delivery/ends-with-410'],
    ],
    ['one id for two operations is wrong', [delivered('1', 'a'), delivered('2', 'a')], ['events/id-unique']],
  ] as const)('%s', (_, events, findings) => {
    expect(audit(...events)).toEqual(findings)
  })

  test('retries of what was not taken do not count', () => {
    expect(withoutRetries([delivered('1', 'a', failed), delivered('1', 'a'), delivered('1', 'a')])).toHaveLength(2)
  })
})
