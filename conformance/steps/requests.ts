/** Building and sending requests, in the phrases of CAMARA's API testing guidelines where they have one. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type DataTable, Given, When } from '@cucumber/cucumber'
import type { ForgedToken } from '../authorization/forge.ts'
import { type RequestName, requestNamed, routeOf, scopesOf } from '../dialects/dialect.ts'
import { numbersOf } from '../runner/shards.ts'
import { deviceNamed, eidOf, latestDevice, subjectOf } from '../scenario/devices.ts'
import { inboxOf } from '../scenario/events.ts'
import { fuzzed, type Mistake, mistakesIn } from '../scenario/mistakes.ts'
import { type Aim, bodyFor, send, sendElsewhere } from '../scenario/request.ts'
import { UNKNOWN_EID, UNKNOWN_ICCID } from '../scenario/unknown.ts'
import type { ScenarioWorld } from '../scenario/world.ts'
import type { SinkAnswer } from '../sink/inbox.ts'

Given('an environment at {string}', function (this: ScenarioWorld, name: string) {
  if (name !== 'apiRoot') throw new Error(`no environment "${name}"; known: apiRoot`)
})

Given('the header "Authorization" is set to a valid access token', function (this: ScenarioWorld) {
  this.draft.credentials = { kind: 'valid', tenant: 'own' }
})

Given('the header "Authorization" is set to a valid access token of that tenant', function (this: ScenarioWorld) {
  this.draft.credentials = { kind: 'valid', tenant: latestDevice(this).tenant }
})

Given(
  'the header "Authorization" is set to an access token of the scope {string}',
  function (this: ScenarioWorld, name: string) {
    const scopes = scopesOf(this.session.dialect).filter((scope) => scope.endsWith(`:${name}`))
    this.draft.credentials = { kind: 'scopes', scopes }
  },
)

Given(
  'the header "Authorization" is set to an access token without the scope of {string}',
  function (this: ScenarioWorld, name: string) {
    const { scope } = routeOf(this.session.dialect, requestNamed(name))
    this.draft.credentials = { kind: 'scopes', scopes: scopesOf(this.session.dialect).filter((one) => one !== scope) }
  },
)

Given(
  /^the header "Authorization" is set to "([^"]*\{access token\})"$/,
  function (this: ScenarioWorld, value: string) {
    this.draft.credentials = { kind: 'literal', value }
  },
)

Given('the header "Authorization" is removed', function (this: ScenarioWorld) {
  this.draft.credentials = { kind: 'none' }
})

Given('the header "Content-Type" is set to {string}', function (this: ScenarioWorld, value: string) {
  this.draft.contentType = value
})

Given('the header "x-correlator" is set to a UUID value', function (this: ScenarioWorld) {
  this.draft.correlator = 'new'
})

Given('the header "x-correlator" is set to {string}', function (this: ScenarioWorld, value: string) {
  this.draft.correlator = { value }
})

Given(
  'the header "x-correlator" is set to {int} times {string}',
  function (this: ScenarioWorld, times: number, value: string) {
    this.draft.correlator = { value: value.repeat(times) }
  },
)

Given('the header "x-correlator" is removed', function (this: ScenarioWorld) {
  this.draft.correlator = 'none'
})

Given(
  /^the request body property "([^"]+)" is set to (true|false|-?\d+|".*"|[[{].*)$/,
  function (this: ScenarioWorld, path: string, value: string) {
    this.draft.edits.push({ path, value: JSON.parse(value) as unknown })
  },
)

Given(/^the request names an unknown (eSIM|eUICC)$/, function (this: ScenarioWorld, what: string) {
  this.draft.names = what === 'eSIM' ? { iccid: UNKNOWN_ICCID } : { eid: UNKNOWN_EID }
})

Given('the request names the EID of the eUICC, too', async function (this: ScenarioWorld) {
  this.draft.names = { eid: await eidOf(this, latestDevice(this)) }
})

Given('the request names the EID of the eUICC {string}, too', async function (this: ScenarioWorld, name: string) {
  this.draft.names = { eid: await eidOf(this, deviceNamed(this, name)) }
})

Given('the request body property {string} is removed', function (this: ScenarioWorld, path: string) {
  this.draft.edits.push({ path, value: undefined })
})

Given('the request names the ICCID of eSIM {string}, too', async function (this: ScenarioWorld, alias: string) {
  this.draft.names = { iccid: (await subjectOf(this, alias)).iccid }
})

Given('the download is to activate the eSIM', function (this: ScenarioWorld) {
  const { activates, activation } = this.session.dialect.requested
  if (activates === undefined) throw new Error('the dialect has no download that activates')
  this.draft.edits.push({ path: activates, value: activation })
})

Given(
  'the request body property {string} is set to the EID of the eUICC',
  async function (this: ScenarioWorld, path: string) {
    this.draft.edits.push({ path, value: await eidOf(this, latestDevice(this)) })
  },
)

Given(
  'the request body property {string} is set to the EID of the eUICC {string}',
  async function (this: ScenarioWorld, path: string, name: string) {
    this.draft.edits.push({ path, value: await eidOf(this, deviceNamed(this, name)) })
  },
)

Given(
  /^the request body property "([^"]+)" is set to an? (access token|refresh token|plain) credential$/,
  function (this: ScenarioWorld, path: string, kind: string) {
    this.draft.edits.push({ path, value: credential(kind) })
  },
)

function credential(kind: string): object {
  const secret = () => randomBytes(18).toString('base64url')
  if (kind === 'plain') return { credentialType: 'PLAIN', identifier: 'esim-testbed', secret: secret() }
  const token = { accessToken: secret(), accessTokenExpiresUtc: '2099-12-31T23:59:59Z', accessTokenType: 'bearer' }
  if (kind === 'access token') return { credentialType: 'ACCESSTOKEN', ...token }
  return {
    credentialType: 'REFRESHTOKEN',
    ...token,
    refreshToken: secret(),
    refreshTokenEndpoint: 'https://auth.example.com/token',
  }
}

Given('the sink is {string}', function (this: ScenarioWorld, name: string) {
  this.draft.sink = name
})

Given(/^the sink answers "([^"]+)"(?:, then 204)?$/, function (this: ScenarioWorld, list: string) {
  const late = { status: 204, afterMs: (this.session.ics.timeouts.sinkPatienceSeconds * 1000) / 2 }
  const meaning = (answer: string): SinkAnswer => {
    if (answer === 'reset' || answer === 'silence') return answer
    return answer === 'late' ? late : { status: Number(answer) }
  }
  inboxOf(this).script(list.split(',').map((answer) => meaning(answer.trim())))
})

When(
  'the request {string} is sent for eSIM {string}',
  async function (this: ScenarioWorld, name: string, alias: string) {
    await send(this, requestNamed(name), { alias })
  },
)

When(
  'the request {string} is sent for eSIM {string} as operation {string}',
  async function (this: ScenarioWorld, name: string, alias: string, operation: string) {
    const { response } = await send(this, requestNamed(name), { alias })
    const { success } = routeOf(this.session.dialect, requestNamed(name))
    if (response.status !== success)
      this.fail({ what: `the answer to ${name}`, expected: success, actual: response.status || response.body })
    this.operation.alias = operation
  },
)

When(
  'the request {string} is sent for eSIM {string} with the activation code of {string}',
  async function (this: ScenarioWorld, name: string, alias: string, order: string) {
    const { activationCode } = await subjectOf(this, order)
    this.draft.edits.push({ path: '$.activationCode', value: activationCode })
    const { eid } = await subjectOf(this, alias)
    this.draft.edits.push({ path: '$.esim.eid', value: eid })
    await send(this, requestNamed(name), { alias })
  },
)

When(
  'the request {string} is sent for eSIM {string} and eSIM {string} at the same time',
  async function (this: ScenarioWorld, name: string, one: string, other: string) {
    await Promise.all([
      send(this, requestNamed(name), { alias: one }),
      send(this, requestNamed(name), { alias: other }),
    ])
  },
)

When('the request {string} is sent for the eUICC', async function (this: ScenarioWorld, name: string) {
  await send(this, requestNamed(name))
})

When('the request {string} is sent for the operation', async function (this: ScenarioWorld, name: string) {
  await send(this, requestNamed(name), { operationId: this.operation.operationId })
})

When('the operation is asked for under the base path of another version', async function (this: ScenarioWorld) {
  const { path } = routeOf(this.session.dialect, 'retrieveOperation')
  const other = path.replace(/rc(\d)/, (_, number) => `rc${number === '1' ? 2 : 1}`)
  await sendElsewhere(this, {
    method: 'GET',
    path: other.replace(/\{\w+\}/, this.operation.operationId),
    like: 'retrieveOperation',
  })
})

When(
  'the request {string} is sent for operationId {string}',
  async function (this: ScenarioWorld, name: string, operationId: string) {
    await send(this, requestNamed(name), { operationId })
  },
)

When(
  /^the request (GET|POST|PUT|PATCH|DELETE) "([^"]+)" is sent( below the base path)?$/,
  async function (this: ScenarioWorld, method: string, path: string, below: string | null) {
    await sendElsewhere(this, { method, path: below === null ? path : `${this.session.dialect.basePath}${path}` })
  },
)

When(
  /^the request "([^"]+)" is sent with the method (GET|POST|PUT|PATCH|DELETE)$/,
  async function (this: ScenarioWorld, name: string, method: string) {
    const { path } = routeOf(this.session.dialect, requestNamed(name))
    await sendElsewhere(this, { method, path: path.replace(/\{\w+\}/, randomUUID()) })
  },
)

When(
  'the request {string} is sent for eSIM {string} with a body that is too large',
  async function (this: ScenarioWorld, name: string, alias: string) {
    this.draft.edits.push({ path: '$.correlationId', value: 'x'.repeat(2 * this.session.ics.limits.bodyOctets) })
    await send(this, requestNamed(name), { alias })
  },
)

/** Sends one request for each row and keeps the answers for "each response is …". */
async function sendEach<Row>(
  world: ScenarioWorld,
  rows: readonly Row[],
  trial: (row: Row) => { name: RequestName; aim: Aim; label: string; requirement?: string },
) {
  world.batch = []
  for (const row of rows) {
    const { name, aim, ...about } = trial(row)
    world.batch.push({ ...about, exchange: await send(world, name, aim) })
  }
}

