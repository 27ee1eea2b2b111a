import { expect, test } from 'vitest'
import { fromHex } from '../../protocol/ber/index.ts'
import type { OperatorId } from '../../protocol/sgp22/index.ts'
import { brokenPolicyRow, type PolicyFacts } from './profile-policy-rules.ts'

const operator = (mccMnc: string, gid1?: string): OperatorId => ({
  mccMnc: fromHex(mccMnc),
  ...(gid1 === undefined ? {} : { gid1: fromHex(gid1) }),
})

const rule = (allowed: OperatorId): PolicyFacts['rat'][number] => ({
  pprIds: ['ppr1', 'ppr2'],
  allowedOperators: [allowed],
  pprFlags: ['consentRequired'],
})

const facts = (change: Partial<PolicyFacts>): PolicyFacts => ({
  metadata: { profilePolicyRules: ['ppr1'], profileOwner: operator('00f110') },
  forbidden: [],
  rat: [rule(operator('eeeeee'))],
  installed: [],
  ...change,
})

test.each([
  ['a profile without rules', { metadata: {}, rat: [] }],
  ['a rule that the table authorises for every operator', {}],
  ['a rule authorised for the operator of the profile', { rat: [rule(operator('ffffff')), rule(operator('00f110'))] }],
  ['a rule whose empty group identifier stands for any', { rat: [rule(operator('00f110', ''))] }],
  [
    'PPR2 beside an operational profile',
    {
      metadata: { profilePolicyRules: ['ppr2'], profileOwner: operator('00f110') },
      installed: [{ profileClass: 'operational' }],
    },
  ],
  ['PPR1 beside a test profile', { installed: [{ profileClass: 'test' }] }],
] as const)('%s may be downloaded', (_name, change) => {
  expect(brokenPolicyRow(facts(change))).toBeUndefined()
})

test.each([
  ['ppr-not-forbidden-by-euicc', { forbidden: ['ppr1'] }],
  ['ppr1-on-first-operational-profile', { installed: [{ profileClass: 'operational' }] }],
  ['ppr-authorised-for-owner', { rat: [] }],
  ['ppr-authorised-for-owner', { rat: [rule(operator('00f120'))] }],
  ['ppr-authorised-for-owner', { rat: [rule(operator('00f110', 'ab'))] }],
  ['ppr-authorised-for-owner', { metadata: { profilePolicyRules: ['ppr1'] } }],
  [
    'ppr-authorised-for-owner',
    { metadata: { profilePolicyRules: ['pprUpdateControl'], profileOwner: operator('00f110') } },
  ],
] as const)('%s refuses %o', (row, change) => {
  expect(brokenPolicyRow(facts(change))).toBe(row)
})

test('the row that comes first decides', () => {
  expect(brokenPolicyRow(facts({ forbidden: ['ppr1'], installed: [{ profileClass: 'operational' }], rat: [] }))).toBe(
    'ppr-not-forbidden-by-euicc',
  )
})
