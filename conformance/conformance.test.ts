import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectAuthorization } from './authorization/client-http.ts'
import { type Double, startDouble } from './double/double.ts'
import { completeIcs, defaultIcs, type Ics } from './ics/ics.ts'
import { type ConformanceOptions, exitCode, OptionsError, runConformance } from './index.ts'
import type { Layer } from './mutants/layer.ts'
import { startProxy } from './mutants/proxy-http.ts'
import { systemClock } from './runner/clock-system.ts'

const dialect = 'esim-management@0.1'

let double: Double
beforeAll(async () => {
  double = await startDouble()
})
afterAll(() => double.close())

const optionsFor = (
  { target, testbed, authorization }: Double,
  more: Partial<ConformanceOptions> = {},
): ConformanceOptions => ({
  dialect,
  target,
  testbed,
  authorization: authorization.options,
  ...more,
})

test('a correct provider passes every requirement', { timeout: 600_000 }, async () => {
  const { verdict, report } = await runConformance(optionsFor(double))
  const bad = report.scenarios.filter((scenario) => scenario.verdict !== 'pass' && scenario.verdict !== 'off')
  expect(bad.map(({ name, reason, mismatches }) => ({ name, reason, mismatches }))).toEqual([])
  expect(verdict).toBe('pass')
  expect(exitCode(verdict)).toBe(0)
})

describe('a provider that declares the other reading', () => {
  const requirements = (...ids: readonly string[]) => ids.map((id) => `@req:esim-management/${id}`).join(' or ')
  const cases: readonly (readonly [string, Partial<Ics['readings']>, string])[] = [
    ['of events', { events: 'operation-completed' }, requirements('events/one-type', 'events/named-after-operation')],
    [
      'of state conflicts',
      { stateConflicts: 'synchronous' },
      requirements(
        'enable/already-enabled-at-once',
        'disable/not-enabled-at-once',
        'set-fallback/enabled-is-refused-at-once',
        'enable/already-enabled',
      ),
    ],
    [
      'of delete',
      { deleteEnabled: 'conflict' },
      requirements('delete/enabled-is-kept', 'delete/enabled-is-disabled-first'),
    ],
    [
      'of unknown identifiers',
      { unknownIdentifier: '404' },
      requirements('identifiers/unknown', 'identifiers/unknown-404', 'ownership/foreign-device'),
    ],
    [
      'of unknown identifiers, again,',
      { unknownIdentifier: '403' },
      requirements('identifiers/unknown-403', 'ownership/foreign-like-unknown'),
    ],
  ]

  test.each(cases)('%s passes under it, and fails under the default', async (_, readings, tags) => {
    const ics = completeIcs({ readings: { ...defaultIcs.readings, ...readings } })
    const other = await startDouble(ics)
    const declared = await runConformance(optionsFor(other, { ics, tags }))
    const undeclared = await runConformance(optionsFor(other, { tags }))
    await other.close()
    expect(declared.verdict).toBe('pass')
    expect(declared.report.requirements.map((result) => result.verdict)).toContain('off')
    expect(undeclared.verdict).toBe('fail')
  })

  test('of a time limit is asked about it', async () => {
    const ics = completeIcs({ limits: { ...defaultIcs.limits, operationTimeLimitSeconds: 1 } })
    const other = await startDouble(ics)
    const { report } = await runConformance(
      optionsFor(other, { ics, tags: '@req:esim-management/operations/time-limit' }),
    )
    await other.close()
    expect(report.scenarios.map(({ verdict }) => verdict)).toEqual(['pass'])
  })
})

describe('a run that cannot ask', () => {
  const nobody = 'http://127.0.0.1:9'
  test.each([
    ['because there is no target', { target: nobody }],
    ['because there is no testbed', { testbed: nobody }],
  ])('%s ends with exit code 2 and says so', async (_, missing) => {
    const { verdict, report } = await runConformance(optionsFor(double, missing))
    expect({ code: exitCode(verdict), reason: report.reason }).toEqual({
      code: 2,
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('because the authorization server is away ends with exit code 2', async () => {
    const authorization = { ...double.authorization.options, issuer: nobody }
    const { verdict } = await runConformance(optionsFor(double, { authorization }))
    expect(exitCode(verdict)).toBe(2)
  })

  test('because no scenario was selected ends with exit code 2', async () => {
    const { verdict, report } = await runConformance(optionsFor(double, { tags: '@nothing' }))
    expect({ code: exitCode(verdict), reason: report.reason }).toEqual({ code: 2, reason: 'no check was executed' })
  })

  test('because everything selected is off ends with exit code 2', async () => {
    const { verdict } = await runConformance(
      optionsFor(double, { tags: '@req:esim-management/delete/enabled-is-kept' }),
    )
    expect(exitCode(verdict)).toBe(2)
  })

  test.each([
    ['a dialect that is none', { dialect: 'nonsense@1' }, 'nonsense@1'],
    ['a tag expression that is none', { tags: '@a and' }, '@a and'],
    ['a statement about another dialect', { ics: completeIcs({ dialect: 'another@1' }) }, 'another@1'],
    ['a statement that is not there', { ics: '/nowhere/ics.yaml' }, '/nowhere/ics.yaml'],
  ])('because of %s is refused with a sentence', async (_, options, sentence) => {
    const run = runConformance(optionsFor(double, options))
    await expect(run).rejects.toBeInstanceOf(OptionsError)
    await expect(run).rejects.toThrow(sentence)
  })
})

test('a second event that comes after its scenario is found at the end of the run', async () => {
  const { authorization } = double
  const layer: Layer = {
    event: async (attempt, edge) => {
      void edge.sleep(100).then(() => edge.deliver(attempt))
      return edge.deliver(attempt)
    },
  }
  const proxy = await startProxy({
    target: double.target,
    authorization: await connectAuthorization(authorization.options, systemClock),
    layer,
  })
  const tags = '@req:esim-management/answers/schema or @req:esim-management/delivery/growing-intervals'
  const { report } = await runConformance({ ...optionsFor(double, { tags }), target: proxy.url })
  await proxy.close()
  const verdicts = Object.fromEntries(report.requirements.map(({ requirement, verdict }) => [requirement.id, verdict]))
  expect(verdicts['esim-management/events/exactly-one']).toBe('fail')
  expect(verdicts['esim-management/answers/schema']).toBe('pass')
})

test('without the signing key of the issuer two requirements are skipped, with the reason', async () => {
  const { signingKey: _, ...authorization } = double.authorization.options
  const tags = '@req:esim-management/authorization/token-current or @req:esim-management/authorization/token-genuine'
  const { verdict, report } = await runConformance(optionsFor(double, { authorization, tags }))
  expect(verdict).toBe('skip')
  expect(exitCode(verdict)).toBe(0)
  const skipped = report.scenarios.filter((scenario) => scenario.verdict === 'skip')
  expect(skipped.every(({ reason }) => reason?.includes('signing key'))).toBe(true)
})

test('one scenario is run again by its tag', async () => {
  const { report } = await runConformance(
    optionsFor(double, { tags: '@scenario:a-device-without-esims-has-an-empty-list' }),
  )
  expect(report.scenarios.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['A device without eSIMs has an empty list', 'pass'],
  ])
})