const cellsOf = (table: DataTable): readonly string[] => table.raw().map(([cell = '']) => cell)

When(
  'the request {string} is sent for eSIM {string} with each of these values of the header "Authorization"',
  async function (this: ScenarioWorld, name: string, alias: string, table: DataTable) {
    await sendEach(this, cellsOf(table), (value) => {
      this.draft.credentials = value === 'none' ? { kind: 'none' } : { kind: 'literal', value }
      return { name: requestNamed(name), aim: { alias }, label: `Authorization: ${value}` }
    })
  },
)

/** What a provider breaks that lets it in. */
const ruleBrokenBy: Readonly<Partial<Record<ForgedToken, string>>> = {
  expired: 'authorization/token-current',
  'not valid yet': 'authorization/token-current',
  'for another audience': 'authorization/token-ours',
  'of another issuer': 'authorization/token-ours',
}

When(
  'the request {string} is sent for eSIM {string} with each of these access tokens',
  async function (this: ScenarioWorld, name: string, alias: string, table: DataTable) {
    await sendEach(this, cellsOf(table) as ForgedToken[], (forgery) => {
      this.draft.credentials = { kind: 'forged', forgery }
      const requirement = ruleBrokenBy[forgery] ?? 'authorization/token-genuine'
      return { name: requestNamed(name), aim: { alias }, label: `access token ${forgery}`, requirement }
    })
  },
)

