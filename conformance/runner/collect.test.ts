import { expect, test } from 'vitest'
import { evidenceType, reasonType } from '../scenario/evidence.ts'
import { createCollector, type ScenarioResult } from './collect.ts'
import type { Envelope } from './cucumber.ts'

const at = { seconds: 1, nanos: 0 }

interface Ending {
  readonly status?: string
  readonly exception?: { readonly type: string; readonly message: string }
  readonly attachment?: { readonly mediaType: string; readonly content: unknown }
  readonly suggestion?: string
}

/** The messages of one scenario with one step. */
function collected({ status = 'PASSED', exception, attachment, suggestion }: Ending): ScenarioResult | undefined {
  const results: ScenarioResult[] = []
  const { take } = createCollector({ ended: (result) => results.push(result) })
  const messages: unknown[] = [
    { gherkinDocument: { uri: 'f', feature: { name: 'Enable' } } },
    {
      pickle: {
        id: 'p',
        uri: 'f',
        name: 'It works',
        tags: [{ name: '@req:a/b' }, { name: '@other' }],
        steps: [{ id: 's', text: 'it works' }],
      },
    },
    { testCase: { id: 'c', pickleId: 'p', testSteps: [{ id: 't', pickleStepId: 's' }] } },
    { testCaseStarted: { id: 'x', testCaseId: 'c', timestamp: at } },
    ...(suggestion === undefined ? [] : [{ suggestion: { pickleStepId: 's', snippets: [{ code: suggestion }] } }]),
    ...(attachment === undefined
      ? []
      : [
          {
            attachment: {
              testCaseStartedId: 'x',
              mediaType: attachment.mediaType,
              body: JSON.stringify(attachment.content),
              contentEncoding: 'IDENTITY',
            },
          },
        ]),
    {
      testStepFinished: {
        testCaseStartedId: 'x',
        testStepId: 't',
        testStepResult: { status, duration: at, ...(exception && { exception }) },
      },
    },
    { testCaseFinished: { testCaseStartedId: 'x', timestamp: { seconds: 3, nanos: 0 } } },
  ]
  for (const message of messages) take(message as Envelope)
  return results[0]
}

test('a scenario whose steps all passed has passed', () => {
  expect(collected({})).toMatchObject({
    verdict: 'pass',
    name: 'It works',
    feature: 'Enable',
    claims: ['a/b'],
    durationMs: 2000,
  })
})

test('a nonconformity is a failure, with its evidence', () => {
  const mismatches = [{ what: 'status', expected: 202, actual: 200 }]
  const result = collected({
    status: 'FAILED',
    exception: { type: 'Nonconformity', message: 'status' },
    attachment: { mediaType: evidenceType, content: { mismatches } },
  })
  expect(result).toMatchObject({ verdict: 'fail', step: 'it works', mismatches })
})

test('anything else that a step throws is our error, not the target’s', () => {
  expect(collected({ status: 'FAILED', exception: { type: 'Error', message: 'testbed: 500' } })).toMatchObject({
    verdict: 'error',
    reason: 'testbed: 500',
  })
})

test('a step that nobody defined is an error with a suggestion', () => {
  const result = collected({ status: 'UNDEFINED', suggestion: "Then('it works', function () {\n})" })
  expect(result).toMatchObject({ verdict: 'error', step: 'it works' })
  expect(result?.reason).toContain("Then('it works', function () {")
})

test.each(['off', 'skip'] as const)('a scenario that was not asked is %s, with the reason', (verdict) => {
  const attachment = { mediaType: reasonType, content: { verdict, reason: 'declared otherwise' } }
  expect(collected({ status: 'SKIPPED', attachment })).toMatchObject({ verdict, reason: 'declared otherwise' })
})
