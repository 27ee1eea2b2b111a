/** Then: what a response must be, in the phrases of CAMARA's API testing guidelines where they have one. */
import { Then } from '@cucumber/cucumber'
import { requestNamed, routeOf, type ShownEsim, type Situation, tell } from '../dialects/dialect.ts'
import type { SchemaName } from '../dialects/schemas.ts'
import type { HttpResponse } from '../runner/http.ts'
import { cardOf, seesCard } from '../scenario/card.ts'
import { latestDevice, subjectOf } from '../scenario/devices.ts'
import { sameIccid } from '../scenario/iccid.ts'
import { valueAt } from '../scenario/json-path.ts'
import { newDraft, type Trial } from '../scenario/model.ts'
import { labelOf, requirementOf, schemaOfOperation } from '../scenario/observe.ts'
import { errorFinding, expectAccepted, expectRefusal } from '../scenario/outcomes.ts'
import { send } from '../scenario/request.ts'
import { UNKNOWN_EID, UNKNOWN_ICCID } from '../scenario/unknown.ts'
import type { ScenarioWorld } from '../scenario/world.ts'

const statusOf = ({ status, body }: HttpResponse): number | string => status || body

function expectProperty(world: ScenarioWorld, path: string, expected: unknown): void {
  const actual = valueAt(world.latest.response.json, path)
  const equal = path.endsWith('.iccid')
    ? sameIccid(String(actual), String(expected))
    : JSON.stringify(actual) === JSON.stringify(expected)
  if (!equal) world.fail({ what: `${labelOf(world.latest)}, ${path}`, expected, actual })
}

Then('the response status code is {int}', function (this: ScenarioWorld, expected: number) {
  const { response } = this.latest
  if (response.status !== expected) this.fail({ what: labelOf(this.latest), expected, actual: statusOf(response) })
})

Then('the response header {string} is {string}', function (this: ScenarioWorld, name: string, expected: string) {
  const actual = this.latest.response.headers[name.toLowerCase()] ?? 'absent'
  const [value = ''] = actual.split(';') // parameters such as charset are the sender's business
  if (value.trim().toLowerCase() !== expected.toLowerCase())
    this.fail({ what: `${labelOf(this.latest)}, header ${name}`, expected, actual })
})

Then('the response header {string} exists', function (this: ScenarioWorld, name: string) {
  const actual = this.latest.response.headers[name.toLowerCase()] ?? ''
  if (actual === '')
    this.fail({ what: `${labelOf(this.latest)}, header ${name}`, expected: 'a value', actual: 'absent' })
})

function expectNames(world: ScenarioWorld, name: string, expected: string): void {
  const actual = world.latest.response.headers[name.toLowerCase()] ?? 'absent'
  const values = actual.split(',').map((value) => value.trim().toUpperCase())
  if (!values.includes(expected)) world.fail({ what: `${labelOf(world.latest)}, header ${name}`, expected, actual })
}

Then('the response header {string} names {string}', function (this: ScenarioWorld, name: string, expected: string) {
  expectNames(this, name, expected)
})

Then(
  'the response header "x-correlator" has the same value as the request header "x-correlator"',
  function (this: ScenarioWorld) {
    const { request, response } = this.latest
    const expected = request.headers?.['x-correlator']
    const actual = response.headers['x-correlator'] ?? 'absent'
    const requirement = 'answers/x-correlator-echoed'
    if (actual !== expected)
      this.fail({ requirement, what: `${labelOf(this.latest)}, header x-correlator`, expected, actual })
  },
)

/** By the name in the OpenAPI draft; the state of the operation decides which of its two shapes. */
function schemaNamed(world: ScenarioWorld, pointer: string, response: HttpResponse): SchemaName {
  const name = pointer.replace('/components/schemas/', '')
  if (name === 'ESimResponse')
    return schemaOfOperation(tell(world.session.dialect.operation, response.json)) ?? 'AcceptedOperation'
  if (name === 'EsimStatusResponse' || name === 'ErrorInfo') return name
  throw new Error(`no schema "${pointer}"`)
}

Then('the response body complies with the schema at {string}', function (this: ScenarioWorld, pointer: string) {
  const { response } = this.latest
  const schema = schemaNamed(this, pointer, response)
  const [actual] = this.session.schemas.complies(schema, response.json)
  if (actual !== undefined)
    this.fail({ requirement: requirementOf[schema], what: labelOf(this.latest), expected: pointer, actual })
})

Then('the response body has declared members only', function (this: ScenarioWorld) {
  const noted = this.mismatches.find(({ requirement }) => requirement === 'answers/declared-members')
  if (noted !== undefined) this.fail(noted)
})

