/** Given and When, in the phrases of CAMARA's API testing guidelines and of the definitions that follow them. */
import { randomUUID } from 'node:crypto'
import { type DataTable, Given, When } from '@cucumber/cucumber'
import { compliantBody, existingId, send, validOf } from '../request.ts'
import { flattened, violating } from '../sample.ts'
import { type Later, NotAvailable, type Token, type UpstreamWorld } from '../world.ts'

const settled =
  (value: unknown): Later =>
  () =>
    value

Given('an environment at {string}', function (this: UpstreamWorld, name: string) {
  if (name !== 'apiRoot') throw new Error(`no environment "${name}"; known: apiRoot`)
})

Given(
  /^(?:the )?(?:resource|path) "([^"]+)"(?: set as base-url| as base-url)?$/,
  function (this: UpstreamWorld, path: string) {
    this.draft.resource = path.replace(/^\{?apiRoot\}?/, '')
  },
)

/** What a definition calls its token, and what is sent. The first that fits decides. */
const tokens: readonly (readonly [RegExp, Token])[] = [
  [/expired/, { kind: 'forged', forgery: 'expired' }],
  [/malformed|not a valid|invalid|wrong/, { kind: 'forged', forgery: 'malformed' }],
  [/(not|without|lacking).*scope/, { kind: 'scopes', scopes: ['openid'] }],
  [/valid access token/, { kind: 'valid' }],
]

Given(/^the header "Authorization"(?: is)? set to (.+)$/, function (this: UpstreamWorld, what: string) {
  const literal = /^"(.*)"$/.exec(what)?.[1]
  const token =
    literal === undefined
      ? tokens.find(([words]) => words.test(what))?.[1]
      : ({ kind: 'literal', value: literal } as const)
  if (token === undefined) throw new Error(`no access token is known as "${what}"`)
  this.draft.token = token
})

Given(
  /^(?:the )?(?:request )?header "Authorization" is (?:removed|not sent|not included)$/,
  function (this: UpstreamWorld) {
    this.draft.token = { kind: 'none' }
  },
)

Given(
  /^(?:the )?(?:request )?header "(?!Authorization)([^"]+)" is (?:removed|not sent|not included)$/,
  function (this: UpstreamWorld, name: string) {
    this.draft.headers.delete(name.toLowerCase())
  },
)

Given(
  /^the header "(?!Authorization)([^"]+)" is set (?:to|as) "([^"]*)"$/,
  function (this: UpstreamWorld, name: string, value: string) {
    this.draft.headers.set(name.toLowerCase(), value)
  },
)

Given(
  /^the header "([^"]+)" (?:is set to a UUID value|complies with the schema at "[^"]+")$/,
  function (this: UpstreamWorld, name: string) {
    this.draft.headers.set(name.toLowerCase(), randomUUID())
  },
)

Given(
  /^the header "([^"]+)" does not comply with the schema at "[^"]+"$/,
  function (this: UpstreamWorld, name: string) {
    this.draft.headers.set(name.toLowerCase(), 'not allowed: ü " %')
  },
)

Given('the headers:', function (this: UpstreamWorld, table: DataTable) {
  for (const [name = '', value = ''] of table.raw().slice(1)) this.draft.headers.set(name.toLowerCase(), value)
})

Given(
  /^(?:the )?path parameter "([^"]+)" is (?:set (?:to|as)|equal to) "([^"]*)"$/,
  function (this: UpstreamWorld, name: string, value: string) {
    this.draft.path.set(name, settled(value))
  },
)

Given(/^(?:the )?path parameter "([^"]+)" is set to a random UUID$/, function (this: UpstreamWorld, name: string) {
  this.draft.path.set(name, settled(randomUUID()))
})

Given(/^(?:the )?path parameter "([^"]+)" has not a UUID format$/, function (this: UpstreamWorld, name: string) {
  this.draft.path.set(name, settled('no-uuid'))
})

Given(
  /^(?:the )?path parameter "([^"]+)" is set to (?:a value not corresponding to any existing|an unknown|a non-existing) (.+)$/,
  function (this: UpstreamWorld, name: string, _what: string) {
    this.draft.path.set(name, settled(randomUUID()))
  },
)

Given(
  /^(?:the )?path parameter "([^"]+)" is (?:set to|that of) (?:an existing|the identifier of an existing|the value for that) (.+)$/,
  function (this: UpstreamWorld, name: string, what: string) {
    this.draft.path.set(name, existingId(this, what, name))
  },
)

Given('the path parameters:', function (this: UpstreamWorld, table: DataTable) {
  for (const [name = '', value] of table.raw().slice(1)) this.draft.path.set(name, settled(value))
})

Given(
  /^the query parameter "([^"]+)" is (?:set (?:to|as)|equal to) "([^"]*)"$/,
  function (this: UpstreamWorld, name: string, value: string) {
    this.draft.query.set(name, value)
  },
)

Given(/^the query parameter "([^"]+)" is not (?:included|sent)$/, function (this: UpstreamWorld, name: string) {
  this.draft.query.delete(name)
})

