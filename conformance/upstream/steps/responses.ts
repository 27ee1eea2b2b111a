/** Then, in the phrases of CAMARA's API testing guidelines and of the definitions that follow them. */
import { Then } from '@cucumber/cucumber'
import type { HttpResponse } from '../../runner/http.ts'
import { valueAt } from '../../scenario/json-path.ts'
import type { UpstreamWorld } from '../world.ts'

const statusOf = ({ status, body }: HttpResponse): number | string => status || body

function label({ latest: { exchange, operation } }: UpstreamWorld): string {
  return `${operation.operationId} (${exchange.response.status})`
}

const responseOf = ({ latest }: UpstreamWorld): HttpResponse => latest.exchange.response

function expectStatus(world: UpstreamWorld, ...wanted: readonly number[]): void {
  const response = responseOf(world)
  if (wanted.includes(response.status)) return
  const code = valueAt(response.json, '$.code')
  const actual = code === undefined ? statusOf(response) : `${response.status} ${code}`
  world.fail({ what: `status of ${label(world)}`, expected: wanted.join(' or '), actual })
}

Then(
  /^(?:the )?response (?:status )?(?:code )?is "?(\d{3})"?(?: or "?(\d{3})"?)?$/,
  function (this: UpstreamWorld, one: string, other: string | null) {
    expectStatus(this, Number(one), ...(other === null ? [] : [Number(other)]))
  },
)

Then(/^the response header "([^"]+)" is "([^"]*)"$/, function (this: UpstreamWorld, name: string, expected: string) {
  const actual = responseOf(this).headers[name.toLowerCase()] ?? 'absent'
  const [value = ''] = actual.split(';') // parameters such as charset are the sender's business
  if (value.trim().toLowerCase() !== expected.toLowerCase())
    this.fail({ what: `${label(this)}, header ${name}`, expected, actual })
})

Then(
  /^the response header "([^"]+)" has (?:the )?same value as the request header "([^"]+)"$/,
  function (this: UpstreamWorld, name: string, sent: string) {
    const { exchange } = this.latest
    const expected = exchange.request.headers?.[sent.toLowerCase()]
    const actual = exchange.response.headers[name.toLowerCase()] ?? 'absent'
    if (actual !== expected) this.fail({ what: `${label(this)}, header ${name}`, expected, actual })
  },
)

Then(/^the response header "([^"]+)" (?:exists|is present)$/, function (this: UpstreamWorld, name: string) {
  if ((responseOf(this).headers[name.toLowerCase()] ?? '') === '')
    this.fail({ what: `${label(this)}, header ${name}`, expected: 'a value', actual: 'absent' })
})

function expectSchema(world: UpstreamWorld, schema: unknown, expected: string): void {
  const [actual] = world.session.api.check(schema, responseOf(world).json)
  if (actual !== undefined) world.fail({ what: `body of ${label(world)}`, expected, actual })
}

Then(
  /^the response body complies with the (?:OAS )?schema (?:at )?"([^"]+)"$/,
  function (this: UpstreamWorld, pointer: string) {
    expectSchema(this, this.session.api.schemaAt(pointer), pointer)
  },
)

Then(
  /^the response body complies with the OAS schema for this operation and status code$/,
  function (this: UpstreamWorld) {
    const { operation, exchange } = this.latest
    const schema = operation.answers[String(exchange.response.status)] ?? operation.answers['default']
    if (schema === undefined) throw new Error(`the definition has no schema for ${label(this)}`)
    expectSchema(this, schema, `the schema of ${label(this)}`)
  },
)

Then(
  /^the response body complies with an array of OAS schema defined at "([^"]+)"$/,
  function (this: UpstreamWorld, pointer: string) {
    expectSchema(this, { type: 'array', items: this.session.api.schemaAt(pointer) }, `a list of ${pointer}`)
  },
)

Then(/^the response body is an empty array$/, function (this: UpstreamWorld) {
  expectSchema(this, { type: 'array', maxItems: 0 }, 'an empty list')
})

const propertyOf = (world: UpstreamWorld, path: string): unknown => valueAt(responseOf(world).json, path)

