import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { runConformance } from '../conformance/index.ts'

const pathOf = (name: string): string => fileURLToPath(new URL(`../examples/${name}`, import.meta.url))
const hasPython = spawnSync('python3', ['--version']).status === 0

describe.runIf(hasPython)('the example provider in Python', () => {
  test('is judged as it says of itself: the API is right but for the intervals, and nobody has seen a card', async () => {
    const [program, devices] = [pathOf('python-provider/provider.py'), pathOf('python-provider/devices.json')]
    const provider = spawn('python3', [program, '0', devices], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = (await once(provider.stdout, 'data')) as [Buffer]
      const target = line.toString().trim()
      const clients = parse(readFileSync(pathOf('python-provider/auth.yaml'), 'utf8'))
      const { report } = await runConformance({
        target,
        dialect: 'esim-management@0.1',
        assets: devices,
        ics: pathOf('python-provider/ics.yaml'),
        authorization: { ...clients, issuer: target },
        requirements: ['enable', 'errors', 'delivery/growing-intervals'],
      })
      const idsOf = (wanted: string) =>
        report.requirements.filter(({ verdict }) => verdict === wanted).map(({ requirement }) => requirement.id)
      expect(idsOf('fail')).toEqual(['esim-management/delivery/growing-intervals'])
      expect(idsOf('error')).toEqual([])
      expect(idsOf('pass')).toContain('esim-management/errors/wrong-method')
      const enabling = report.scenarios.find(({ claims }) => claims.includes('esim-management/enable/enables'))
      expect(enabling).toMatchObject({ verdict: 'skip', reason: expect.stringContaining('nobody sees the card') })
    } finally {
      provider.kill()
      await once(provider, 'exit')
    }
  }, 180_000)
})

test('the action uses flags and inputs that exist', () => {
  const text = readFileSync(pathOf('action/action.yml'), 'utf8')
  const { inputs, runs } = parse(text) as { inputs: object; runs: { using: string } }
  expect(runs.using).toBe('composite')
  const used = [...text.matchAll(/inputs\.([a-z-]+)/g)].map(([, name = '']) => name)
  expect(new Set(used)).toEqual(new Set(Object.keys(inputs)))
  const { stdout } = spawnSync(process.execPath, ['dist/bin/esim-testbed.js', 'conformance', 'run', '--help'], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  for (const [flag] of text.matchAll(/--(?!yes\b)[a-z-]+/g)) expect(stdout).toContain(flag)
})

test('the workflow uses the action with inputs that it has', () => {
  const action = parse(readFileSync(pathOf('action/action.yml'), 'utf8')) as { inputs: object }
  const workflow = parse(readFileSync(pathOf('action/workflow.yml'), 'utf8')) as {
    jobs: { conformance: { steps: { uses?: string; with?: object }[] } }
  }
  const step = workflow.jobs.conformance.steps.find(({ uses }) => uses === './examples/action')
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})))
})
