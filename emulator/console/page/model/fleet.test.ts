import { expect, test } from 'vitest'
import type { FleetRow } from '../api/contract.ts'
import { afterCardEvent, afterMessage, afterPackage, findDevices } from './fleet.ts'

const row: FleetRow = {
  eid: '89049032010000000000000000000138',
  owner: 'acme',
  reachable: true,
  sequence: 1,
  iccids: [],
  waiting: 0,
}
const event = (type: string, sequence: number, iccid = '8901') => ({
  eid: row.eid,
  at: '',
  cause: 'x',
  type,
  sequence,
  iccid,
})

test('the row of a device becomes what its card events say', () => {
  const installed = afterCardEvent(row, event('profile-installed', 2))
  expect(installed).toMatchObject({ iccids: ['8901'], sequence: 2 })
  const enabled = afterCardEvent(
    afterCardEvent(installed, event('profile-enabled', 3)),
    event('fallback-attribute-set', 4),
  )
  expect(enabled).toMatchObject({ enabled: '8901', fallback: '8901' })
  const deleted = afterCardEvent(enabled, event('profile-deleted', 5))
  expect(deleted).toEqual({ ...row, sequence: 5 })
})

test('an event that concerns no profile changes the sequence only, and never back', () => {
  expect(afterCardEvent({ ...row, sequence: 9 }, event('package-executed', 5))).toEqual({ ...row, sequence: 9 })
})

test('a message of ESipa is a contact, one of ES10 is none', () => {
  const message = { index: 1, at: '2026-01-01T00:00:00.000Z', from: '', to: '', operation: '' }
  expect(afterMessage(row, { ...message, interface: 'ESipa' }).lastContactAt).toBe(message.at)
  expect(afterMessage(row, { ...message, interface: 'ES10' })).toBe(row)
})

test('packages wait until they are done or cancelled', () => {
  const known = new Set<string>()
  const order = { packageId: 'a', eid: row.eid, order: {} }
  expect(afterPackage(row, known, { ...order, state: 'queued' }).waiting).toBe(1)
  expect(afterPackage(row, known, { ...order, state: 'delivered' }).waiting).toBe(1)
  expect(afterPackage(row, known, { ...order, state: 'done' }).waiting).toBe(0)
})

test('devices are found by EID, ICCID and state', () => {
  const other: FleetRow = {
    ...row,
    eid: '89049032020000000000000000000299',
    owner: 'globex',
    reachable: false,
    iccids: ['8944777'],
    enabled: '8944777',
  }
  const find = (text: string, presence: Parameters<typeof findDevices>[1]['presence'] = 'all') =>
    findDevices([row, other], { text, presence, troubled: new Map([[row.eid, 1]]) }).map(({ owner }) => owner)
  expect(find('')).toEqual(['acme', 'globex'])
  expect(find('000138')).toEqual(['acme'])
  expect(find('44777 GLOBEX')).toEqual(['globex'])
  expect(find('44777 acme')).toEqual([])
  expect(find('', 'enabled')).toEqual(['globex'])
  expect(find('', 'empty')).toEqual(['acme'])
  expect(find('', 'unreachable')).toEqual(['globex'])
  expect(find('', 'waiting')).toEqual([])
  expect(find('', 'trouble')).toEqual(['acme'])
})
