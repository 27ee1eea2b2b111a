import { exitCode } from '../../conformance/index.ts'
import { newSigningKey } from '../../provider/index.ts'
import { type Command, textOf } from '../command.ts'
import { judge } from '../judge.ts'
import { untilSignal } from '../signal.ts'
import { startWorld } from '../world.ts'
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
    const tags = textOf(args, 'tags')
    const { verdict, files } = await judge(
      config,
      { doors: world.doors, keys },
      {
        report: textOf(args, 'report') ?? 'reports',
        write: (text) => process.stdout.write(text),
        ...(tags !== undefined && { tags }),
      },
    )
    for (const file of files) process.stdout.write(`report ${file}\n`)
    if (args.flags['exit'] !== true) {
      process.stdout.write(`\nEverything stays up; the console is at ${world.doors['console']}. Ctrl-C ends it.\n`)
      await untilSignal()
    }
    await world.close()
    return exitCode(verdict)
  },
}
