import { type ConformanceResult, completeIcs, exitCode, type Ics, runConformance } from '../../conformance/index.ts'
import type { Owner } from '../../emulator/testbed/index.ts'
import { newSigningKey } from '../../provider/index.ts'
import { type Command, textOf } from '../command.ts'
import { ConfigurationError } from '../config.ts'
import type { Config } from '../config-schema.ts'
import { untilSignal } from '../signal.ts'
import { type Keys, startWorld, type World } from '../world.ts'
import { configOf, doorTable, upFlags } from './up.ts'

/** What `npm start` runs. */
export const startCommand: Command = {
  name: 'start',
  summary: 'Starts everything, runs the conformance suite once against the reference provider, and stays up.',
  flags: {
    ...upFlags,
    exit: { summary: 'end after the run: 0 all passed, 1 a requirement failed, 2 it could not ask' },
    tags: { value: 'EXPR', summary: 'only scenarios with these tags' },
    report: { value: 'DIR', summary: 'folder for the reports; default reports' },
  },
  async run(args) {
    const config = configOf(args)
    const keys = { signingKey: newSigningKey() }
    const world = await startWorld(config, keys)
    process.stdout.write(`${doorTable(world)}\n`)
    const { verdict, files } = await judge(config, {
      world,
      keys,
      report: textOf(args, 'report') ?? 'reports',
      tags: textOf(args, 'tags'),
    })
    for (const file of files) process.stdout.write(`report ${file}\n`)
    if (args.flags['exit'] !== true) {
      process.stdout.write(`\nEverything stays up; the console is at ${world.doors['console']}. Ctrl-C ends it.\n`)
      await untilSignal()
    }
    await world.close()
    return exitCode(verdict)
  },
}

interface Judging {
  readonly world: World
  readonly keys: Keys
  readonly report: string
  readonly tags: string | undefined
}

function judge(
  { authorization, provider }: Config,
  { world: { doors }, keys, report, tags }: Judging,
): Promise<ConformanceResult> {
  const clientOf = (tenant: Owner) => {
    const row = authorization.clients.find((candidate) => candidate.tenant === tenant)
    if (!row) throw new ConfigurationError(`authorization.clients has no client of tenant ${tenant}.`)
    return { id: row.clientId, secret: row.clientSecret }
  }
  return runConformance({
    target: doors['provider'] ?? '',
    dialect: 'esim-management@0.1',
    testbed: doors['console'] ?? '',
    authorization: {
      issuer: doors['authorization'] ?? '',
      client: clientOf('acme'),
      otherClient: clientOf('globex'),
      ...keys,
    },
    ics: statementOf(provider),
    report,
    ...(tags === undefined ? {} : { tags }),
    write: (text) => process.stdout.write(text),
  })
}

/** What the reference provider declares is what it was configured to do. */
const statementOf = ({ events, stateConflicts, deleteEnabled, unknownIdentifier }: Config['provider']): Ics =>
  completeIcs({ readings: { events, stateConflicts, deleteEnabled, unknownIdentifier: `${unknownIdentifier}` } })
