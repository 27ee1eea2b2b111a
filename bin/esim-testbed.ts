import { usage } from './command.ts'
import { allCommands, commandsOf } from './commands/index.ts'
import { NOT_ASKED, runCommand } from './run.ts'

/** A name of two words goes before one of one. */
async function main([name = '--help', ...argv]: readonly string[]): Promise<number> {
  const commands = await commandsOf(name)
  const longer = commands.find((row) => row.name === `${name} ${argv[0]}`)
  if (longer) return runCommand(longer, argv.slice(1))
  const command = commands.find((row) => row.name === name)
  if (!command) {
    const text = `${(await allCommands()).map(usage).join('\n\n')}\n`
    const asked = name === '--help' || name === 'help'
    process[asked ? 'stdout' : 'stderr'].write(asked ? text : `esim-testbed: no command is called ${name}.\n\n${text}`)
    return asked ? 0 : NOT_ASKED
  }
  return runCommand(command, argv)
}

process.exitCode = await main(process.argv.slice(2))