Then(
  /^the response property "([^"]+)" is (true|false|-?\d+|".*"|\[.*\])$/,
  function (this: ScenarioWorld, path: string, expected: string) {
    expectProperty(this, path, JSON.parse(expected))
  },
)

Then(
  'the response property {string} is the ICCID of eSIM {string}',
  async function (this: ScenarioWorld, path: string, alias: string) {
    const { iccid } = await subjectOf(this, alias)
    const actual = valueAt(this.latest.response.json, path)
    if (!sameIccid(String(actual), iccid))
      this.fail({ what: `${labelOf(this.latest)}, ${path}`, expected: iccid, actual })
  },
)

Then('the response property {string} exists', function (this: ScenarioWorld, path: string) {
  if (valueAt(this.latest.response.json, path) === undefined)
    this.fail({ what: `${labelOf(this.latest)}, ${path}`, expected: 'a value', actual: 'absent' })
})

Then('the response property {string} does not exist', function (this: ScenarioWorld, path: string) {
  const actual = valueAt(this.latest.response.json, path)
  if (actual !== undefined) this.fail({ what: `${labelOf(this.latest)}, ${path}`, expected: 'absent', actual })
})

Then(
  'the response property {string} has the same value as the request body property {string}',
  function (this: ScenarioWorld, path: string, sent: string) {
    expectProperty(this, path, valueAt(JSON.parse(this.latest.request.body ?? 'null'), sent))
  },
)

Then('the response property {string} contains a user friendly text', function (this: ScenarioWorld, path: string) {
  const actual = valueAt(this.latest.response.json, path)
  if (typeof actual !== 'string' || actual.trim() === '')
    this.fail({ what: `${labelOf(this.latest)}, ${path}`, expected: 'a text', actual })
})

function expectEach(
  world: ScenarioWorld,
  finding: (trial: Trial) => { expected: unknown; actual: unknown } | undefined,
): void {
  if (world.batch.length === 0) throw new Error('no requests were sent')
  for (const trial of world.batch) {
    const found = finding(trial)
    const rule = trial.requirement === undefined ? {} : { requirement: trial.requirement }
    if (found !== undefined) world.note({ ...rule, what: `${labelOf(trial.exchange)} with ${trial.label}`, ...found })
  }
}

Then('each response is {int} {string}', function (this: ScenarioWorld, status: number, code: string) {
  expectEach(this, (trial) => errorFinding(trial, [status, code]))
})

Then(
  'each response is 401 {string} with a WWW-Authenticate header for Bearer',
  function (this: ScenarioWorld, code: string) {
    expectEach(this, (trial) => errorFinding(trial, [401, code]))
    expectEach(this, ({ exchange: { response } }) => {
      const actual = response.headers['www-authenticate'] ?? 'absent'
      return response.status !== 401 || /(^|,\s*)bearer\b/i.test(actual)
        ? undefined
        : { expected: 'WWW-Authenticate: Bearer', actual }
    })
  },
)

Then(
  'the response is {int} {string} or {int} {string}',
  function (this: ScenarioWorld, status: number, code: string, otherStatus: number, otherCode: string) {
    const trial = { exchange: this.latest }
    const found = errorFinding(trial, [status, code])
    if (found === undefined || errorFinding(trial, [otherStatus, otherCode]) === undefined) return
    this.fail({
      what: labelOf(this.latest),
      expected: `${found.expected} or ${otherStatus} ${otherCode}`,
      actual: found.actual,
    })
  },
)

Then('the response is 413 {string}, or the connection was closed', function (this: ScenarioWorld, code: string) {
  if (this.latest.response.status === 0) return // RFC 9110, section 15.5.14: the server may close the connection
  const found = errorFinding({ exchange: this.latest }, [413, code])
  if (found !== undefined) this.fail({ what: labelOf(this.latest), ...found })
})

function expectRefused(world: ScenarioWorld, situation: Situation): void {
  const { dialect, ics } = world.session
  expectRefusal(world, dialect.refusals(ics.readings)[situation], situation)
}

Then('the response is {int} {string}', function (this: ScenarioWorld, status: number, code: string) {
  expectRefusal(this, [status, code])
})

Then('the response says that no task was made', function (this: ScenarioWorld) {
  const { response } = this.latest
  const { status, operationId } = tell(this.session.dialect.accepted, response.json)
  if (status === 'accepted' || operationId !== undefined)
    this.fail({ what: labelOf(this.latest), expected: 'another code, and no id', actual: response.body })
})

Then('the request is granted', function (this: ScenarioWorld) {
  const { name, exchange } = this.asked ?? {}
  expectAccepted(this)
  if (name === undefined || exchange === undefined) return
  const { answer } = routeOf(this.session.dialect, name)
  const { json } = exchange.response
  const schema = answer === 'Operation' ? schemaOfOperation(tell(this.session.dialect.operation, json)) : answer
  if (schema === undefined || schema === 'Nothing') return
  const [actual] = this.session.schemas.complies(schema, json)
  if (actual !== undefined)
    this.fail({ requirement: requirementOf[schema], what: labelOf(exchange), expected: `the schema ${schema}`, actual })
})

