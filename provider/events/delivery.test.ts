import { describe, expect, it } from 'vitest'
import { fateOf, type Reception } from './delivery.ts'

const policy = { initialMs: 100, factor: 2, maxMs: 1000, jitter: 0.25, giveUpAfterMs: 10_000 }
const parcel = (attempts: number) => ({
  tenant: 'acme',
  eventId: 'e',
  stream: 's',
  correlator: 'c',
  envelope: '{}',
  createdAt: 0,
  attempts,
  callback: {
    sink: 'https://sink.example/',
    credential: { scheme: 'Bearer' as const, value: 'v' },
  },
})
const answered = (status: number): Reception => ({ kind: 'answered', status })
const fate = (reception: Reception, attempts = 0, chance = 0, now = 0) =>
  fateOf({ parcel: parcel(attempts), reception, now, chance }, policy)

describe('after an attempt', () => {
  it.each([200, 202, 204, 299])('%d ends the delivery', (status) => {
    expect(fate(answered(status))).toEqual({ kind: 'ended', reason: 'delivered' })
  })

  it('410 ends it without a retry', () => {
    expect(fate(answered(410))).toEqual({ kind: 'ended', reason: 'gone' })
  })

  it.each([199, 301, 307, 400, 401, 403, 404, 429, 500, 503])('%d is tried again', (status) => {
    expect(fate(answered(status))).toEqual({ kind: 'again', at: 100 })
  })

  it('a time-out is tried again', () => {
    expect(fate({ kind: 'failed', why: 'timeout' })).toEqual({ kind: 'again', at: 100 })
  })

  it('intervals grow up to the longest, and the jitter never lets one be shorter than the one before', () => {
    const intervals = (chance: (attempt: number) => number) =>
      [0, 1, 2, 3, 4, 5].map((attempt) => {
        const again = fate(answered(500), attempt, chance(attempt))
        return again.kind === 'again' ? again.at : undefined
      })
    expect(intervals(() => 0)).toEqual([100, 200, 400, 800, 1000, 1000])
    expect(intervals((attempt) => (attempt % 2 === 0 ? 0.99 : 0))).toEqual([125, 200, 499, 800, 1248, 1000])
  })

  it('the delivery is given up when the next attempt would come too late', () => {
    expect(fate(answered(500), 3, 0, 9200)).toEqual({ kind: 'again', at: 10_000 })
    expect(fate(answered(500), 3, 0, 9201)).toEqual({ kind: 'ended', reason: 'given-up' })
  })
})