Given('the query parameters:', function (this: UpstreamWorld, table: DataTable) {
  for (const [name = '', value = ''] of table.raw().slice(1)) this.draft.query.set(name, value)
})

Given(/^an existing (.+) from a previous (?:.+ )?request$/, function (this: UpstreamWorld, _what: string) {
  // made when its id is needed
})

Given(
  /^the request body is (?:set(?: by default)? to a (?:valid )?request body )?(?:which is )?compliant with the (?:OAS )?schema (?:at )?"([^"]+)"$/,
  function (this: UpstreamWorld, pointer: string) {
    this.draft.body = compliantBody(this, this.session.api.schemaAt(pointer))
  },
)

Given(
  /^(?:the request body is set(?: by default)? to a (?:valid request body|request body compliant with the schema)|a valid request body)$/,
  function (this: UpstreamWorld) {
    this.draft.body = compliantBody(this, undefined)
  },
)

Given(
  /^the request body is (?:set to any value which is )?not compliant with the (?:OAS )?schema (?:at )?"([^"]+)"$/,
  function (this: UpstreamWorld, _pointer: string) {
    this.draft.body = settled({ not: { compliant: [true] } })
  },
)

Given('the request body is not included', function (this: UpstreamWorld) {
  this.draft.body = settled(undefined)
})

Given(/^the request body is set to:? (\{.*\}|\[.*\])$/, function (this: UpstreamWorld, json: string) {
  this.draft.body = settled(JSON.parse(json))
})

Given('the request body:', function (this: UpstreamWorld, json: string) {
  this.draft.body = settled(JSON.parse(json))
})

Given(
  /^(?:the )?request (?:body )?property "([^"]+)" is (?:set (?:to|as)|equal to):? (true|false|-?\d+(?:\.\d+)?|".*"|\{.*\}|\[.*\])$/,
  function (this: UpstreamWorld, path: string, value: string) {
    this.draft.edits.push({ path, value: settled(JSON.parse(value)) })
  },
)

Given(
  /^(?:the )?request (?:body )?property "([^"]+)" is (?:also )?(?:set to |equal to )?(?:a|an) valid (?!UUID)(.+?)(?:, which may or may not be .+)?$/,
  function (this: UpstreamWorld, path: string, what: string) {
    this.draft.edits.push({ path, value: validOf(this, what) })
  },
)

Given(
  /^(?:the )?request (?:body )?property "([^"]+)" is (?:not included|removed|not present)$/,
  function (this: UpstreamWorld, path: string) {
    this.draft.edits.push({ path, value: settled(undefined) })
  },
)

Given(
  /^the request body properties "([^"]+)" and "([^"]+)" are not included$/,
  function (this: UpstreamWorld, one: string, other: string) {
    for (const path of [one, other]) this.draft.edits.push({ path, value: settled(undefined) })
  },
)

Given(
  /^(?:the )?request (?:body )?property "([^"]+)" (?:does not comply with the OAS schema at "([^"]+)"|is set to an invalid value)$/,
  function (this: UpstreamWorld, path: string, pointer: string | null) {
    const { api } = this.session
    const schema = pointer === null ? {} : flattened(api, api.schemaAt(pointer))
    this.draft.edits.push({ path, value: settled(violating(schema)) })
  },
)

Given(
  /^(?:the )?request (?:body )?property "([^"]+)" is not equal to "([^"]*)"$/,
  function (this: UpstreamWorld, path: string, value: string) {
    this.draft.edits.push({ path, value: settled(`not-${value}`) })
  },
)

/** Something well-formed that the environment does not know, or may not serve: only the environment can name one. */
Given(
  /^(?:the )?request (?:body )?property "([^"]+)" (?:is compliant with the schema,? but does not identify|only includes|includes several) (?:a |an )?(.+)$/,
  function (this: UpstreamWorld, path: string, what: string) {
    this.draft.edits.push({ path, value: validOf(this, `unknown ${what}`) })
  },
)

/** What the runner cannot bring about: true when the assets say that it is so in this environment. */
Given(
  /^((?:that (?:some types|the service|there)|at least \d+ types|a valid (?:testing )?(?:device|phone number)|the threshold of requests|the client|the API consumer|a device).*)$/,
  function (this: UpstreamWorld, condition: string) {
    if (this.assets.holds(condition)) return
    throw new NotAvailable(
      `nobody has said that in this environment "${condition}": list it under conditions in --assets`,
    )
  },
)

When('the request {string} is sent', async function (this: UpstreamWorld, operationId: string) {
  await send(this, this.operation(operationId))
})

When(/^the HTTP "([A-Z]+)" request is sent$/, async function (this: UpstreamWorld, method: string) {
  const { resource } = this.draft
  const found = [...this.session.api.operations.values()].find(
    (operation) => operation.method === method && resource?.endsWith(operation.path.split('/').slice(-1).join('/')),
  )
  if (found === undefined) throw new Error(`the definition has no ${method} ${resource ?? '(no resource was named)'}`)
  await send(this, found)
})
