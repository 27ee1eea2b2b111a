import { type Action, type Asked, actions, type ClientDialect, clientDialects, type Need } from '../api/dialects.ts'
import { createSend, NoAnswer } from '../api/exchange.ts'
import { openSink, type Sink } from '../api/listen.ts'
import { type Reporter, runAction } from '../api/run.ts'
import { configurationUrl, createToken } from '../api/token.ts'
import { type Arguments, type Command, numberOf, textOf, UsageError } from '../command.ts'
import { NOT_ASKED } from '../run.ts'
import { untilSignal } from '../signal.ts'

export const apiCommand: Command = {
  name: 'api',
  summary:
    'Calls the API of a provider. Exit code 0: done; 1: refused, or the operation has failed; 2: it could not ask, or nobody knows yet.',
  operands: actions.join('|'),
  flags: {
    target: { value: 'APIROOT', summary: 'API root of the provider; default http://127.0.0.1:9091' },
    dialect: { value: 'ID', summary: `default esim-management@0.1; one of ${Object.keys(clientDialects).join(', ')}` },
    eid: { value: 'EID', summary: 'the eUICC' },
    iccid: { value: 'ICCID', summary: 'the profile' },
    'activation-code': { value: 'CODE', summary: 'of a download' },
    activate: { summary: 'enable what was downloaded, where the dialect has that' },
    id: { value: 'ID', summary: 'of the operation that is read or subscribed to' },
    wait: { summary: 'wait for the outcome' },
    timeout: { value: 'SECONDS', summary: 'how long; default 120' },
    listen: { summary: 'receive the events here, show them, and wait for the one about the outcome' },
    'listen-at': {
      value: 'HOST:PORT',
      summary: 'where, as the provider reaches it; default 127.0.0.1:0, any free port',
    },
    sink: { value: 'URL', summary: 'where the events go instead' },
    'sink-token': { value: 'TOKEN', summary: 'access token that the provider sends with them' },
    'max-events': { value: 'N', summary: 'after which a subscription ends' },
    expires: { value: 'TIME', summary: 'when a subscription ends (RFC 3339)' },
    'initial-event': { summary: 'be told at once of what has happened before' },
    issuer: { value: 'URL', summary: "OpenID issuer; default: the one that the provider's OpenAPI document names" },
    'client-id': { value: 'ID', summary: 'or ESIM_API_CLIENT_ID; default acme, a client of `up`' },
    'client-secret': { value: 'SECRET', summary: 'or ESIM_API_CLIENT_SECRET' },
    resource: { value: 'URI', summary: 'audience that the token is for (RFC 8707)' },
    correlator: { value: 'TEXT', summary: 'x-correlator of the calls' },
    json: { summary: 'print answers and events as JSON, one in a line' },
    verbose: { short: 'v', summary: 'show the exchanges, without secrets' },
  },
  run: (args) =>
    callApi(args, {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true,
      environment: process.env,
      enough: untilSignal(),
    }),
}

/** What the command has around it. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether a line of `err` can be rewritten in place. */
  readonly isTerminal: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Settles when the person has had enough. */
  readonly enough: Promise<void>
}

/** Resolves to the exit code. */
export async function callApi(args: Arguments, terminal: Terminal): Promise<number> {
  const action = actionOf(args)
  const dialect = dialectOf(args)
  demand(args, { action, dialect })
  const sink = listens(args, { action, dialect }) ? await openSinkAt(textOf(args, 'listen-at')) : undefined
  try {
    return await ask(args, { action, dialect, terminal, ...(sink && { sink }) })
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    terminal.err(`api: ${error.message}\n`)
    return NOT_ASKED
  } finally {
    await sink?.close()
  }
}

interface Called {
  readonly action: Action
  readonly dialect: ClientDialect
}

async function ask(args: Arguments, { action, dialect, terminal, sink }: Called & { terminal: Terminal; sink?: Sink }) {
  const send = createSend(args.flags['verbose'] === true ? (line) => terminal.err(`${line}\n`) : () => {})
  const base = `${(textOf(args, 'target') ?? 'http://127.0.0.1:9091').replace(/\/$/, '')}${dialect.basePath}`
  const configuration = await configurationUrl(send, base, textOf(args, 'issuer'))
  const correlator = textOf(args, 'correlator')
  const ending = await runAction(action, askedOf(args), {
    client: {
      ...{ base, dialect, send, token: createToken(send, configuration, credentialsOf(args, terminal.environment)) },
      ...(correlator !== undefined && { correlator }),
    },
    report: args.flags['json'] === true ? jsonReporter(terminal) : textReporter(terminal, action),
    ...(sink && { sink }),
    wait: args.flags['wait'] === true || args.flags['listen'] === true,
    timeoutMs: (numberOf(args, 'timeout') ?? 120) * 1000,
    enough: terminal.enough,
  })
  return ending === 'succeeded' ? 0 : 1
}

