import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { phrases } from '../catalogue.ts'
import { type Double, startDouble } from '../double/double.ts'
import { nearestPhrase } from '../runner/phrases.ts'
import type { Report } from '../runner/report.ts'
import { readAssets } from './assets.ts'
import { readApi } from './openapi.ts'
import { mended, readOverrides } from './overrides.ts'
import { runDefinitions } from './run.ts'
import { sampleOf } from './sample.ts'

/** A small definition in the phrasing of CAMARA's guidelines, about the provider that the runner is tested with. */
const openapi = `
openapi: 3.0.3
info: { title: Small, version: 1.0.0 }
servers: [{ url: '{apiRoot}/esim' }]
paths:
  /enable:
    post:
      operationId: enableEsim
      security: [{ openId: ['iot-device-management:esims:enable'] }]
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Enable' } } }
      responses:
        '202': { content: { application/json: { schema: { $ref: '#/components/schemas/Operation' } } } }
        '400': { content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
  /operations/{operationId}:
    get:
      operationId: retrieveOperation
      security: [{ openId: ['iot-device-management:esims:read'] }]
      responses:
        '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Operation' } } } }
components:
  schemas:
    Iccid: { type: string, pattern: '^[0-9]{19,20}$' }
    Esim: { type: object, required: [iccid], properties: { iccid: { $ref: '#/components/schemas/Iccid' } } }
    Enable:
      allOf:
        - { type: object, required: [esim], properties: { esim: { $ref: '#/components/schemas/Esim' } } }
        - { required: [sink], properties: { sink: { type: string, format: uri } } }
    Operation: { type: object, required: [operationId, status], properties: { status: { enum: [accepted, completed] } } }
    Error: { type: object, required: [status, code, message], properties: { details: { type: string, nullable: true } } }
`

const feature = `
Feature: Small API, v1
  Background:
    Given an environment at "apiRoot"
    And the header "Content-Type" is set to "application/json"
    And the header "Authorization" is set to a valid access token
    And the header "x-correlator" is set to a UUID value

  @small_01_success
  Scenario: It is accepted
    Given the resource "/esim/enable"
    And the request body is set to a request body compliant with the schema at "/components/schemas/Enable"
    And the request body property "$.esim.iccid" is set to a valid ICCID
    When the request "enableEsim" is sent
    Then the response status code is 202
    And the response header "x-correlator" has same value as the request header "x-correlator"
    And the response body complies with the OAS schema for this operation and status code
    And the response property "$.status" is "ACCEPTED"

  @small_02_operation
  Scenario: It can be read
    Given an existing operation from a previous request
    And the path parameter "operationId" is set to an existing operation ID
    When the request "retrieveOperation" is sent
    Then the response status code is 200
    And the response property "$.operationId" is equal to the path parameter "operationId"

  @small_03_invalid
  Scenario: A wrong ICCID is refused
    Given the request body is set to a valid request body
    And the request body property "$.esim.iccid" does not comply with the OAS schema at "/components/schemas/Iccid"
    When the request "enableEsim" is sent
    Then the response status code is 400
    And the response property "$.code" is "OUT_OF_RANGE"

  @small_04_not_here
  Scenario: A value that nobody has
    Given the request body property "$.phone" is set to a valid phone number
    When the request "enableEsim" is sent
    Then the response status code is 400

  @small_05_undefined
  Scenario: A phrase that nobody knows
    When the request "enableEsim" is sent
    Then the response status code should be 202 soon
`

let double: Double
let report: Report
let folder: string
beforeAll(async () => {
  double = await startDouble()
  folder = mkdtempSync(join(tmpdir(), 'definition-'))
  writeFileSync(join(folder, 'small.yaml'), openapi)
  writeFileSync(join(folder, 'small.feature'), feature)
  writeFileSync(
    join(folder, 'overrides.yaml'),
    JSON.stringify([
      {
        feature: 'Small API',
        step: 'the response property "$.status" is "ACCEPTED"',
        instead: 'the response property "$.status" is "accepted"',
        reason: 'the schema says so',
      },
    ]),
  )
  report = (
    await runDefinitions({
      target: double.target,
      testbed: double.testbed,
      authorization: double.authorization.options,
      features: folder,
      openapi: join(folder, 'small.yaml'),
      overrides: join(folder, 'overrides.yaml'),
    })
  ).report
})
afterAll(() => double.close())

