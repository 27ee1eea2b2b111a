/** What a failed scenario leaves for the report. No secret is in it. */
import type { Dialect } from '../dialects/dialect.ts'
import { requirementsOf } from '../requirements/index.ts'
import type { Exchange } from '../runner/http.ts'
import type { Device } from '../testbed/http.ts'
import type { Mismatch } from './mismatch.ts'
import type { Scenario, ScenarioDevice } from './model.ts'
import { secretsOf } from './secrets.ts'

export const evidenceType = 'application/vnd.esim-testbed.evidence+json'
export const reasonType = 'application/vnd.esim-testbed.reason+json'

export interface Evidence {
  /** A shell script that reproduces it, when a random sequence has found it. */
  readonly script?: string
  readonly mismatches: readonly Mismatch[]
  /** Texts as on the wire, oldest first; long runs of equal polls are one. */
  readonly exchanges: readonly { readonly at: string; readonly request: string; readonly response: string }[]
  readonly events: readonly {
    readonly at: string
    readonly headers: string
    readonly body: string
    readonly answered: string
  }[]
  readonly cards: readonly {
    readonly eid: string
    readonly before: readonly string[]
    readonly after: readonly string[]
  }[]
  /** Messages between the roles of the testbed meanwhile, on its clock, oldest first. */
  readonly messages: readonly {
    readonly at: string
    readonly from: string
    readonly to: string
    readonly operation: string
    readonly content: string
  }[]
}

/** Takes the secrets that the scenario sent out of a text. */
const hider = ({ exchanges }: Scenario): ((text: string) => string) => {
  const secrets = exchanges.flatMap(({ request }) => secretsOf(request.body))
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '(secret)'), text)
}

export function openMismatches(world: Scenario, dialect: Dialect): readonly Mismatch[] {
  const hide = hider(world)
  return named(dialect, world.mismatches).map((mismatch) => JSON.parse(hide(JSON.stringify(mismatch))) as Mismatch)
}

/** With the full ids of the dialect's requirements. What the dialect does not require is a matter of what the scenario claims. */
export function named(dialect: Dialect, mismatches: readonly Mismatch[]): readonly Mismatch[] {
  const known = new Set(requirementsOf(dialect.id).map(({ id }) => id))
  return mismatches.map(({ requirement = '', ...mismatch }) => {
    const id = [requirement, `${dialect.prefix}/${requirement}`].find((candidate) => known.has(candidate))
    return id === undefined ? mismatch : { requirement: id, ...mismatch }
  })
}

const MOST_EXCHANGES = 12

export async function evidenceOf(world: Scenario): Promise<Evidence> {
  const hide = hider(world)
  const all = world.exchanges.map(wireTexts)
  const distinct = all.filter(({ response }, index) => bodyOf(response) !== bodyOf(all[index - 1]?.response))
  return {
    mismatches: openMismatches(world, world.session.dialect),
    exchanges: distinct
      .slice(-MOST_EXCHANGES)
      .map(({ at, request, response }) => ({ at, request: hide(request), response: hide(response) })),
    events: world.events.map(({ delivery: { at, headers, body, answer } }) => ({
      at: new Date(at).toISOString(),
      headers: fields(headers),
      body: hide(body),
      answered: typeof answer === 'string' ? answer : String(answer.status),
    })),
    cards: (await Promise.all(world.devices.map((device) => cardStory(world, device)))).filter(
      (story) => story !== undefined,
    ),
    messages: await messagesOf(world, hide),
  }
}

const MOST_MESSAGES = 200
const LONGEST_CONTENT = 3000
/** What the runner itself sent and received is told already. */
const told: ReadonlySet<string> = new Set(['API', 'event'])

async function messagesOf(world: Scenario, hide: (text: string) => string): Promise<Evidence['messages']> {
  const { testbed, testbedClock } = world.session
  const [first] = world.exchanges
  if (first === undefined) return []
  const from = first.sentAt + testbedClock.offsetMs - testbedClock.uncertaintyMs
  const traces = world.devices.map(async ({ leased }) => (leased ? testbed.trace((await leased).lease.eid) : []))
  return (await Promise.all(traces))
    .flat()
    .filter((message) => !told.has(message.interface) && Date.parse(message.at) >= from)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .slice(0, MOST_MESSAGES)
    .map(({ at, interface: name, from: sender, to, operation, json, status }) => ({
      at,
      from: sender,
      to,
      operation: `${operation}${status === undefined ? '' : ` (${status})`}, ${name}`,
      content: hide(JSON.stringify(json ?? null, null, 2)).slice(0, LONGEST_CONTENT),
    }))
}

const bodyOf = (response: string | undefined): string | undefined => response?.split('\n\n')[1]

export const wireTexts = ({ request, response, sentAt }: Exchange) => ({
  at: new Date(sentAt).toISOString(),
  request: `${request.method} ${request.url}\n${fields(request.headers ?? {})}\n\n${request.body ?? ''}`.slice(0, 4000),
  response: `${response.status}\n${fields(response.headers)}\n\n${response.body}`.slice(0, 4000),
})

const fields = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${name === 'authorization' ? hidden(value) : value}`)
    .join('\n')

/** Without a scheme the first word is the secret. */
const hidden = (value: string): string => (value.includes(' ') ? `${value.split(' ')[0]} (hidden)` : '(hidden)')

async function cardStory({ session }: Scenario, { leased }: ScenarioDevice) {
  if (leased === undefined || !session.testbed.truth) return undefined
  const { lease, before } = await leased
  const after = await session.testbed.device(lease.eid)
  return { eid: lease.eid, before: profilesOf(before), after: profilesOf(after) }
}

const profilesOf = ({ profiles }: Device): readonly string[] =>
  profiles.map(({ iccid, state, fallbackAttribute }) => `${iccid} ${state}${fallbackAttribute ? ', fallback' : ''}`)
