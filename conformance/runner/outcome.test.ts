import { describe, expect, test } from 'vitest'
import { requirementsOf } from '../requirements/index.ts'
import { holdAgainst, type KnownFailure, readBaseline } from './baseline.ts'
import type { ScenarioResult } from './collect.ts'
import { outcomeOf } from './outcome.ts'
import type { RequirementResult } from './report.ts'
import type { Verdict } from './verdict.ts'

const [one, other] = requirementsOf('esim-management@0.1')
if (one === undefined || other === undefined) throw new Error('no requirements')

const scenario = (verdict: Verdict, claims: readonly string[] = [one.id]): ScenarioResult => ({
  id: 'x',
  name: 'It works',
  slug: 'it-works',
  feature: 'Enable',
  claims,
  verdict,
  ended: false,
  edges: [],
  mismatches: verdict === 'fail' ? [{ what: 'status', expected: 202, actual: 200 }] : [],
  startedAt: 0,
  durationMs: 1,
})

const result = (verdict: Verdict): RequirementResult => ({ requirement: one, verdict, scenarios: [] })
const known = (expires: string): KnownFailure => ({ requirement: one.id, reason: 'ticket 7', expires })
const today = '2026-05-01'
const none = { accepted: [], findings: [] }

describe('a baseline', () => {
  test('accepts a known failure until its day', () => {
    const baseline = holdAgainst([known('2026-05-01')], [result('fail')], today)
    expect(baseline.findings).toEqual([])
    expect(outcomeOf([scenario('fail'), scenario('pass')], { baseline, minChecks: 1 }).verdict).toBe('pass')
  })

  test('does not excuse another failure of the same scenario', () => {
    const baseline = holdAgainst([known('2026-05-01')], [result('fail')], today)
    expect(outcomeOf([scenario('fail', [one.id, other.id])], { baseline, minChecks: 1 }).verdict).toBe('fail')
  })

  test('fails the run when its day has passed', () => {
    const baseline = holdAgainst([known('2026-04-30')], [result('fail')], today)
    expect(baseline.findings).toEqual([`${one.id} was accepted until 2026-04-30: ticket 7`])
    expect(outcomeOf([scenario('pass')], { baseline, minChecks: 1 }).verdict).toBe('fail')
  })

  test('fails the run when what was known to fail passes', () => {
    const baseline = holdAgainst([known('2026-06-01')], [result('pass')], today)
    expect(baseline.findings).toEqual([`${one.id} passes now: take it out of the baseline`])
    expect(outcomeOf([scenario('pass')], { baseline, minChecks: 1 }).verdict).toBe('fail')
  })

  test('says nothing about what was not asked', () => {
    expect(holdAgainst([known('2026-06-01')], [], today)).toEqual(none)
  })

  test('is refused with a sentence when it cannot be read', () => {
    expect(() => readBaseline('known: [{ requirement: a }]', ['a'])).toThrow('/known/0 must have required property')
    const stranger = 'known: [{ requirement: a, reason: b, expires: "2026-01-01" }]'
    expect(() => readBaseline(stranger, [])).toThrow('there is no requirement a')
    expect(readBaseline(stranger, ['a'])).toHaveLength(1)
  })
})

describe('a run', () => {
  test('without one executed check is an error', () => {
    expect(outcomeOf([scenario('off')], { baseline: none, minChecks: 1 })).toEqual({
      verdict: 'error',
      reason: 'no check was executed',
    })
  })

  test('with fewer checks than were wanted is an error', () => {
    const { verdict, reason } = outcomeOf([scenario('pass')], { baseline: none, minChecks: 2 })
    expect({ verdict, reason }).toEqual({
      verdict: 'error',
      reason: 'only 1 checks were executed; at least 2 were wanted',
    })
  })

  test('that could not ask says why', () => {
    expect(outcomeOf([], { baseline: none, minChecks: 1, reason: 'ECONNREFUSED' })).toEqual({
      verdict: 'error',
      reason: 'ECONNREFUSED',
    })
  })
})
