import { type AuthorizationOptions, exitCode, OptionsError, runConformance } from '../../conformance/index.ts'
import { type Arguments, type Command, numberOf, textOf, UsageError } from '../command.ts'

export const conformanceCommand: Command = {
  name: 'conformance',
  summary: 'Judges a provider of the API. Exit code 0: all passed; 1: a requirement failed; 2: it could not ask.',
  flags: {
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
    tags: { value: 'EXPR', summary: 'only scenarios with these tags' },
    report: { value: 'DIR', summary: 'folder for report.json (CTRF) and junit.xml' },
    parallel: { value: 'N', summary: 'scenarios at the same time' },
  },
  async run(args) {
    const parallel = numberOf(args, 'parallel')
    const optional = {
      testbedToken: textOf(args, 'testbed-token'),
      sinkHost: textOf(args, 'sink-host'),
      ics: textOf(args, 'ics'),
      tags: textOf(args, 'tags'),
      report: textOf(args, 'report'),
      parallel,
    }
    const { verdict, files } = await runConformance({
      target: required(args, 'target'),
      dialect: required(args, 'dialect'),
      testbed: textOf(args, 'testbed') ?? 'http://127.0.0.1:8080',
      authorization: textOf(args, 'auth') ?? authorizationOf(args),
      ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
      write: (text) => process.stdout.write(text),
    }).catch(misunderstood)
    for (const file of files) process.stdout.write(`report ${file}\n`)
    return exitCode(verdict)
  },
}

function misunderstood(error: unknown): never {
  throw error instanceof OptionsError ? new UsageError(`conformance: ${error.message}`) : error
}

function required(args: Arguments, name: string): string {
  const value = textOf(args, name)
  if (value === undefined) throw new UsageError(`conformance: --${name} is missing.`)
  return value
}

function authorizationOf(args: Arguments): AuthorizationOptions {
  return {
    issuer: required(args, 'issuer'),
    client: { id: required(args, 'client-id'), secret: required(args, 'client-secret') },
    otherClient: { id: required(args, 'other-client-id'), secret: required(args, 'other-client-secret') },
  }
}