function expectProperty(world: UpstreamWorld, path: string, wanted: readonly unknown[]): void {
  const actual = propertyOf(world, path)
  if (wanted.some((value) => JSON.stringify(value) === JSON.stringify(actual))) return
  world.fail({ what: `${label(world)}, ${path}`, expected: wanted.length === 1 ? wanted[0] : wanted, actual })
}

Then(
  /^(?:the )?(?:value of )?response property "([^"]+)" (?:is|is equal to|is set to|==) (true|false|null|-?\d+(?:\.\d+)?|"[^"]*")(?: or (-?\d+|"[^"]*"))?$/,
  function (this: UpstreamWorld, path: string, one: string, other: string | null) {
    expectProperty(
      this,
      path,
      [one, other].filter((text) => text !== null).map((text) => JSON.parse(text)),
    )
  },
)

Then(/^the response property "([^"]+)" (?:exists|is present)$/, function (this: UpstreamWorld, path: string) {
  if (propertyOf(this, path) === undefined)
    this.fail({ what: `${label(this)}, ${path}`, expected: 'a value', actual: 'absent' })
})

Then(
  /^the response property "([^"]+)" (?:does not exist|is not present)$/,
  function (this: UpstreamWorld, path: string) {
    const actual = propertyOf(this, path)
    if (actual !== undefined) this.fail({ what: `${label(this)}, ${path}`, expected: 'absent', actual })
  },
)

Then(
  /^the response property "([^"]+)" (?:contains|has) a user[- ]friendly text(?: .*)?$/,
  function (this: UpstreamWorld, path: string) {
    const actual = propertyOf(this, path)
    if (typeof actual !== 'string' || actual.trim() === '')
      this.fail({ what: `${label(this)}, ${path}`, expected: 'a text', actual })
  },
)

Then(
  /^the response property "([^"]+)" (?:has the same value as|is equal to) the request (?:body )?property "([^"]+)"$/,
  function (this: UpstreamWorld, path: string, sent: string) {
    expectProperty(this, path, [valueAt(JSON.parse(this.latest.exchange.request.body ?? 'null'), sent)])
  },
)

Then(
  /^the response property "([^"]+)" is equal to the path parameter "([^"]+)"$/,
  async function (this: UpstreamWorld, path: string, name: string) {
    const wanted = new URL(this.latest.exchange.request.url).pathname.split('/').map(decodeURIComponent)
    const actual = propertyOf(this, path)
    if (!wanted.includes(String(actual)))
      this.fail({ what: `${label(this)}, ${path}`, expected: `the path parameter ${name}`, actual })
  },
)

Then(
  /^the response property "([^"]+)" is an array with at least (\d+) items?$/,
  function (this: UpstreamWorld, path: string, least: string) {
    const actual = propertyOf(this, path)
    if (!Array.isArray(actual) || actual.length < Number(least))
      this.fail({ what: `${label(this)}, ${path}`, expected: `a list of ${least} or more`, actual })
  },
)

Then(
  /^the response property "([^"]+)" (?:only exists|exists only) if (?:the )?(?:response )?property "([^"]+)" (?:exists|is "([^"]*)")$/,
  function (this: UpstreamWorld, path: string, other: string, value: string | null) {
    const condition = propertyOf(this, other)
    const may = value === null ? condition !== undefined : condition === value
    if (!may && propertyOf(this, path) !== undefined)
      this.fail({
        what: `${label(this)}, ${path}`,
        expected: `absent, since ${other} is ${condition}`,
        actual: 'there',
      })
  },
)

const isMoment = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))

Then(
  /^(?:if )?the response property "([^"]+)"(?:, if present, has a valid value with date-time format| is present, then the value has a valid date-time format)$/,
  function (this: UpstreamWorld, path: string) {
    const actual = propertyOf(this, path)
    if (actual !== undefined && !isMoment(actual))
      this.fail({ what: `${label(this)}, ${path}`, expected: 'a date-time', actual })
  },
)

Then(
  /^the response property "([^"]+)", if present, has the value (.+)$/,
  function (this: UpstreamWorld, path: string, list: string) {
    const wanted = [...list.matchAll(/"([^"]*)"/g)].map(([, value]) => value)
    if (propertyOf(this, path) !== undefined) expectProperty(this, path, wanted)
  },
)
