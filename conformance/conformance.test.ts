import { afterAll, beforeAll, expect, test } from 'vitest'
import { runConformance } from './index.ts'
import { type Double, startDouble } from './testing/double.ts'

let double: Double
beforeAll(async () => {
  double = await startDouble()
})
afterAll(() => double.close())

test('a correct provider passes every requirement', async () => {
  const { target, testbed, authorization } = double
  const lines: string[] = []
  const { verdict, report } = await runConformance({
    target,
    testbed,
    dialect: 'esim-management@0.1',
    authorization: authorization.options,
    write: (text) => lines.push(text),
    report: 'reports/double',
  })
  if (verdict !== 'skip' && verdict !== 'pass') process.stdout.write(lines.join(''))
  expect({ verdict, reason: report.reason }).toEqual({ verdict: 'pass' })
})
