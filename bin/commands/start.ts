import { newSigningKey } from '../../provider/index.ts'
import { type Arguments, type Command, textOf } from '../command.ts'
import type { Judged } from '../judge.ts'
import { type JudgeApart, loadJudge } from '../judge-apart.ts'
import type { Judging } from '../judge-thread.ts'
import { provideApart } from '../provider-apart.ts'
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
    const apart = loadJudge()
    const { world, exitCode, files } = await judgedWorld(apart, { config, keys, wanted: wantedOf(args) }).finally(
      apart.end,
    )
    for (const file of files) process.stdout.write(`report ${file}\n`)
    if (args.flags['exit'] !== true) {
      process.stdout.write(`\nEverything stays up; the console is at ${world.doors['console']}. Ctrl-C ends it.\n`)
      await untilSignal()
    }
    await world.close()
    return exitCode
  },
}

const wantedOf = (args: Arguments) => {
  const tags = textOf(args, 'tags')
  return { report: textOf(args, 'report') ?? 'reports', ...(tags !== undefined && { tags }) }
}

async function judgedWorld(
  apart: JudgeApart,
  { config, keys, wanted }: Omit<Judging, 'judged'> & Pick<Judged, 'keys'>,
) {
  const world = await startWorld(config, keys, provideApart(config))
  process.stdout.write(`${doorTable(world)}\n`)
  const judged = { doors: world.doors, keys }
  const write = (text: string): void => void process.stdout.write(text)
  return { world, ...(await apart.judge({ config, judged, wanted }, write)) }
}
