import { describe, expect, test } from 'vitest'
import type { Package, PackageState } from './model.ts'
import { advance, type PackageEvent } from './queue.ts'

const states: readonly PackageState[] = ['queued', 'delivered', 'done', 'cancelled']
const events: readonly PackageEvent[] = ['deliver', 'complete', 'cancel', 'expire']
const allowed: Readonly<Record<string, PackageState>> = {
  'queued deliver': 'delivered',
  'queued cancel': 'cancelled',
  'queued expire': 'done',
  'delivered expire': 'done',
  'delivered deliver': 'delivered',
  'delivered complete': 'done',
}

const packageIn = (state: PackageState): Package => ({
  packageId: '1',
  eid: '89049032123451234512345678901235',
  order: { psmo: [{ listProfileInfo: {} }] },
  eimTransactionId: '01',
  state,
  createdAt: '2026-11-22T00:00:00.000Z',
})

describe('a package', () => {
  for (const state of states)
    for (const event of events) {
      const next = allowed[`${state} ${event}`]
      test(`that is ${state} ${next ? `is ${next} after` : 'refuses'} ${event}`, () => {
        expect(advance(packageIn(state), event)?.state).toBe(next)
      })
    }
})
