import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authorization, connectAuthorization } from '../authorization/client-http.ts'
import { completeIcs, defaultIcs } from '../ics/ics.ts'
import { requirementsOf } from '../requirements/index.ts'
import { systemClock } from '../runner/clock-system.ts'
import { runConformance } from '../runner/run.ts'
import { type Double, startDouble } from '../testing/double.ts'
import { mutants } from './index.ts'
import { startProxy } from './proxy-http.ts'

/** What does not come from the double within these times does not come. */
const ics = completeIcs({
  timeouts: { ...defaultIcs.timeouts, answerSeconds: 3, completionSeconds: 2, eventSeconds: 2, redeliverySeconds: 2 },
})

let double: Double
let authorization: Authorization
beforeAll(async () => {
  double = await startDouble()
  authorization = await connectAuthorization(double.authorization.options, systemClock)
})
afterAll(() => double.close())

const judge = (target: string, tags: string) =>
  runConformance({
    target,
    testbed: double.testbed,
    dialect: 'esim-management@0.1',
    authorization: double.authorization.options,
    ics,
    tags,
    parallel: 2,
  })

test('a layer that changes nothing is not caught', async () => {
  const proxy = await startProxy({ target: double.target, authorization, layer: {} })
  const { report } = await judge(proxy.url, '')
  await proxy.close()
  expect(report.scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')).toEqual([])
})

test('every mutant has an id of its own and breaks a requirement that exists', () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
  const known = requirementsOf('esim-management@0.1').map(({ id }) => id)
  expect(mutants.map(({ breaks }) => breaks).filter((id) => !known.includes(id))).toEqual([])
})

test.concurrent.each(mutants.map((mutant) => [mutant.id, mutant] as const))(
  '%s is caught by the requirement it breaks',
  async (_, { layer, breaks }) => {
    const proxy = await startProxy({ target: double.target, authorization, layer: layer() })
    const { report } = await judge(proxy.url, `@req:${breaks}`)
    await proxy.close()
    const { verdict } = report.requirements.find(({ requirement }) => requirement.id === breaks) ?? {}
    expect({
      verdict,
      scenarios: report.scenarios.map((scenario) => [scenario.name, scenario.verdict, scenario.reason]),
    }).toMatchObject({ verdict: 'fail' })
  },
)