const verdictOf = (id: string) => report.requirements.find(({ requirement }) => requirement.id === id)?.verdict
const scenarioOf = (id: string) => report.scenarios.find(({ claims }) => claims.includes(id))

test('a definition is run as it is, with values of a leased device', () => {
  expect([scenarioOf('small_01_success')?.mismatches, verdictOf('small_02_operation')]).toEqual([[], 'pass'])
  expect(verdictOf('small_01_success')).toBe('pass')
})

test('a provider that answers otherwise fails, with the answer as evidence', () => {
  expect(verdictOf('small_03_invalid')).toBe('fail')
  expect(scenarioOf('small_03_invalid')?.mismatches).toEqual([
    { what: 'enableEsim (400), $.code', expected: 'OUT_OF_RANGE', actual: 'INVALID_ARGUMENT' },
  ])
  expect(scenarioOf('small_03_invalid')?.evidence?.exchanges).toHaveLength(1)
})

test('a value that the environment does not name is a reason to skip', () => {
  expect(scenarioOf('small_04_not_here')).toMatchObject({
    verdict: 'skip',
    reason: expect.stringContaining('phone number'),
  })
})

test('a phrase that nobody defined is an error with the nearest one', () => {
  const { verdict, reason } = scenarioOf('small_05_undefined') ?? {}
  expect(verdict).toBe('error')
  expect(reason).toContain('the nearest phrase is: Then')
})

test('a mended defect is told in the report', () => {
  expect(report.notes).toEqual([
    expect.stringMatching(/^Small API, v1, line \d+: asked as .*since the schema says so$/),
  ])
})

describe('what is read', () => {
  test.each([
    ['an OpenAPI document', () => readApi({}), 'no paths'],
    ['assets', () => readAssets('values: {}'), 'assets: it must NOT have additional properties'],
    ['overrides', () => readOverrides('- { step: x }'), 'overrides: a list of'],
  ])('%s: a file that is none is refused with a sentence', (_, read, sentence) => {
    expect(read).toThrow(sentence)
  })

  test('a feature without known defects stays as it is', () => {
    expect(mended(feature, [])).toEqual({ text: feature, notes: [] })
  })

  test('an asset may differ from operation to operation', () => {
    expect(readAssets('assets: { ICCID: { "*": "1", disable: "2" } }\nconditions: [a device is off]')).toEqual({
      assets: { ICCID: { '*': '1', disable: '2' } },
      conditions: ['a device is off'],
    })
  })
})

test('a sample has what the schema requires, and the environment’s values by name', () => {
  const api = readApi({
    paths: {},
    components: {
      schemas: {
        Whole: {
          type: 'object',
          required: ['id', 'count', 'inner'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            count: { type: 'integer', minimum: 3 },
            optional: { type: 'string' },
            inner: { oneOf: [{ type: 'object', required: ['eid'], properties: { eid: { type: 'string' } } }] },
          },
        },
      },
    },
  })
  const sample = sampleOf(api, api.schemaAt('/components/schemas/Whole'), (name) => (name === 'eid' ? '89' : undefined))
  expect(sample).toEqual({ id: expect.any(String), count: 3, inner: { eid: '89' } })
  expect(api.check(api.schemaAt('/components/schemas/Whole'), sample)).toEqual([])
  expect(() => api.schemaAt('/components/schemas/Nothing')).toThrow(
    'the definition has no #/components/schemas/Nothing',
  )
})

test('phrases are listed as somebody would write them', async () => {
  const all = await phrases('upstream')
  expect(all).toContain('Then the response header "…" has the same value as the request header "…"')
  expect(all.filter((phrase) => /[\\^$(|]/.test(phrase.replaceAll('{string}', '')))).toEqual([])
  expect(nearestPhrase('the response has no relation to it', ['Given an eUICC'])).toBeUndefined()
})