/** What the request of the latest answer would be refused for. */
const toStatus = ({ asked }: ScenarioWorld): boolean => asked?.name === 'getEsimStatus'

Then(
  /^the (?:status )?request is refused as one that names an unknown (?:eSIM|eUICC)$/,
  function (this: ScenarioWorld) {
    expectRefused(this, toStatus(this) ? 'unknown to status' : 'unknown to an operation')
  },
)

Then(/^the request is refused as one about somebody else’s (?:eSIM|eUICC)$/, function (this: ScenarioWorld) {
  expectRefused(this, toStatus(this) ? 'foreign to status' : 'foreign to an operation')
})

Then('the request is refused as one whose EID and ICCID are no pair', function (this: ScenarioWorld) {
  expectRefused(this, toStatus(this) ? 'not a pair to status' : 'not a pair')
})

Then('the request is refused as one that names an unknown operation', function (this: ScenarioWorld) {
  expectRefused(this, 'unknown operation')
})

/** Nothing but the identifiers themselves may differ. */
const withoutIdentifiers = ({ status, body, headers }: HttpResponse): string =>
  `${status} ${headers['content-type']} ${body.replaceAll(/\b(\d{32}|\d{18,20}|[0-9a-f-]{36})\b/g, '(identifier)')}`

const unknownInstead: Readonly<Record<string, (body: string) => string>> = {
  eSIM: (body) => body.replace(/"iccid":"\d+"/, `"iccid":"${UNKNOWN_ICCID}"`),
  eUICC: (body) => body.replace(/"(eid|eId)":"\d+"/, `"$1":"${UNKNOWN_EID}"`),
  operation: (body) => body,
}

Then(
  /^the same request for an unknown (eSIM|eUICC|operation) gets the same answer(, unless the difference is declared)?$/,
  async function (this: ScenarioWorld, what: string, unless: string | null) {
    if (unless !== null && this.session.ics.readings.foreignIdentifier !== 'unknown') return
    const { name, exchange } = this.asked ?? {}
    if (name === undefined || exchange === undefined) throw new Error('no request of the API was sent yet')
    const rawBody = unknownInstead[what]?.(exchange.request.body ?? '')
    const other = await send(this, name, {}, { ...newDraft(), rawBody })
    const [expected, actual] = [other, exchange].map(({ response }) => withoutIdentifiers(response))
    const requirement = 'ownership/foreign-like-unknown'
    if (actual !== expected)
      this.fail({ requirement, what: `${labelOf(exchange)}, about somebody else’s`, expected, actual })
  },
)

Then('the response shows no eSIMs', function (this: ScenarioWorld) {
  const actual = this.session.dialect.esims(this.latest.response.json)
  if (!Array.isArray(actual) || actual.length > 0)
    this.fail({ what: 'eSIMs that the API shows', expected: [], actual: actual ?? this.latest.response.body })
})

Then('the response header "Allow" names the method of {string}', function (this: ScenarioWorld, name: string) {
  const { method } = routeOf(this.session.dialect, requestNamed(name))
  expectNames(this, 'Allow', method)
})

Then('the response shows the eSIMs {string} as the eUICC has them', async function (this: ScenarioWorld, list: string) {
  const { dialect } = this.session
  const shown = (dialect.esims(this.latest.response.json) ?? []) as readonly ShownEsim[]
  if (!seesCard(this, 'the eSIMs shown as the eUICC has them')) return
  const { eid, profiles } = await cardOf(this, latestDevice(this))
  const iccids = await Promise.all(list.split(',').map(async (alias) => (await subjectOf(this, alias.trim())).iccid))
  const showsFallback = dialect.abilities.includes('fallback')
  const text = (esim: ShownEsim): string =>
    JSON.stringify([esim.eid, esim.iccid, esim.state, ...(showsFallback ? [esim.isFallback] : [])])
  const expected = profiles
    .filter(({ iccid }) => iccids.some((one) => sameIccid(one, iccid)))
    .map(({ iccid, state, fallbackAttribute }) => text({ eid, iccid, state, isFallback: fallbackAttribute }))
  const canonical = (esim: ShownEsim): ShownEsim => ({
    ...esim,
    iccid: profiles.find(({ iccid }) => sameIccid(iccid, esim.iccid))?.iccid ?? esim.iccid,
  })
  const actual = shown.map((esim) => text(canonical(esim)))
  if (expected.sort().join() !== actual.sort().join()) this.fail({ what: 'eSIMs that the API shows', expected, actual })
})
