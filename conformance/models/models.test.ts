import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectAuthorization } from '../authorization/client-http.ts'
import { esimManagement01 } from '../dialects/esim-management-0.1.ts'
import { type Double, startDouble } from '../double/double.ts'
import { completeIcs, defaultIcs } from '../ics/ics.ts'
import { answers, edited } from '../mutants/changes.ts'
import { startProxy } from '../mutants/proxy-http.ts'
import { systemClock } from '../runner/clock-system.ts'
import { runConformance } from '../runner/run.ts'
import { type Esims, linearized, stepsOf } from './esims.ts'
import { type Batch, curlScript } from './script.ts'
import { shrunk } from './shrunk.ts'

const { readings } = defaultIcs
const before: Esims = { A: 'enabled', B: 'disabled', N: 'absent' }

describe('the model', () => {
  test.each([
    ['enable', 'B', [{ success: true, esims: { A: 'disabled', B: 'enabled', N: 'absent' } }]],
    ['enable', 'A', [{ success: false, esims: before }]],
    ['disable', 'A', [{ success: true, esims: { ...before, A: 'disabled' } }]],
    ['disable', 'B', [{ success: false, esims: before }]],
    ['set-fallback', 'A', [{ success: false, esims: before }]],
    ['delete', 'N', [{ success: false, esims: before }]],
    ['download', 'A', [{ success: false, esims: before }]],
  ] as const)('%s %s', (operation, esim, steps) => {
    expect(stepsOf(before, { operation, esim }, readings)).toEqual(steps)
  })

  test('keeps an enabled eSIM from deletion where that is the declared reading', () => {
    const call = { operation: 'delete', esim: 'A' } as const
    expect(stepsOf(before, call, { ...readings, deleteEnabled: 'conflict' })).toEqual([
      { success: false, esims: before },
    ])
    expect(stepsOf(before, call, readings)[0]).toEqual({ success: true, esims: { ...before, A: 'absent' } })
  })

  test('explains operations at the same time by every order that fits their outcomes', () => {
    const both = [
      { call: { operation: 'enable', esim: 'B' }, success: true },
      { call: { operation: 'disable', esim: 'A' }, success: true },
    ] as const
    expect(linearized([before], both, readings)).toEqual([{ A: 'disabled', B: 'enabled', N: 'absent' }])
    expect(linearized([before], [{ ...both[0], success: false }], readings)).toEqual([])
  })

  test('takes a refusal because another operation is under way for what it is: it says nothing of the eSIM', () => {
    const aborted = { call: { operation: 'enable', esim: 'B' }, success: false, isBusy: true } as const
    expect(linearized([before], [aborted], readings)).toEqual([before])
  })
})

describe('a random sequence', () => {
  let double: Double
  beforeAll(async () => {
    double = await startDouble()
  })
  afterAll(() => double.close())

  const judge = (target: string) =>
    runConformance({
      target,
      testbed: double.testbed,
      dialect: 'esim-management@0.1',
      authorization: double.authorization.options,
      ics: completeIcs({ timeouts: { ...defaultIcs.timeouts, completionSeconds: 2, eventSeconds: 2 } }),
      tags: '@model',
      seed: 7,
    })

  test('against a right provider is what the model says', async () => {
    const { report } = await judge(double.target)
    expect(report.scenarios.map(({ verdict, mismatches, reason }) => ({ verdict, mismatches, reason }))).toEqual([
      { verdict: 'pass', mismatches: [], reason: undefined },
    ])
  })

  test('against one that denies what it has done is shrunk to one operation and printed as a script', async () => {
    const error = { status: 422, code: 'ESIM_NOT_ENABLED', message: 'No.' }
    const layer = answers((answer) =>
      edited(answer, (operation) =>
        operation.operation === 'disable' && operation.result
          ? { ...operation, result: { ...operation.result, outcome: 'failed', error } }
          : operation,
      ),
    )()
    const authorization = await connectAuthorization(double.authorization.options, systemClock)
    const proxy = await startProxy({ target: double.target, authorization, layer })
    const { report } = await judge(proxy.url)
    await proxy.close()
    const [scenario] = report.scenarios
    expect(scenario?.verdict).toBe('fail')
    const script = scenario?.evidence?.script ?? ''
    expect(script).toContain('# seed 7. ')
    expect(script.match(/^call \/esim\/(?!retrieve)/gm)).toHaveLength(1)
    expect(script).toContain('call /esim/disable iot-device-management:esims:disable')
  })
})

test('of a sequence every part that is not needed is left out', async () => {
  const call = (esim: string) => ({ operation: 'disable', esim }) as const
  const needed = async (sequence: readonly Batch[]) => sequence.flat().some(({ esim }) => esim === 'A')
  const sequence = [[call('B')], [call('B'), call('A'), call('N')], [call('B'), call('N')]]
  expect(await shrunk(sequence, needed)).toEqual([[call('A')]])
})

test('the script begins with the same device and says which operations are sent at the same time', () => {
  const script = curlScript(
    [
      [{ operation: 'download', esim: 'N' }],
      [
        { operation: 'enable', esim: 'B' },
        { operation: 'delete', esim: 'A' },
      ],
    ],
    {
      dialect: esimManagement01,
      target: 'http://api',
      testbed: 'http://testbed/testbed/v1',
      issuer: 'http://issuer',
      seed: 'seed 1',
      lease: { owner: 'acme' },
      paths: { A: '.profiles[0]', B: '.profiles[1]', N: '.orders[0]' },
    },
  )
  expect(script).toContain('TESTBED=http://testbed/testbed/v1\n')
  expect(script).toContain(`-d '{"owner":"acme"}')`)
  expect(script).toContain('CODE_N=$(echo "$LEASE" | jq -r \'.orders[0].activationCode\')')
  expect(script).toMatch(/# batch 2, at the same time\ncall \/esim\/enable .* &\ncall \/esim\/delete .* &\nwait/)
})
