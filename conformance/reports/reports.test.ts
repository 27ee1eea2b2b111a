import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, test } from 'vitest'
import { connectAuthorization } from '../authorization/client-http.ts'
import { startDouble } from '../double/double.ts'
import { completeIcs, defaultIcs } from '../ics/ics.ts'
import { attempts, edited } from '../mutants/changes.ts'
import { startProxy } from '../mutants/proxy-http.ts'
import { systemClock } from '../runner/clock-system.ts'
import type { Report } from '../runner/report.ts'
import { runConformance } from '../runner/run.ts'
import { readXml } from '../testing/xml.ts'
import { badgeJson, badgeSvg } from './badge.ts'
import { ctrf } from './ctrf.ts'
import { annotations } from './github.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import { sequenceDiagram } from './sequence.ts'
import { stateGraph } from './state-graph.ts'

const rerun = (tags: string) => `again ${tags}`
const ics = completeIcs({ timeouts: { ...defaultIcs.timeouts, eventSeconds: 2 } })

/** A run against a provider whose events name another eSIM, over requests with a secret in them. */
let report: Report
const written: string[] = []
beforeAll(async () => {
  const double = await startDouble()
  const authorization = await connectAuthorization(double.authorization.options, systemClock)
  const layer = attempts((attempt) =>
    edited(attempt, (event) => ({ ...event, data: { ...event.data, status: 'DONE <&>' } })),
  )()
  const proxy = await startProxy({ target: double.target, authorization, layer })
  const tags =
    '@req:esim-management/delivery/plain-credential or @req:esim-management/delete/enabled-is-kept or @req:esim-management/delete/is-final'
  const { signingKey: _, ...options } = double.authorization.options
  const run = {
    target: proxy.url,
    testbed: double.testbed,
    dialect: 'esim-management@0.1',
    authorization: options,
    ics,
    tags,
    rerun,
  }
  report = (await runConformance({ ...run, write: (text) => written.push(text) })).report
  await proxy.close()
  await double.close()
})

test('a failure says everything that somebody needs who has to mend it', () => {
  const text = written.join('')
  expect(text).toContain(
    'FAIL Delivery of events: A plain credential is presented as basic authorization and never returned',
  )
  expect(text).toContain('esim-management/events/data (SHALL)')
  expect(text).toContain('The event carries operationId, operation, status completed')
  expect(text).toContain('Source: docs/dialects/esim-management-0.1.md, event data')
  expect(text).toMatch(/expected: .*\n\s+actual: {3}\$\.status must be equal to constant/)
  expect(text).toContain('POST http://127.0.0.1:')
  expect(text).toContain('"status":"DONE <&>"')
  expect(text).toMatch(/before: \d+ disabled\n\s+after: {2}\d+ enabled/)
  expect(text).toContain(
    'Again: again @scenario:a-plain-credential-is-presented-as-basic-authorization-and-never-returned',
  )
})

test('the summary has one line for each requirement and ends with the verdict', () => {
  const text = written.at(-1) ?? ''
  expect(text).toContain('FAIL esim-management/events/data\n')
  expect(text).toContain(
    'off  esim-management/delete/enabled-is-kept  (the conformance statement declares another reading)\n',
  )
  const failed = report.scenarios.filter(({ verdict }) => verdict === 'fail').length
  expect(text).toContain(`\nFAIL: ${failed} fail, 1 off\n`)
})

test('the command that repeats a scenario is complete, but for the secrets', async () => {
  const double = await startDouble()
  const lines: string[] = []
  await runConformance({
    ...{ target: double.target, testbed: double.testbed, dialect: 'esim-management@0.1' },
    authorization: { ...double.authorization.options, client: { id: 'acme-app', secret: 'very-secret' } },
    tags: '@scenario:a-device-without-esims-has-an-empty-list',
    write: (text) => lines.push(text),
  })
  await double.close()
  expect(lines.join('')).toMatch(
    /Again: npx esim-testbed conformance run --target \S+ --dialect esim-management@0\.1 --testbed \S+ --issuer \S+ --client-id acme-app --client-secret "\$CLIENT_SECRET" --other-client-id globex-app --other-client-secret "\$OTHER_CLIENT_SECRET" --seed \d+ --tags '@scenario:a-device-without-esims-has-an-empty-list'/,
  )
  expect(lines.join('')).not.toContain('very-secret')
})

test('no secret is in any report', () => {
  const texts = [...written, junit(report), ctrf(report, rerun)].join('')
  expect(texts).toContain('(secret)')
  expect(texts).not.toMatch(/"secret":\s*"(?!\(secret\))/)
  expect(texts).not.toMatch(/Bearer ey/)
})

test('a requirement that only the event broke is blamed, and the claims of its scenario are not', () => {
  const verdicts = Object.fromEntries(report.requirements.map(({ requirement, verdict }) => [requirement.id, verdict]))
  expect(verdicts['esim-management/events/data']).toBe('fail')
  expect(verdicts['esim-management/delivery/plain-credential']).toBe('pass')
})

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0
const schema = fileURLToPath(new URL('../../fixtures/schemas/junit.xsd', import.meta.url))
const complaintsAbout = (xml: string): string => {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], {
    input: xml,
    encoding: 'utf8',
  })
  return status === 0 ? '' : stderr
}

