import {
  type AuthorizationOptions,
  exitCode,
  OptionsError,
  runConformance,
  runDefinitions,
} from '../../conformance/index.ts'
import { type Arguments, type Command, numberOf, textOf, UsageError } from '../command.ts'

/** The provider and what surrounds it. */
export const targetFlags: Command['flags'] = {
  target: { value: 'APIROOT', summary: 'API root of the provider, without the base path of the API' },
  dialect: { value: 'ID', summary: 'for example esim-management@0.1' },
  testbed: { value: 'URL', summary: 'the testbed whose cards know the truth; default http://127.0.0.1:8080' },
  'testbed-token': { value: 'TOKEN', summary: 'bearer token of its control API, if it wants one' },
  'sink-host': {
    value: 'ADDRESS',
    summary: 'where the provider reaches this machine with events; default 127.0.0.1',
  },
  ics: { value: 'FILE', summary: 'implementation conformance statement' },
  auth: { value: 'FILE', summary: 'YAML or JSON with issuer, client { id, secret }, otherClient { id, secret }' },
  issuer: { value: 'URL', summary: 'OpenID issuer, instead of --auth' },
  'client-id': { value: 'ID', summary: 'client of the tenant whose devices are leased' },
  'client-secret': { value: 'SECRET', summary: 'its secret' },
  'other-client-id': { value: 'ID', summary: 'client of another tenant' },
  'other-client-secret': { value: 'SECRET', summary: 'its secret' },
}

export const selectionFlags: Command['flags'] = {
  tags: { value: 'EXPR', summary: 'only scenarios with these tags, or one: @scenario:its-name' },
  requirement: {
    value: 'ID',
    summary: 'only checks of this requirement or group, e.g. enable/enables',
    multiple: true,
  },
  section: { value: 'TEXT', summary: 'only checks of requirements from this document or section', multiple: true },
}

const runFlags: Command['flags'] = {
  ...targetFlags,
  ...selectionFlags,
  report: { value: 'DIR', summary: 'folder for report.html, junit.xml, report.json (CTRF) and the badge' },
  parallel: { value: 'N', summary: 'scenarios at the same time' },
  seed: { value: 'N', summary: 'for everything random; also shuffles the scenarios' },
  'model-runs': { value: 'N', summary: 'random sequences of operations that are tried; default 3' },
  baseline: { value: 'FILE', summary: 'known failures: requirement, reason, expires; YAML or JSON' },
  features: { value: 'DIR', summary: 'test definitions of somebody else, instead of a dialect; with --openapi' },
  openapi: { value: 'FILE', summary: 'the OpenAPI document that they are about' },
  assets: {
    value: 'FILE',
    summary: 'without a testbed: devices of this environment, or values that a definition calls "a valid …"',
  },
  overrides: { value: 'FILE', summary: 'further known defects of definitions' },
  'min-checks': { value: 'N', summary: 'fewer executed checks than this are an error' },
}

const summary = 'Judges a provider of the API. Exit code 0: all passed; 1: a requirement failed; 2: it could not ask.'

async function run(args: Arguments): Promise<number> {
  const judging = textOf(args, 'features') === undefined ? ofDialect(args) : ofDefinitions(args)
  const { verdict, files } = await judging.catch(misunderstood)
  for (const file of files) process.stdout.write(`report ${file}\n`)
  return exitCode(verdict)
}

const surroundings = (args: Arguments) => ({
  target: required(args, 'target'),
  authorization: textOf(args, 'auth') ?? authorizationOf(args),
  ...given({
    testbedToken: textOf(args, 'testbed-token'),
    sinkHost: textOf(args, 'sink-host'),
    report: textOf(args, 'report'),
    parallel: numberOf(args, 'parallel'),
    seed: wholeOf(args, 'seed'),
    minChecks: wholeOf(args, 'min-checks'),
    tags: textOf(args, 'tags'),
  }),
  annotate: process.env['GITHUB_ACTIONS'] === 'true',
  terminal: process.stdout.isTTY === true,
  write: (text: string) => void process.stdout.write(text),
})

const ofDialect = async (args: Arguments) =>
  runConformance({
    ...surroundings(args),
    dialect: required(args, 'dialect'),
    ...(textOf(args, 'assets') === undefined ? { testbed: textOf(args, 'testbed') ?? 'http://127.0.0.1:8080' } : {}),
    ...given({
      assets: textOf(args, 'assets'),
      ics: textOf(args, 'ics'),
      baseline: textOf(args, 'baseline'),
      modelRuns: wholeOf(args, 'model-runs'),
    }),
    ...selectionOf(args),
  })

/** Without --testbed the values come from --assets alone. */
const ofDefinitions = async (args: Arguments) =>
  runDefinitions({
    ...surroundings(args),
    features: required(args, 'features'),
    openapi: required(args, 'openapi'),
    ...given({
      testbed: textOf(args, 'testbed'),
      assets: textOf(args, 'assets'),
      overrides: textOf(args, 'overrides'),
    }),
  })

export const conformanceCommand: Command = { name: 'conformance', summary, flags: runFlags, run }
export const conformanceRunCommand: Command = { ...conformanceCommand, name: 'conformance run' }

export function misunderstood(error: unknown): never {
  throw error instanceof OptionsError ? new UsageError(`conformance: ${error.message}`) : error
}

export function required(args: Arguments, name: string): string {
  const value = textOf(args, name)
  if (value === undefined) throw new UsageError(`conformance: --${name} is missing.`)
  return value
}

export function wholeOf(args: Arguments, name: string): number | undefined {
  const value = numberOf(args, name)
  if (value !== undefined && !(Number.isInteger(value) && value >= 0))
    throw new UsageError(`--${name} takes a whole number, not ${value}.`)
  return value
}

const textsOf = ({ flags }: Arguments, name: string): readonly string[] => {
  const value = flags[name]
  return Array.isArray(value) ? value.map(String) : []
}

export const selectionOf = (args: Arguments) => ({
  ...given({ tags: textOf(args, 'tags') }),
  requirements: textsOf(args, 'requirement'),
  sections: textsOf(args, 'section'),
})

type Given<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> }

/** Without the options that nobody gave. */
const given = <Options extends object>(options: Options): Given<Options> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<Options>

export function authorizationOf(args: Arguments): AuthorizationOptions {
  return {
    issuer: required(args, 'issuer'),
    client: { id: required(args, 'client-id'), secret: required(args, 'client-secret') },
    otherClient: { id: required(args, 'other-client-id'), secret: required(args, 'other-client-secret') },
  }
}