When(
  'the request {string} is sent for eSIM {string} with an access token of each other scope, and of all of them together',
  async function (this: ScenarioWorld, name: string, alias: string) {
    const { dialect } = this.session
    const others = scopesOf(dialect).filter((scope) => scope !== routeOf(dialect, requestNamed(name)).scope)
    await sendEach(this, [...others.map((scope) => [scope]), others], (granted) => {
      this.draft.credentials = { kind: 'scopes', scopes: granted }
      return { name: requestNamed(name), aim: { alias }, label: `access token with scope ${granted.join(' ')}` }
    })
  },
)

When(
  'the request {string} is sent for eSIM {string} with each of these bodies',
  async function (this: ScenarioWorld, name: string, alias: string, table: DataTable) {
    await sendEach(this, cellsOf(table), (body) => {
      this.draft.rawBody = body
      return { name: requestNamed(name), aim: { alias }, label: `body ${body || '(empty)'}` }
    })
  },
)

When(
  'the request {string} is sent for eSIM {string} with each of these changes',
  async function (this: ScenarioWorld, name: string, alias: string, table: DataTable) {
    await sendEach(this, table.hashes(), ({ requirement = '', property = '', value = '' }) => {
      this.draft.edits = [{ path: property, value: value === 'removed' ? undefined : (JSON.parse(value) as unknown) }]
      return {
        name: requestNamed(name),
        aim: { alias },
        label: `${property} ${value}`,
        requirement: `errors/${requirement}`,
      }
    })
  },
)

When(
  'the request {string} is sent for eSIM {string} with {int} bodies fuzzed from its schema',
  async function (this: ScenarioWorld, name: string, alias: string, count: number) {
    const chance = numbersOf(this.session.seed + count + name.length)
    await sendMistakes(this, { name, alias }, (given) => fuzzed(given, count, chance))
  },
)

When(
  'the request {string} is sent for eSIM {string} with each mistake that its body leaves room for',
  async function (this: ScenarioWorld, name: string, alias: string) {
    await sendMistakes(this, { name, alias }, ({ body, members }) => mistakesIn(body, members))
  },
)

async function sendMistakes(
  world: ScenarioWorld,
  { name, alias }: { name: string; alias: string },
  make: (given: Parameters<typeof fuzzed>[0]) => readonly Mistake[],
): Promise<void> {
  const { members = [] } = routeOf(world.session.dialect, requestNamed(name))
  const right = await bodyFor(world, requestNamed(name), { alias })
  await sendEach(world, make({ body: right, members }), ({ label, rule, body }) => {
    world.draft.rawBody = JSON.stringify(body)
    return { name: requestNamed(name), aim: { alias }, label, requirement: `errors/${rule}` }
  })
}