describe.runIf(hasXmllint)('junit.xml, read by xmllint,', () => {
  test('is valid against its schema', () => {
    expect(complaintsAbout(junit(report))).toBe('')
    expect(complaintsAbout(junit({ ...report, requirements: [] }))).toBe('')
  })

  test.each([
    ['an attribute that is none', '<testcase ', '<testcase nonsense="1" '],
    ['a number that is none', / failures="\d+"/, ' failures="many"'],
    ['a test case without a name', /<testcase name="[^"]*"/, '<testcase'],
    ['an element that is none', '<properties>', '<nonsense/><properties>'],
  ])('would not be with %s', (_, from, to) => {
    expect(complaintsAbout(junit(report).replace(from, to))).toContain('Schemas validity error')
  })
})

test('junit.xml counts what it contains', () => {
  for (const suite of readXml(junit(report)).children) {
    const cases = suite.children.filter(({ name }) => name === 'testcase')
    const count = (kind: string) => cases.filter(({ children }) => children.some(({ name }) => name === kind)).length
    const { tests, failures, errors, skipped } = suite.attributes
    const found = [cases.length, count('failure'), count('error'), count('skipped')].map(String)
    expect([tests, failures, errors, skipped]).toEqual(found)
    expect(suite.attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  }
})

/** CTRF, the members that its schema requires. */
const counts = ['tests', 'passed', 'failed', 'pending', 'skipped', 'other', 'start', 'stop']
const ctrfSchema = {
  type: 'object',
  required: ['reportFormat', 'specVersion', 'results'],
  properties: {
    reportFormat: { const: 'CTRF' },
    specVersion: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
    results: {
      type: 'object',
      required: ['tool', 'summary', 'tests'],
      additionalProperties: false,
      properties: {
        tool: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        summary: {
          type: 'object',
          required: counts,
          properties: Object.fromEntries(counts.map((name) => [name, { type: 'integer' }])),
        },
        tests: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'status', 'duration'],
            properties: {
              name: { type: 'string' },
              status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
              duration: { type: 'integer' },
              suite: { type: 'array', items: { type: 'string' } },
              tags: { type: 'array', items: { type: 'string' } },
            },
          },
        },
        environment: { type: 'object' },
        extra: { type: 'object' },
      },
    },
  },
}

test('report.json is CTRF, with the requirements beside the tests', () => {
  const content = JSON.parse(ctrf(report, rerun))
  const validate = new Ajv().compile(ctrfSchema)
  expect(validate(content), JSON.stringify(validate.errors)).toBe(true)
  const { summary, tests, extra } = content.results
  expect(summary.passed + summary.failed + summary.skipped + summary.other).toBe(tests.length)
  expect(extra.requirements.map(({ id }: { id: string }) => id)).toContain('esim-management/events/data')
})

test('on GitHub a failure is an annotation with the requirement, the difference and the command', () => {
  const lines = annotations(report, rerun).trim().split('\n')
  const line = lines.find((one) => one.includes('A plain credential'))
  expect(line).toMatch(/^::error title=esim-management\/events\/data::A plain credential .*%0A.*expected/)
  expect(line).toContain('again @scenario:a-plain-credential')
})

test('the badge says how many of the decided requirements pass', () => {
  const decided = report.requirements.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail')
  const passed = decided.filter(({ verdict }) => verdict === 'pass').length
  expect(JSON.parse(badgeJson(report))).toEqual({
    schemaVersion: 1,
    label: 'esim-management@0.1',
    message: `${passed} of ${decided.length}`,
    color: 'red',
  })
  expect(readXml(badgeSvg(report)).name).toBe('svg')
})

test('the page tells a failure with requirement, difference, card, messages, diagram, seed and command, and needs no other file', () => {
  const page = html(report, rerun)
  expect(page).toMatch(/<details id="esim-management\/events\/data" open>/)
  expect(page).toContain('The event carries operationId, operation, status completed')
  expect(page).toContain('DONE &lt;&amp;&gt;')
  expect(page).not.toContain('DONE <&>')
  expect(page).toContain('<svg xmlns="http://www.w3.org/2000/svg" class="sequence"')
  expect(page).toContain('POST /esim/enable')
  expect(page).toContain('again @scenario:a-plain-credential')
  expect(page).toContain(`<dt>Seed</dt><dd>${report.seed}</dd>`)
  expect(page).not.toMatch(/<(script|link|img)\b|(src|href)=/)
})

test('the state graph counts the transitions asked for, and lists what was asked beside them', () => {
  const graph = stateGraph([
    { from: 'disabled', operation: 'enable', outcome: 'success' },
    { from: 'enabled', operation: 'enable', outcome: 'failed' },
  ])
  expect(graph).toContain('class="covered"')
  expect(graph).toContain('>enable 1×<')
  expect(graph).toContain('>disable 0×<')
  expect(graph).toContain('enable of an eSIM that is enabled: failed, 1×')
})

test('what an operation began from is told for each scenario', () => {
  const edges = report.scenarios.flatMap((scenario) => scenario.edges)
  expect(edges).toContainEqual({ from: 'disabled', operation: 'enable', outcome: 'success' })
})

test('the diagram has a lane for each role, its messages in the order of time', () => {
  const diagram = sequenceDiagram({
    mismatches: [],
    cards: [],
    events: [{ at: '2026-01-01T00:00:03Z', headers: '', body: '', answered: '204' }],
    exchanges: [{ at: '2026-01-01T00:00:01Z', request: 'POST http://host/esim/enable\n', response: '202\n' }],
    messages: [{ at: '2026-01-01T00:00:02Z', from: 'eim', to: 'ipa', operation: 'GetEimPackage, ESipa', content: '' }],
  })
  const texts = [...diagram.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
  expect(texts).toEqual([
    'consumer',
    'provider',
    'eim',
    'ipa',
    'POST /esim/enable',
    '202',
    'GetEimPackage, ESipa',
    'event, answered 204',
  ])
})
