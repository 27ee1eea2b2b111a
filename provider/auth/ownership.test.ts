import { expect, it } from 'vitest'
import { createOwnership } from './ownership.ts'

const eid = (end: number) => `890490320000000000000000000000${String(end).padStart(2, '0')}`
const owns = createOwnership([
  { tenant: 'globex', eid: eid(15) },
  { tenant: 'acme', eidFrom: eid(10), eidTo: eid(20) },
  { tenant: 'globex', eidFrom: eid(20), eidTo: eid(29) },
])

it.each([
  ['acme', 9, false],
  ['acme', 10, true],
  ['acme', 20, true],
  ['acme', 21, false],
  ['globex', 21, true],
  ['globex', 20, false],
  ['globex', 15, true],
  ['acme', 15, false],
  ['nobody', 12, false],
])('%s, EID %d: %s (both ends included, the first row that covers an EID decides)', (tenant, end, expected) => {
  expect(owns(tenant, eid(end))).toBe(expected)
})