function actionOf({ positionals }: Arguments): Action {
  const [name, ...more] = positionals
  const action = actions.find((candidate) => candidate === name)
  if (!action || more.length > 0)
    throw new UsageError(
      `api: say one of ${actions.join(', ')}${name === undefined ? '' : `, not ${positionals.join(' ')}`}.`,
    )
  return action
}

function dialectOf(args: Arguments): ClientDialect {
  const id = textOf(args, 'dialect') ?? 'esim-management@0.1'
  const dialect = Object.hasOwn(clientDialects, id) ? clientDialects[id] : undefined
  if (!dialect)
    throw new UsageError(`api: no dialect is called ${id}; there are ${Object.keys(clientDialects).join(', ')}.`)
  return dialect
}

const subjects: readonly Need[] = ['eid', 'iccid', 'id']

/** Throws UsageError for what the dialect does not have, and for what it needs and was not said. */
function demand(args: Arguments, { action, dialect }: Called): void {
  const row = dialect.actions[action]
  const id = textOf(args, 'dialect') ?? 'esim-management@0.1'
  if (!row) throw new UsageError(`api: ${id} has no ${action}.`)
  for (const need of row.needs) if (textOf(args, need) === undefined) throw new UsageError(`api: --${need} is missing.`)
  if (row.needs.length === 0 && subjects.every((need) => textOf(args, need) === undefined))
    throw new UsageError(`api: --eid, --iccid${action === 'subscribe' ? ' or --id' : ''} is missing.`)
  const toSink = args.flags['listen'] === true || textOf(args, 'sink') !== undefined
  if (toSink && !dialect.tells(action)) throw new UsageError(`api: ${id} sends no events about ${action}.`)
  if (dialect.needsSink && dialect.tells(action) && !toSink && args.flags['wait'] !== true)
    throw new UsageError(`api: ${id} tells a sink; say --listen, or --sink URL.`)
}

/** Who waits in a dialect that cannot do without a sink listens, too. */
const listens = (args: Arguments, { action, dialect }: Called): boolean => {
  if (textOf(args, 'sink') !== undefined) return false
  return (
    args.flags['listen'] === true ||
    (dialect.needsSink === true && dialect.tells(action) && args.flags['wait'] === true)
  )
}

function openSinkAt(place = '127.0.0.1:0'): Promise<Sink> {
  const [, host, port] = /^\[?([^\]]+)\]?:([0-9]{1,5})$/.exec(place) ?? []
  if (host === undefined || Number(port) > 65_535) throw new UsageError(`api: ${place} is not HOST:PORT.`)
  return openSink(host, Number(port))
}

function askedOf(args: Arguments): Asked {
  const texts = {
    eid: textOf(args, 'eid'),
    iccid: textOf(args, 'iccid'),
    activationCode: textOf(args, 'activation-code'),
    id: textOf(args, 'id'),
    sink: textOf(args, 'sink'),
    sinkToken: textOf(args, 'sink-token'),
    expires: textOf(args, 'expires'),
    maxEvents: numberOf(args, 'max-events'),
  }
  return {
    ...(Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)) as Partial<Asked>),
    activate: args.flags['activate'] === true,
    initialEvent: args.flags['initial-event'] === true,
  }
}

/** Those of `up`, where nothing is said. */
function credentialsOf(args: Arguments, environment: Terminal['environment']) {
  const resource = textOf(args, 'resource')
  return {
    clientId: textOf(args, 'client-id') ?? environment['ESIM_API_CLIENT_ID'] ?? 'acme',
    clientSecret: textOf(args, 'client-secret') ?? environment['ESIM_API_CLIENT_SECRET'] ?? 'acme-test-secret',
    ...(resource !== undefined && { resource }),
  }
}

const jsonReporter = ({ out, err }: Terminal): Reporter => ({
  show: (_what, json) => out(`${JSON.stringify(json ?? null)}\n`),
  progress: () => {},
  outcome: (text) => err(`${text}\n`),
})

/** The progress line is rewritten in place on a terminal; elsewhere it would only be noise. */
const textReporter = ({ out, err, isTerminal }: Terminal, action: Action): Reporter => ({
  show(what, json) {
    const title = what === 'event' ? `event ${String((Object(json) as { type?: unknown }).type)}` : action
    out(`${title}\n${JSON.stringify(json ?? null, null, 2)}\n`)
  },
  progress(text) {
    if (isTerminal) err(`\r\u001b[K${text}`)
  },
  outcome: (text) => out(`${text}\n`),
})
